"""VI-LayoutXLM with weights that the user brings, behind the interface that extraction uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from kie.importing import load_official_re, load_official_ser
from kie.network.model import OfficialRe, OfficialSer
from kie.ordering import order_tbyx
from kie.relations import ANSWER, HEADER, QUESTION
from kie.schema import FIELD_BIO, GENERIC_LABELS
from kie.ser import entity_of, union
from kie.tokenizer import XlmrTokenizer
from kie.types import Entity, IntBox, KiePage, PagePrediction, Relation
from kie.windows import merge_windows, split_windows
from structure.core.errors import ModelError
from structure.core.weights import refuse

FloatArray = NDArray[np.float32]

TOKENIZER_FILE = "sentencepiece.bpe.model"
WINDOW = 512

_TAGS = 7
_KIND = {"QUESTION": QUESTION, "ANSWER": ANSWER, "HEADER": HEADER}


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a page, in the order that the weights were trained with.

    Attributes:
        words: Of each line, indices into the words of the page.
        boxes: Of each line.
        pieces: Of all lines.
        owner: (P,) line of each piece.
    """

    words: list[list[int]]
    boxes: list[IntBox]
    pieces: NDArray[np.int64]
    owner: NDArray[np.int64]


class OfficialPredictor:
    """SER and, where its weights are given, RE as released; see `kie.types.Predictor`.

    A line is one entity, as in the original; it knows no fields. Unlike the original, pages longer
    than 512 pieces are read in windows, and a page with one key and one value is related too.

    Args:
        ser: The network for entities.
        re: The network for relations, or None.
        tokenizer: Of both.
        device: As PyTorch names it.
    """

    def __init__(
        self,
        ser: OfficialSer,
        re: OfficialRe | None,
        tokenizer: XlmrTokenizer,
        *,
        device: str = "cpu",
    ) -> None:
        self.ser = ser.to(device).eval()
        self.re = None if re is None else re.to(device).eval()
        self.tokenizer, self.device = tokenizer, device

    @classmethod
    def from_folder(cls, folder: Path, *, device: str = "cpu") -> OfficialPredictor:
        """Weights in a folder: those of SER, perhaps those of RE, and the tokenizer of XLM-R.

        Args:
            folder: Holds `sentencepiece.bpe.model` and one or two files `*.pdparams` or
                `*.safetensors`, also in folders of their own.
            device: As PyTorch names it.

        Raises:
            ModelError: one is missing or unreadable.
        """
        tokenizer = next(folder.rglob(TOKENIZER_FILE), None)
        if tokenizer is None:
            raise refuse(folder, f"no {TOKENIZER_FILE}", "lay it beside the weights")
        files = sorted(
            path for path in folder.rglob("*") if path.suffix in (".pdparams", ".safetensors")
        )
        ser: OfficialSer | None = None
        re: OfficialRe | None = None
        for path in files:
            try:
                ser = ser or load_official_ser(path)
            except ModelError as error:
                if "no classifier" not in str(error):
                    raise
                re = re or load_official_re(path)
        if ser is None:
            raise refuse(folder, "no weights of a SER model")
        if ser.classifier.out_features != _TAGS:
            raise refuse(folder, f"a SER model of {ser.classifier.out_features} classes, not 7")
        return cls(ser, re, XlmrTokenizer(tokenizer), device=device)

    @torch.inference_mode()
    def predict(self, page: KiePage) -> PagePrediction:
        """Entities and relations of one page; also of one without words."""
        count = len(page.words)
        fields = np.zeros((count, len(FIELD_BIO)), np.float32)
        fields[:, 0] = 1
        generic = np.zeros((count, _TAGS), np.float32)
        generic[:, 0] = 1
        lines = self._lines(page)
        if not len(lines.pieces):
            return PagePrediction(fields, generic)
        tags = self._tags(lines)
        for line, words in enumerate(lines.words):
            # A line has one label: its first word begins it, the others go on.
            for place, word in enumerate(words):
                generic[word] = 0
                generic[word, 0] = tags[line, 0]
                generic[word, (2 if place else 1) :: 2] = tags[line, 1:]
        sure = generic.max(axis=1)
        entities: list[Entity] = []
        members: list[int] = []
        for line, words in enumerate(lines.words):
            label = int(tags[line].argmax())
            if label and words:
                name = GENERIC_LABELS[label - 1]
                entities.append(entity_of(len(entities), name, words, page, sure))
                members.append(line)
        return PagePrediction(
            fields, generic, tuple(entities), tuple(self._relations(lines, entities, members))
        )

    def _lines(self, page: KiePage) -> _Lines:
        grouped: dict[int, list[int]] = {}
        for index, word in enumerate(page.words):
            grouped.setdefault(word.line_id, []).append(index)
        groups = list(grouped.values())
        boxes = [union([page.words[i].box for i in words]) for words in groups]
        # The threshold of the original is in pixels of the page.
        sx, sy = page.width / 1000, page.height / 1000
        order = order_tbyx(
            [(b[0] * sx, b[1] * sy, b[2] * sx, b[3] * sy) for b in boxes], mode="fixed"
        )
        pieces: list[int] = []
        owner: list[int] = []
        for line, index in enumerate(order):
            ids = self.tokenizer.encode(" ".join(page.words[i].text for i in groups[index]))
            pieces += ids
            owner += [line] * len(ids)
        return _Lines(
            [groups[i] for i in order],
            [boxes[i] for i in order],
            np.array(pieces, np.int64),
            np.array(owner, np.int64),
        )

    def _inputs(self, lines: _Lines, start: int, end: int) -> tuple[torch.Tensor, ...]:
        boxes = np.array(lines.boxes, np.int64)[lines.owner[start:end]]
        return (
            torch.tensor(lines.pieces[start:end], device=self.device)[None],
            torch.tensor(boxes, device=self.device)[None],
            torch.ones(1, end - start, dtype=torch.bool, device=self.device),
        )

    def _tags(self, lines: _Lines) -> FloatArray:
        """(lines, 4) share of the pieces of each line that are nothing, or of each label."""
        windows = split_windows(lines.owner.tolist(), WINDOW)
        parts = [self.ser(*self._inputs(lines, *w))[0].float().cpu().numpy() for w in windows]
        best = merge_windows(windows, parts, len(lines.pieces)).argmax(axis=1)
        votes = np.zeros((len(lines.words), 1 + len(GENERIC_LABELS)), np.float32)
        np.add.at(votes, (lines.owner, (best + 1) // 2), 1)
        votes[votes.sum(axis=1) == 0, 0] = 1
        return np.asarray(votes / votes.sum(axis=1, keepdims=True), np.float32)

    def _relations(
        self, lines: _Lines, entities: Sequence[Entity], members: Sequence[int]
    ) -> list[Relation]:
        """For each value the most probable key, scored in every window that holds both."""
        if self.re is None:
            return []
        first = np.searchsorted(lines.owner, members)
        kinds = np.array([_KIND[entity.label] for entity in entities], np.int64)
        best: dict[int, tuple[float, int]] = {}
        for start, end in split_windows(lines.owner.tolist(), WINDOW):
            inside = [e for e in range(len(entities)) if start <= first[e] < end]
            pairs = [
                (q, a)
                for q in range(len(inside))
                for a in range(len(inside))
                if kinds[inside[q]] == QUESTION and kinds[inside[a]] == ANSWER
            ]
            if not pairs:
                continue
            logits = self.re(
                *self._inputs(lines, start, end),
                torch.tensor(first[inside] - start, device=self.device),
                torch.tensor(kinds[inside], device=self.device),
                tuple(torch.tensor(side, device=self.device) for side in zip(*pairs, strict=True)),
            )
            sure = logits.float().softmax(dim=-1)[:, 1].cpu().tolist()
            for (q, a), score in zip(pairs, sure, strict=True):
                if score > 0.5:
                    tail = inside[a]
                    best[tail] = max(best.get(tail, (score, inside[q])), (score, inside[q]))
        return [Relation(head, tail, "key_value", score) for tail, (score, head) in best.items()]
