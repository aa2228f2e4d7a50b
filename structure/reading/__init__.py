"""Files to page images."""
