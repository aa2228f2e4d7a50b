"""SLANet: PP-LCNet, CSP-PAN and a recurrent head that writes a table as tokens with cell boxes.

Source: PP-StructureV2, arXiv 2210.05391, section 2.2. Attribute names are those of the original, so
that its state dicts line up entry by entry.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from structure.core.nn.csp_pan import CSPPAN
from structure.core.nn.pp_lcnet import PPLCNet
from table.vocabulary import CHINESE, MAX_TOKENS


@dataclass(frozen=True, slots=True)
class SLANetConfig:
    """What it takes to build the network.

    Attributes:
        classes: Size of the vocabulary; its first entry is the start, its last one the end.
        locations: Numbers per cell: 8 (x, y of four corners) or 4 (x0, y0, x1, y1).
        hidden: Units of the recurrent cell.
        channels: Channels of every map in the neck.
    """

    classes: int = len(CHINESE)
    locations: int = 8
    hidden: int = 256
    channels: int = 96

    def __post_init__(self) -> None:
        if self.locations not in (4, 8):
            raise ValueError(f"a cell has 4 or 8 location values, not {self.locations}")


class AttentionGRUCell(nn.Module):
    """One step: look at the features with the last state, then update the state."""

    def __init__(self, channels: int, hidden: int, classes: int) -> None:
        super().__init__()
        self.i2h = nn.Linear(channels, hidden, bias=False)
        self.h2h = nn.Linear(hidden, hidden)
        self.score = nn.Linear(hidden, 1, bias=False)
        self.rnn = nn.GRUCell(channels + classes, hidden)

    def forward(self, state: Tensor, features: Tensor, projected: Tensor, token: Tensor) -> Tensor:
        """The next state.

        Args:
            state: (B, hidden).
            features: (B, T, channels).
            projected: (B, T, hidden), `i2h` of the features; the same at every step.
            token: (B, classes) one-hot, the token before.

        Returns:
            (B, hidden).
        """
        energy = self.score(torch.tanh(projected + self.h2h(state)[:, None]))
        context = (energy.softmax(dim=1) * features).sum(dim=1)
        return self.rnn(torch.cat([context, token], dim=1), state)


class SLAHead(nn.Module):
    """Structure and location aligned: each token comes with the box of the cell it may open."""

    def __init__(self, config: SLANetConfig) -> None:
        super().__init__()
        hidden = config.hidden
        self.classes = config.classes
        self.structure_attention_cell = AttentionGRUCell(config.channels, hidden, config.classes)
        # Two linear layers without an activation between them, as in the original.
        self.structure_generator = nn.Sequential(
            nn.Linear(hidden, hidden), nn.Linear(hidden, config.classes)
        )
        self.loc_generator = nn.Sequential(
            nn.Linear(hidden, hidden), nn.Linear(hidden, config.locations)
        )

    def forward(
        self, features: Tensor, tokens: Tensor | None = None, max_tokens: int = MAX_TOKENS
    ) -> tuple[Tensor, Tensor]:
        """Write the table token by token.

        Args:
            features: (B, T, channels).
            tokens: (B, S) true token ids, the start first: step i is shown token i and predicts
                token i + 1 (teacher forcing). None: each step is shown the best token of the one
                before, until every table of the batch has ended.
            max_tokens: Longest sequence without `tokens`.

        Returns:
            Logits (B, S, classes) and locations (B, S, locations), 0 to 1 of the input's side.
        """
        cell = self.structure_attention_cell
        projected = cell.i2h(features)
        state = features.new_zeros(len(features), cell.h2h.in_features)
        shown = torch.zeros(len(features), dtype=torch.long, device=features.device)
        ended = torch.zeros_like(shown, dtype=torch.bool)
        states: list[Tensor] = []
        for step in range(max_tokens if tokens is None else tokens.shape[1]):
            if tokens is not None:
                shown = tokens[:, step]
            one_hot = nn.functional.one_hot(shown, self.classes).to(features)
            state = cell(state, features, projected, one_hot)
            states.append(state)
            if tokens is None:
                shown = self.structure_generator(state).argmax(dim=1)
                ended |= shown == self.classes - 1
                if bool(ended.all()):
                    break
        stacked = torch.stack(states, dim=1)
        return self.structure_generator(stacked), self.loc_generator(stacked).sigmoid()


class _Trunk(nn.Module):
    """Backbone and neck."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.backbone = PPLCNet()
        self.neck = CSPPAN(self.backbone.channels, channels)

    def encode(self, images: Tensor) -> Tensor:
        """(B, 3, S, S) -> (B, T, channels): the coarsest map, row by row; T = (S / 32) ** 2."""
        coarsest = self.neck(self.backbone(images))[-1]
        return coarsest.flatten(2).transpose(1, 2)


class TableEncoder(_Trunk):
    """The part of SLANet that sees the picture; what the CPU runtime is given."""

    def forward(self, images: Tensor) -> Tensor:
        """(B, 3, S, S) normalised BGR -> (B, T, channels)."""
        return self.encode(images)


class SLANet(_Trunk):
    """A table picture to structure tokens and cell boxes."""

    def __init__(self, config: SLANetConfig | None = None) -> None:
        config = config or SLANetConfig()
        super().__init__(config.channels)
        self.config = config
        self.head = SLAHead(config)

    def forward(self, images: Tensor, tokens: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(B, 3, S, S) normalised BGR -> logits (B, N, classes), locations (B, N, locations)."""
        return self.head(self.encode(images), tokens)
