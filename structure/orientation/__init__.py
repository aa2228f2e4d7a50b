"""Page orientation and skew."""
