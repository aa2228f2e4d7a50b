"""A page as it was read to an upright page with text lines: all that needs no layout."""

from structure.transcription.pages import (
    FindTurn,
    TextSource,
    Turn,
    Upright,
    read_text,
    set_upright,
)

__all__ = ["FindTurn", "TextSource", "Turn", "Upright", "read_text", "set_upright"]
