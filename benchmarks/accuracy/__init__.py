"""Accuracy of the parts, one module each."""
