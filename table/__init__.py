"""Table recognition: SLANet, matching of text to cells, HTML."""
