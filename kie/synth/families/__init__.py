"""The families of layouts, one module each."""
