"""Scans, photos and PDFs to editable documents."""
