"""Texts of words to piece ids: the project's own pieces, and those of XLM-R."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from kie.sentencepiece import CharacterMap, read_model
from kie.unigram import Unigram
from structure.core.weights import read_bytes, refuse

PAD, UNKNOWN, MASK = 0, 1, 2
"""First ids of the project's own pieces."""

SPECIAL = ("<pad>", "<unk>", "<mask>")

BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
"""Pieces for the UTF-8 bytes of characters that no other piece has."""

# Digits and marks stand alone, so that any number is a few known pieces.
_RUNS = re.compile(r"\d|[^\W\d_]+|[^\w\s]|_")

_SURROGATES = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"
_BLANK = "\u2581"


def clean(text: str) -> str:
    """`text` with U+FFFD in place of lone surrogates, which some PDF text layers hold."""
    return _SURROGATES.sub(_REPLACEMENT, text)


def runs(text: str) -> list[str]:
    """The parts of a word that are split on their own: letters together, all else one by one."""
    return _RUNS.findall(unicodedata.normalize("NFKC", clean(text)))


class WordTokenizer:
    """The project's own pieces: case kept, nothing unknown."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        if tuple(pieces[: len(SPECIAL)]) != SPECIAL:
            raise ValueError(f"the first pieces are not {SPECIAL}")
        known = dict(zip(pieces, range(len(pieces)), strict=True))
        if any(byte not in known for byte in BYTES):
            raise ValueError("a piece for every byte is needed")
        special = {*SPECIAL, *BYTES}
        self.size = len(pieces)
        self.bytes = tuple(known[byte] for byte in BYTES)
        self.model = Unigram(
            [piece if piece not in special else "" for piece in pieces], scores, UNKNOWN
        )

    @classmethod
    def read(cls, path: Path) -> WordTokenizer:
        """Read a `tokenizer.json` of the tokenizers library that holds a unigram model.

        Raises:
            ModelError: missing, damaged or of another kind.
        """
        try:
            model = json.loads(read_bytes(path))["model"]
            if model["type"] != "Unigram":
                raise ValueError(f"a model of type {model['type']}")
            pieces, scores = zip(*model["vocab"], strict=True)
            return cls(pieces, [float(score) for score in scores])
        except (ValueError, TypeError, KeyError) as error:
            raise refuse(path, f"not a tokenizer of this kind ({error})") from error

    def encode(self, word: str, limit: int) -> list[int]:
        """Ids of the pieces of one word; empty where it has no visible character.

        Args:
            word: A word as read.
            limit: Most pieces; of longer words the beginning and the end are kept.
        """
        ids: list[int] = []
        for run in runs(word[: 8 * limit]):
            for piece, start, end in self.model.split(run):
                if piece != UNKNOWN:
                    ids.append(piece)
                else:
                    ids += [self.bytes[byte] for byte in run[start:end].encode()]
        if len(ids) <= limit:
            return ids
        tail = limit // 3
        return ids[: limit - tail] + ids[-tail:]


class XlmrTokenizer:
    """The pieces of XLM-R, from its `sentencepiece.bpe.model`."""

    pad, unknown = 1, 3

    def __init__(self, path: Path) -> None:
        model = read_model(path)
        # Ids of the model are 0 <unk>, 1 <s>, 2 </s>; XLM-R's 0 <s>, 1 <pad>, 2 </s>, 3 <unk>.
        shifted = ["", "", "", "", *model.texts[3:]]
        self.model = Unigram(shifted, [0.0] * 4 + list(model.scores[3:]), self.unknown)
        self.size = len(shifted) + 1
        self.characters = CharacterMap(model.characters)

    def encode(self, text: str) -> list[int]:
        """Ids of the pieces of a line, without `<s>` and `</s>`."""
        words = self.characters.normalise(clean(text)).split()
        if not words:
            return []
        line = "".join(_BLANK + word for word in words)
        return [piece for piece, _, _ in self.model.split(line)]
