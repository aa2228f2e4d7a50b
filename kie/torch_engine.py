"""The network by PyTorch: on a GPU, and of every kind."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import torch
from numpy.typing import NDArray

from kie.inputs import EntityArrays, PageArrays
from kie.network.embeddings import Pieces
from kie.network.heads import Entities
from kie.network.model import KieNetwork
from structure.core.errors import ModelError, one_line

FloatArray = NDArray[np.float32]


class TorchEngine:
    """Runs the network on one page at a time; see `kie.engine.NumpyEngine`.

    Args:
        network: With its weights.
        device: As PyTorch names it.

    Raises:
        ModelError: there is no such device.
    """

    def __init__(self, network: KieNetwork, device: str = "cpu") -> None:
        try:
            self.network = network.to(device).eval()
        except (RuntimeError, AssertionError) as error:
            raise ModelError(
                f"the device {one_line(device, 20)} cannot be used ({one_line(str(error), 80)})",
                hint='try device="cpu"',
            ) from error
        self.config, self.device = network.config, device

    @torch.inference_mode()
    def run(self, page: PageArrays) -> tuple[FloatArray, ...]:
        """Logits of fields, tags and page types (per word, all alike), and the last states."""
        count = len(page.boxes)
        pieces = Pieces(*map(torch.tensor, (page.ids, page.word, page.place)))
        output = self.network(
            self.network.encoder.read(pieces.to(self.device), (1, count)),
            torch.tensor(page.boxes, device=self.device)[None],
            torch.ones(1, count, dtype=torch.bool, device=self.device),
            torch.tensor(page.features, device=self.device)[None],
        )
        kinds = output.page_type.expand(count, -1)
        found = (output.fields[0], output.generic[0], kinds, output.states[-1][0])
        return tuple(part.float().cpu().numpy() for part in found)

    @torch.inference_mode()
    def relate(self, states: FloatArray, entities: EntityArrays) -> FloatArray:
        """(P, 3) logits: none, key and value, same row."""
        given = Entities(*(torch.tensor(getattr(entities, f.name)) for f in fields(entities)))
        logits = self.network.relations(
            torch.tensor(states, device=self.device)[None], given.to(self.device)
        )
        return np.asarray(logits.float().cpu().numpy())
