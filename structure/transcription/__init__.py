"""A page as it was read to an upright page with text lines: all that needs no layout."""

from structure.transcription.pages import (
    FindTurn,
    TextSource,
    Turn,
    Upright,
    read_text,
    set_upright,
)
from structure.transcription.transcript import Readers, Transcript, load_readers, transcribe

__all__ = [
    "FindTurn",
    "Readers",
    "TextSource",
    "Transcript",
    "Turn",
    "Upright",
    "load_readers",
    "read_text",
    "set_upright",
    "transcribe",
]
