from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from kie import page_of
from kie.types import KiePage
from structure.core.analysis import TextLine
from structure.core.geometry import Box

Texts = Sequence[tuple[str, float, float]]


def lines_of(texts: Texts, scale: float = 1.0) -> list[TextLine]:
    """Lines of text at (x, y), 20 pixels high, 10 pixels a character."""
    return [
        TextLine(text, Box(x * scale, y * scale, (x + 10 * len(text)) * scale, (y + 20) * scale))
        for text, x, y in texts
    ]


@pytest.fixture(scope="session")
def page_from() -> Callable[..., KiePage]:
    """A page of 1000 x 1414 pixels from texts with their places."""

    def made(texts: Texts, scale: float = 1.0, number: int = 1) -> KiePage:
        return page_of(lines_of(texts, scale), 1000 * scale, 1414 * scale, number)

    return made


INVOICE = [
    ("Muster Bau GmbH", 80, 60),
    ("Am Kai 3", 80, 85),
    ("20457 Hamburg", 80, 110),
    ("Kunde:", 80, 200),
    ("Jansen & Co. KG", 80, 225),
    ("Ringweg 7", 80, 250),
    ("28195 Bremen", 80, 275),
    ("Rechnungsnummer", 600, 200),
    ("RE-2024-0815", 800, 200),
    ("Rechnungsdatum", 600, 225),
    ("05.03.2024", 800, 225),
    ("Fällig am", 600, 250),
    ("19.03.2024", 800, 250),
    ("Pos", 80, 400),
    ("Bezeichnung", 150, 400),
    ("Menge", 500, 400),
    ("Einzelpreis", 620, 400),
    ("Betrag", 840, 400),
    ("1", 80, 430),
    ("Zement 25 kg", 150, 430),
    ("10", 520, 430),
    ("8,50", 680, 430),
    ("85,00", 850, 430),
    ("2", 80, 460),
    ("Lieferung", 150, 460),
    ("1", 530, 460),
    ("15,00", 670, 460),
    ("15,00", 850, 460),
    ("Summe netto", 500, 560),
    ("100,00", 840, 560),
    ("zzgl. 19 % MwSt", 500, 590),
    ("19,00", 850, 590),
    ("Gesamtbetrag", 500, 620),
    ("119,00 EUR", 820, 620),
    ("IBAN: DE89 3704 0044 0532 0130 00", 80, 1300),
    ("USt-IdNr. DE136695976", 600, 1300),
]


@pytest.fixture(scope="session")
def invoice_texts() -> Texts:
    """A German invoice that adds up."""
    return INVOICE
