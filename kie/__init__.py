"""Key information extraction. Empty in this version; its place is kept for VI-LayoutXLM."""
