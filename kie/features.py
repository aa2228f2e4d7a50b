"""What rules see in the words of a page: flags that a network gets beside the words.

They hold for every language: a network learns when to trust them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from kie.folding import fold, squeeze
from kie.keys import Key, find_keys
from kie.types import Word
from kie.values.amounts import decimal_mark, find_amounts
from kie.values.codes import find_codes
from kie.values.currencies import CODES, SIGNS
from kie.values.dates import find_dates
from kie.values.months import MONTHS

FEATURES = (
    "has_digit",
    "all_digits",
    "money",
    "percent",
    "largest_amount",
    "repeated_amount",
    "date",
    "first_date",
    "month_name",
    "proven_code",
    "currency",
    "key",
    "beside_id_key",
    "beside_date_key",
    "beside_amount_key",
    "repeated_text",
)
"""Names of the columns."""

_COLUMN = {name: column for column, name in enumerate(FEATURES)}

_ID_KEYS = frozenset(
    ["invoice_number", "order_number", "delivery_note_number", "customer_number", "buyer_reference"]
)
_DATE_KEYS = frozenset(["invoice_date", "due_date", "delivery_date", "order_date"])
_AMOUNT_KEYS = frozenset(["total_net", "total_tax", "total_gross", "amount_due", "prepaid"])

_REACH_RIGHT, _REACH_DOWN = 450, 45
"""Thousandths of the page within which a value belongs to the key on its left, or above it."""


def word_features(words: Sequence[Word]) -> NDArray[np.bool_]:
    """Flags of the words of a page.

    Args:
        words: In reading order.

    Returns:
        (words, 16), columns as in `FEATURES`.
    """
    flags = np.zeros((len(words), len(FEATURES)), np.bool_)
    if not words:
        return flags
    texts = [fold(word.text).text for word in words]
    amounts: dict[int, list[Decimal]] = {}
    found = [list(find_amounts(text)) if any(c.isdigit() for c in text) else [] for text in texts]
    mark = decimal_mark(amount for several in found for amount in several)
    first_date = None
    for i, text in enumerate(texts):
        digits = sum(char.isdigit() for char in text)
        bare = text.strip("()[]:;,.")
        flags[i, _COLUMN["has_digit"]] = digits > 0
        flags[i, _COLUMN["all_digits"]] = bare.isdigit()
        flags[i, _COLUMN["currency"]] = bare in SIGNS or bare in CODES or text in SIGNS
        flags[i, _COLUMN["month_name"]] = squeeze(bare) in MONTHS
        if not digits:
            continue
        flags[i, _COLUMN["money"]] = any(a.is_money for a in found[i])
        flags[i, _COLUMN["percent"]] = any(a.percent for a in found[i])
        amounts[i] = [v for a in found[i] if a.is_money and (v := a.value(mark)) is not None]
        dates = find_dates(text)
        flags[i, _COLUMN["date"]] = bool(dates)
        if dates and first_date is None:
            first_date = i
            flags[i, _COLUMN["first_date"]] = True
        flags[i, _COLUMN["proven_code"]] = digits >= 8 and any(c.proven for c in find_codes(text))
    _mark_amounts(flags, amounts)
    _mark_keys(flags, words)
    counts = Counter(texts)
    flags[:, _COLUMN["repeated_text"]] = [counts[t] > 1 and len(t) > 2 for t in texts]
    return flags


def _mark_amounts(flags: NDArray[np.bool_], amounts: dict[int, list[Decimal]]) -> None:
    values = [abs(value) for several in amounts.values() for value in several]
    if not values:
        return
    largest, counts = max(values), Counter(values)
    for i, several in amounts.items():
        flags[i, _COLUMN["largest_amount"]] = any(abs(v) == largest for v in several)
        flags[i, _COLUMN["repeated_amount"]] = any(counts[abs(v)] > 1 for v in several)


def _mark_keys(flags: NDArray[np.bool_], words: Sequence[Word]) -> None:
    boxes = np.array([word.box for word in words], np.float64)
    x0, y0, x1, y1 = boxes.T
    middle = (y0 + y1) / 2
    for key in find_keys(words):
        flags[key.start : key.end, _COLUMN["key"]] = True
        columns = _columns(key)
        if not columns:
            continue
        own = boxes[key.start : key.end]
        left, top = own[0, 0], own[:, 1].min()
        right, bottom = own[:, 2].max(), own[:, 3].max()
        beside = (middle >= top) & (middle <= bottom) & (x0 >= right - 2)
        beside &= x0 - right <= _REACH_RIGHT
        below = (y0 >= bottom - 3) & (y0 - bottom <= _REACH_DOWN) & (x1 >= left) & (x0 <= right)
        near = (beside | below) & flags[:, _COLUMN["has_digit"]]
        for column in columns:
            flags[near, column] = True


def _columns(key: Key) -> list[int]:
    kinds = (
        ("beside_id_key", _ID_KEYS),
        ("beside_date_key", _DATE_KEYS),
        ("beside_amount_key", _AMOUNT_KEYS),
    )
    return [_COLUMN[name] for name, fields in kinds if not fields.isdisjoint(key.names)]
