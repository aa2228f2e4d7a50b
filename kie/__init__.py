"""Key information extraction: VI-LayoutXLM."""
