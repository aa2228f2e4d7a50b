"""What a value needs besides a high score before it goes without a look.

Scores are fitted on few documents of few kinds; sources that nobody saw are where they fail. A
value is therefore accepted only where something on the page speaks for it that does not depend on
the source: a check digit, a sum, a key that means this field and no other, or that no other such
value stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from kie.decoding_totals import Totals
from kie.evidence import Anchor
from kie.folding import squeeze
from kie.keys import WEAK
from kie.options import Option, Pool, same_value
from kie.schema import BY_NAME

KEYED = 0.4
"""Strength of a key that stands right beside its value and means its field."""

RIVAL = 0.6
"""Share of the strength of a chosen date or number from which another one is a rival."""

SHORT = 2
"""Letters of a key that may belong to the number behind it."""

CLEAR = 0.9
"""Confidence of reading from which digits that nothing proves are believed."""

_TOTALS = ("total_net", "total_tax", "total_gross")
_UNPROVABLE = frozenset(
    {
        "seller_tax_number",
        "card_tail",
        "discount",
        "charge",
        "shipping",
        "tip",
        "prepaid",
        "period_start",
        "period_end",
    }
)
"""Fields with too little evidence, or with too many things like them."""


def proven(pool: Pool, name: str, option: Option, totals: Totals, reading: float) -> bool:
    """Whether a chosen value may be accepted.

    Args:
        pool: Of the document.
        name: Field.
        option: What was chosen for it.
        totals: The amounts of the document.
        reading: Least confidence with which a word of the value was read, 0 to 1.
    """
    if name in _UNPROVABLE:
        return False
    code = option.best
    if code.proven:
        return True
    if name in ("iban", "buyer_tax_id", "seller_tax_id"):
        return name != "iban" and code.kind == "vat" and option.keyed > KEYED and reading >= CLEAR
    if name in _TOTALS:
        return _total(pool, name, option, totals)
    if reading < CLEAR:
        return False
    if name in ("seller_email", "seller_web"):
        return option.count > 1 or _confirmed(pool, option)
    if name == "seller_phone":
        # No check digit, and several ways to write it: only a second print proves a first one.
        return option.count > 1 and option.keyed > KEYED and not _rivals(pool, name, option)
    if name == "time":
        return len({same_value(c) for c in pool.all_of(["time"])}) == 1
    kind = BY_NAME[name].kind if name in BY_NAME else ""
    if kind == "date":
        return _date(pool, name, option)
    if kind == "id":
        clear = option.keyed > KEYED and not _rivals(pool, name, option)
        # "Number" may be that of anything.
        clear = clear and pool.key_strength(name, option.best) > WEAK
        return clear and _key_letters(pool, name, option) > SHORT and _whole(pool, option)
    return option.keyed > KEYED


def _total(pool: Pool, name: str, option: Option, totals: Totals) -> bool:
    """Net and tax need a sum with a tax that has a key; a commission makes a sum as well."""
    tax = totals.chosen.get("total_tax")
    adds_up = totals.adds_up and tax is not None and tax.keyed > KEYED / 2
    if adds_up:
        return True
    if name != "total_gross":
        return False
    values = [c.value for c in pool.all_of(["amount"]) if c.money]
    amounts = [abs(v) for v in values if isinstance(v, Decimal)]
    own = option.best.value
    seen = sum(v == own for v in amounts)
    return option.keyed > KEYED and (own == max(amounts, default=own) or seen > 1)


def _date(pool: Pool, name: str, option: Option) -> bool:
    """A key of its own that no other date shares; or the only date of a document."""
    if option.best.doubtful:
        return False
    others = {same_value(c) for c in pool.all_of(["date"])} - {same_value(option.best)}
    if option.keyed > KEYED:
        return not _rivals(pool, name, option)
    return name == "invoice_date" and not others


def _rivals(pool: Pool, name: str, option: Option) -> bool:
    """Whether another value has nearly as good a key, or this one a better key of other fields."""
    if any(o.keyed > RIVAL * option.keyed for o in pool.options(name) if o is not option):
        return True
    return any(
        strength > option.keyed
        for strengths, _ in _meanings(pool, option)
        for field, strength in strengths.items()
        if field != name
    )


def _meanings(
    pool: Pool, option: Option
) -> Iterator[tuple[Mapping[str, float], Mapping[str, Anchor]]]:
    """What keys say of the place of a value: strengths and keys by field."""
    own = option.best
    for candidates, evidence in zip(pool.candidates, pool.evidence, strict=True):
        for at, candidate in enumerate(candidates):
            if candidate.words == own.words and candidate.page == own.page:
                yield evidence.strengths[at], evidence.anchors[at]


def _key_letters(pool: Pool, name: str, option: Option) -> int:
    """Letters of the key that speaks for a value: "PO 3513" may be a number of its own."""
    words = {page.page.number: page.page.words for page in pool.pages}[option.best.page]
    return max(
        (
            sum(len(squeeze(words[w].text)) for w in anchors[name].words)
            for _, anchors in _meanings(pool, option)
            if name in anchors
        ),
        default=0,
    )


def _whole(pool: Pool, option: Option) -> bool:
    """Whether no further group of digits follows in the line, which might belong to a number."""
    own = option.best
    page = next(p for p in pool.pages if p.page.number == own.page)
    words = page.page.words
    after = own.words[-1] + 1
    if after >= len(words) or words[after].line_id != own.line:
        return True
    dates = {w for c in pool.all_of(["date"]) if c.page == own.page for w in c.words}
    return after in dates or not any(char.isdigit() for char in words[after].text)


def _confirmed(pool: Pool, option: Option) -> bool:
    """Whether a site and a mail server, or a name on the page, spell the domain alike."""
    host = str(option.best.value).lower().rpartition("@")[2]
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", host).partition("/")[0]
    domain = squeeze(host.rpartition(".")[0])
    if len(domain) < 4:
        return False
    others = [c for c in pool.all_of(["email", "web"]) if c.words != option.best.words]
    if any(domain in squeeze(str(c.value)) for c in others):
        return True
    lines = [line.text for page in pool.pages for line in page.page.lines]
    return any(domain in squeeze(text) for text in lines if "@" not in text and "." not in text)
