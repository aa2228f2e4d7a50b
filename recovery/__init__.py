"""Layout restoration: from page analyses to a document, and from the document to files."""
