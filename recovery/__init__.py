"""Layout restoration: from what was found on the pages to a document, and from the document to files."""
