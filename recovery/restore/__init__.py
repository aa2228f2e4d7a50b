"""From page analyses to a document."""
