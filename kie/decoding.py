"""From candidates and what speaks for them to one value per field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from kie.candidates import Candidate
from kie.keys import WEAK
from kie.options import Option, Pool, range_end, same_value, share_of_page

LOWEST = 0.2
"""Score under which a value is not worth showing."""

FOOT = 0.75
"""Share of the page from which its foot begins."""

CLAIMED = 0.45
"""What it costs a date or number that a key says it is something else, by the key's strength."""

VAGUE, PLAINLY = 0.3, 0.3
"""What it costs a value that its key is a vague one ("Date"), where one this strong is not."""

CREDIT = 0.3
"""What it is worth for a number that its key names a credit note, and costs if it is another's."""

DATED = 0.75
"""Strength of a key that makes a number of what looks like a date."""

ALONE, TWICE = 0.5, 0.2
"""Strength of a key with which a value may serve a second field; less where it stands there twice.
"""

_CREDIT = re.compile(
    r"\W*(?:gutschrift|rechnungskorrektur|korrektur|storno|credit|avoir|abono|nota\sde\scr[eé]dito|"
    r"nota\sdi\scredito|factura\srectificativa|creditnota|creditfactuur|faktura\skoryg|nota\skoryg|"
    r"korekta|dobropis|kredit|hyvityslasku|iade\sfatura|\w+\s(?:d.avoir|avoir))",
    re.IGNORECASE,
)

PLACED = 0.3
"""What it is worth for a date to stand behind the name of a place, as over a letter."""

_PLACE = re.compile(
    r"[^\W\d_][^\d,:]{1,40},(?:\s(?:den|am|le|li|the|dne|dnia|d\.|de|a))?", re.IGNORECASE
)

_AMERICAN_PHONE = re.compile(r"(?:1[-. ]?)?(?:\(\d{3}\)\s?|\d{3}[-. /])\d{3}[-. ]?\d{4}")

_IDS = (
    "invoice_number",
    "order_number",
    "delivery_note_number",
    "customer_number",
    "buyer_reference",
    "card_tail",
)
_DATES = ("invoice_date", "due_date", "delivery_date", "order_date", "period_start", "period_end")
_CODES = (
    "iban",
    "bic",
    "seller_tax_id",
    "buyer_tax_id",
    "seller_tax_number",
    "seller_phone",
    "seller_email",
    "seller_web",
)
_OTHER_AMOUNTS = ("discount", "charge", "shipping", "tendered", "change", "tip")


def choose_scalars(pool: Pool, names: Iterable[str]) -> dict[str, Option]:
    """A value for each of the fields that are not totals or texts, as far as there is one."""
    wanted = set(names)
    chosen: dict[str, Option] = {}
    for family, prior in (
        (_DATES, _date_prior(pool)),
        (_IDS, _id_prior(pool)),
        (_CODES, _code_prior(pool, is_receipt="tendered" in wanted and "iban" not in wanted)),
        (_OTHER_AMOUNTS, lambda name, option: 0.0 if option.best.money else -2.0),
        (("time",), _time_prior(pool)),
    ):
        chosen |= _assigned(pool, [n for n in family if n in wanted], prior)
    if {"period_start", "period_end"} & wanted:
        chosen |= {n: o for n, o in _period(pool).items() if n in wanted and n not in chosen}
    return chosen


def _period(pool: Pool) -> dict[str, Option]:
    """Both ends of a period that one key announces."""
    for option in pool.options("_period"):
        end = range_end(pool, option.best) if option.keyed > LOWEST else None
        if end is not None:
            return {
                "period_start": option,
                "period_end": Option(end, option.keyed, option.modelled),
            }
    return {}


def _assigned(
    pool: Pool, names: Iterable[str], prior: Callable[[str, Option], float]
) -> dict[str, Option]:
    """Greedy from the best: one value per field, one field per place."""
    pairs: list[tuple[float, str, Option]] = []
    for name in names:
        for option in pool.options(name):
            option.prior = prior(name, option)
            if option.score >= LOWEST and option.prior > -1:
                pairs.append((option.score, name, option))
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2].best.page, pair[2].best.words))
    chosen: dict[str, Option] = {}
    used: dict[object, str] = {}
    for _, name, option in pairs:
        value = same_value(option.best)
        if name in chosen:
            continue
        # A value serves two fields only where each has a key of its own for it.
        own = TWICE if option.count > 1 else ALONE
        if value in used and (option.keyed < own or used[value] == _same_place(option.best)):
            continue
        chosen[name] = option
        used.setdefault(value, _same_place(option.best))
    return chosen


def _same_place(candidate: Candidate) -> str:
    return f"{candidate.page}:{candidate.words}"


def _id_prior(pool: Pool) -> Callable[[str, Option], float]:
    vague = _plainly(pool, "invoice_number")
    credited = _credited(pool)
    dates = {_same_place(c) for c in pool.all_of(["date"])}

    def prior(name: str, option: Option) -> float:
        text = str(option.best.value)
        page, down = share_of_page(pool, option.best)
        digits = sum(char.isdigit() for char in text)
        bonus = 0.06 * (page == 0) + 0.04 * (down < 0.5)
        if name == "invoice_number":
            bonus += 0.15 * _in_title(pool, option.best) - vague(option)
            bonus += CREDIT * credited(option)
        if _is_type_code(pool, option.best):
            return -2.0
        if len(text) < 3:
            bonus -= 0.5
        elif digits < 2:
            bonus -= 0.35
        if name == "card_tail":
            return 0.5
        bonus -= CLAIMED * max(0.0, pool.claimed(name, option.best) - option.keyed)
        if name == "customer_number" and down > FOOT:
            bonus -= 0.3  # the account of a bank
        if option.keyed + (option.modelled or 0.0) < 0.1:
            return -2.0
        if _same_place(option.best) in dates and option.keyed < DATED:
            return -2.0
        return bonus

    return prior


def _is_type_code(pool: Pool, candidate: Candidate) -> bool:
    """Whether it is the code of a kind of document, as in "Handelsrechnung (380) Nr. 4711"."""
    index, _ = share_of_page(pool, candidate)
    text = pool.pages[index].page.lines[candidate.line].text
    return len(candidate.raw) == 3 and f"({candidate.raw})" in text


def _in_title(pool: Pool, candidate: Candidate) -> bool:
    """Whether it is printed larger than the text."""
    index, _ = share_of_page(pool, candidate)
    return candidate.box.height > 1.3 * pool.pages[index].line_height


def _date_prior(pool: Pool) -> Callable[[str, Option], float]:
    dates = pool.all_of(["date"])
    first = same_value(dates[0]) if dates else None
    distinct = {same_value(c) for c in dates}
    numbers = [o.best for o in pool.options("invoice_number")[:1] if o.keyed > 0.5]
    # "Invoice no. 4711 of 3 May"
    numbered = {(c.page, c.line) for c in numbers}
    vague = _plainly(pool, "invoice_date")

    def prior(name: str, option: Option) -> float:
        if name != "invoice_date":
            known = option.keyed + (option.modelled or 0.0) >= 0.12
            return 0.0 if known else -2.0
        page, down = share_of_page(pool, option.best)
        bonus = 0.06 * (page == 0) + 0.05 * (down < 0.4)
        if (option.best.page, option.best.line) in numbered:
            bonus += 0.35
        if same_value(option.best) == first:
            bonus += 0.12
        if len(distinct) == 1:
            bonus += 0.15
        bonus -= CLAIMED * max(0.0, pool.claimed(name, option.best) - option.keyed)
        bonus -= vague(option)
        bonus += PLACED * _after_place(pool, option.best)
        value = option.best.value
        if isinstance(value, date) and not 1990 <= value.year <= 2045:
            bonus -= 0.3
        return bonus

    return prior


def _plainly(pool: Pool, name: str) -> Callable[[Option], float]:
    """What it costs a value that its key is a vague one, where another has a plain one."""
    plain = any(
        option.keyed > PLAINLY and pool.key_strength(name, option.best) > WEAK
        for option in pool.options(name)
    )

    def cost(option: Option) -> float:
        return VAGUE * (plain and pool.key_strength(name, option.best) <= WEAK)

    return cost


def _credited(pool: Pool) -> Callable[[Option], int]:
    """Which number is that of a credit note, and which that of the invoice that it corrects."""
    titles = {
        (page.page.number, line)
        for page in pool.pages[:1]
        for line, words in enumerate(page.words_of)
        if len(words) <= 6 and _CREDIT.match(page.page.lines[line].text)
    }
    dates = {(c.page, c.line): c.words[0] for c in pool.all_of(["date"])}

    def vote(option: Option) -> int:
        best = option.best
        page, _ = share_of_page(pool, best)
        key = pool.key_words("invoice_number", best)
        words = pool.pages[page].page.words
        if key and _CREDIT.match(" ".join(words[w].text for w in key)):
            return 1
        dated = dates.get((best.page, best.line), -1) > best.words[-1]
        return -1 if titles and dated and (best.page, best.line) not in titles else 0

    return vote


def _after_place(pool: Pool, candidate: Candidate) -> bool:
    """Whether a date ends a line that begins with a place: "Bonn, den 3. Mai 2024"."""
    index, down = share_of_page(pool, candidate)
    page = pool.pages[index]
    if candidate.words[-1] != page.words_of[candidate.line][-1] or down > FOOT:
        return False
    words = [w for w in page.words_of[candidate.line] if w < candidate.words[0]]
    return _PLACE.fullmatch(" ".join(page.page.words[w].text for w in words)) is not None


def _code_prior(pool: Pool, *, is_receipt: bool) -> Callable[[str, Option], float]:
    def prior(name: str, option: Option) -> float:
        code = option.best
        known = option.keyed + (option.modelled or 0.0)
        if name == "iban":
            return 0.8 if code.proven else 0.1 if known > 0.2 else -2.0
        if name == "bic":
            return 0.0 if known > 0.1 else -2.0
        if name in ("seller_tax_id", "buyer_tax_id"):
            if code.kind == "vat":
                return (0.45 if code.proven else 0.3) if name == "seller_tax_id" else 0.1
            digits = sum(char.isdigit() for char in str(code.value))
            return 0.0 if known > 0.3 and digits >= 7 else -2.0
        if name == "seller_tax_number":
            digits = sum(char.isdigit() for char in str(code.value))
            return 0.1 if known > 0.2 and digits >= 6 else -2.0
        if name == "seller_phone":
            _, down = share_of_page(pool, option.best)
            if known <= 0.1:
                # Receipts print it at their head without a word.
                return 0.45 - 0.24 * down if is_receipt and _like_a_phone(option.best) else -2.0
            return 0.05
        if name == "seller_email":
            return 0.4
        return 0.35 if name == "seller_web" else 0.0

    return prior


def _like_a_phone(candidate: Candidate) -> bool:
    """Whether a number is grouped as phone numbers are, and as long."""
    text = candidate.raw.strip()
    digits = sum(char.isdigit() for char in text)
    begins = text[:1] in "+0(" or _AMERICAN_PHONE.fullmatch(text) is not None
    return 8 <= digits <= 13 and begins and any(char in "+-()/. " for char in text)


def _time_prior(pool: Pool) -> Callable[[str, Option], float]:
    dates = {(c.page, c.line) for c in pool.all_of(["date"])}

    def prior(name: str, option: Option) -> float:
        return 0.5 if (option.best.page, option.best.line) in dates else 0.25

    return prior
