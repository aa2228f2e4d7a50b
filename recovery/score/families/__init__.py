"""Generators of documents, each a function from a seed to a manuscript."""
