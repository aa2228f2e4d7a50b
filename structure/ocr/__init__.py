"""Text lines of a page."""
