"""Chosen values to results: types, places, confidence, warnings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from kie.candidates import Conventions
from kie.confidence import ACCEPT, CURVES, UNPROVEN, VIOLATED, confidence
from kie.custom import CustomField, python_value
from kie.decoding import choose_scalars
from kie.decoding_totals import TOLERANCE, Totals, choose_totals
from kie.folding import squeeze
from kie.line_items import find_items
from kie.model_spans import spans_of
from kie.options import Option, Pool, reading_of
from kie.parties import Party, find_parties
from kie.proof import proven
from kie.receipts import receipt_seller
from kie.schema import BY_NAME, PAGE_TYPES
from kie.types import FieldValue, LineItem
from structure.core.analysis import Notice
from structure.core.geometry import Box

ADDS_UP_BONUS = 1.0
"""Added to the score of net, tax and gross that add up, for their confidence."""

BY_CHANCE_BONUS, KEYED = 0.2, 0.25
"""The same where fewer than two of them have a key of this strength: sums may meet by chance."""

_MODEL_TEXTS = ("payment_terms", "payment_method")

_TITLES = {
    "credit_note": (
        "credit note", "credit memo", "gutschrift", "rechnungskorrektur", "stornorechnung", "avoir",
        "facture avoir", "nota de credito", "abono", "nota di credito", "creditnota",
        "faktura korygujaca", "dobropis", "kreditnota", "kreditfaktura", "hyvityslasku",
        "iade faturasi", "storno",
    ),
    "receipt": ("receipt", "quittung", "kassenbon", "recu", "ticket", "scontrino", "kvitto"),
    "order": ("purchase order", "bestellung", "order confirmation", "auftragsbestatigung",
              "bon de commande", "commande", "pedido", "ordine"),
    "delivery_note": ("delivery note", "lieferschein", "bon de livraison", "albaran", "pakbon"),
    "invoice": (
        "invoice", "tax invoice", "rechnung", "facture", "factura", "fattura", "fatura", "factuur",
        "faktura", "faktura vat", "lasku", "szamla", "handelsrechnung", "warenrechnung", "bill",
        "racun", "发票", "請求書", "세금계산서",
    ),
}  # fmt: skip


def assemble(
    pool: Pool, names: Sequence[str], conventions: Conventions
) -> tuple[dict[str, FieldValue], tuple[LineItem, ...], tuple[Notice, ...]]:
    """All fields of one document, its line items, and what does not fit together."""
    totals = choose_totals(pool)
    chosen = choose_scalars(pool, names)
    fields: dict[str, FieldValue] = {}
    for name, option in {**chosen, **totals.chosen}.items():
        if name not in names:
            continue
        kind = BY_NAME[name].kind
        reading = reading_of(pool, option.best)
        score = confidence(
            kind if kind in CURVES else "id",
            _boosted(name, option, totals),
            _runner_up(pool, name, option),
            reading,
        )
        if not proven(pool, name, option, totals, reading):
            score = min(score, UNPROVEN)
        fields[name] = _field(name, option, score)
    parties = find_parties(pool)
    if _is_receipt(names) and (seller := receipt_seller(pool)) is not None:
        parties["seller_name"] = seller
    for name, party in parties.items():
        if name in names:
            fields |= {k: v for k, v in _party(pool, name, party).items() if k in names}
    for name in _MODEL_TEXTS:
        if name in names and (text := _model_text(pool, name)) is not None:
            fields[name] = text
    if "document_type" in names and (title := _document_type(pool)) is not None:
        fields["document_type"] = title
    fields |= _currency(names, fields, conventions)
    fields, warnings = _checked(fields, totals.adds_up)
    items = tuple(find_items(pool.pages, conventions)) if "buyer_name" in names else ()
    ordered = {name: fields[name] for name in names if name in fields}
    return ordered, items, tuple(warnings)


def _is_receipt(names: Sequence[str]) -> bool:
    return "tendered" in names and "buyer_name" not in names


def assemble_custom(
    pool: Pool, custom: Sequence[CustomField], found: Mapping[str, tuple[Option, float]]
) -> dict[str, FieldValue]:
    """Fields of the caller's own."""
    fields = {}
    for field in custom:
        if field.name not in found:
            continue
        option, runner_up = found[field.name]
        score = confidence("custom", option, runner_up, reading_of(pool, option.best))
        value = _field(field.name, option, score)
        fields[field.name] = replace(value, value=python_value(field, option.best))
    return fields


def _boosted(name: str, option: Option, totals: Totals) -> Option:
    """With what a sum proves: much where two of its parts have keys, little otherwise."""
    parts = [totals.chosen.get(part) for part in ("total_net", "total_tax", "total_gross")]
    if not totals.adds_up or name not in ("total_net", "total_tax", "total_gross"):
        return option
    named = sum(p is not None and p.keyed + (p.modelled or 0.0) > KEYED for p in parts)
    bonus = ADDS_UP_BONUS if named >= 2 else BY_CHANCE_BONUS
    return replace(option, prior=option.prior + bonus)


def _runner_up(pool: Pool, name: str, option: Option) -> float:
    others = [o.sureness for o in pool.options(name) if o is not option]
    return max(others, default=0.0)


def _field(name: str, option: Option, score: float) -> FieldValue:
    best = option.best
    source = "model" if (option.modelled or 0.0) > option.keyed else "rule"
    return FieldValue(
        name,
        best.raw,
        best.value,
        best.currency if isinstance(best.value, Decimal) else None,
        round(score, 4),
        score >= ACCEPT,
        best.page,
        (best.box,),
        "model" if source == "model" else "rule",
    )


def _party(pool: Pool, name: str, party: Party) -> dict[str, FieldValue]:
    page = pool.pages[party.page]
    raw = " ".join(page.page.words[w].text for w in party.name)
    score = round(CURVES["text"](party.score, 0.0), 4)
    number = page.page.number
    box = (page.box_of(party.name),)
    found = {
        name: FieldValue(
            name,
            raw,
            (party.name_text or raw).strip(" ,;:"),
            None,
            score,
            score >= ACCEPT,
            number,
            box,
        )
    }
    lines = [words for words in party.address if words]
    if lines:
        texts = [" ".join(page.page.words[w].text for w in words).strip(" ,") for words in lines]
        address = name.replace("_name", "_address")
        boxes: tuple[Box, ...] = tuple(page.box_of(words) for words in lines)
        sure = round(score * 0.8, 4)
        found[address] = FieldValue(
            address, "\n".join(texts), ", ".join(texts), None, sure, sure >= ACCEPT, number, boxes
        )
    return found


def _model_text(pool: Pool, name: str) -> FieldValue | None:
    """A text that only the network finds: its surest run of words, with the lines that go on."""
    spans = spans_of(pool, name)
    if not spans:
        return None
    best = max(spans, key=lambda span: (span.probability * len(span.words), -span.page))
    page = pool.pages[best.page]
    raw = " ".join(page.page.words[w].text for w in best.words)
    score = round(min(best.probability, 0.89), 4)
    box = (page.box_of(best.words),)
    return FieldValue(name, raw, raw, None, score, False, page.page.number, box, "model")


def _document_type(pool: Pool) -> FieldValue | None:
    """By the network where it is sure, else by the largest title on the first page."""
    if pool.predictions and pool.predictions[0].page_type:
        kinds = pool.predictions[0].page_type
        best = max(PAGE_TYPES, key=lambda kind: kinds.get(kind, 0.0))
        if kinds.get(best, 0.0) > 0.9 and best in _TITLES:
            return FieldValue("document_type", "", best, None, round(kinds[best], 4), False,
                              pool.pages[0].page.number, (), "model")  # fmt: skip
    found: list[tuple[float, FieldValue]] = []
    for index, page in enumerate(pool.pages[:1]):
        height = max(page.page.height, 1.0)
        for line, words in enumerate(page.words_of):
            text = page.page.lines[line].text
            if not words or len(words) > 6 or page.page.lines[line].box.y0 > 0.6 * height:
                continue
            spelled = squeeze(text)
            heads = {squeeze("".join(text.split()[:k])) for k in (1, 2, 3)}
            for kind, titles in _TITLES.items():
                whole = any(spelled.rstrip("0123456789") == squeeze(t) for t in titles)
                begins = any(squeeze(t) in heads for t in titles) and len(words) <= 4
                if whole or begins:
                    size = page.page.lines[line].box.height / page.line_height
                    score = size + 0.5 * whole
                    box = (page.box_of(words),)
                    value = FieldValue("document_type", text, kind, None, 0.9, True,
                                       page.page.number, box)  # fmt: skip
                    found.append((score - index, value))
    return max(found, key=lambda f: f[0])[1] if found else None


def _currency(
    names: Sequence[str], fields: Mapping[str, FieldValue], conventions: Conventions
) -> dict[str, FieldValue]:
    if "currency" not in names or conventions.currency is None:
        return {}
    amounts = [f for f in fields.values() if f.currency == conventions.currency]
    page = amounts[0].page if amounts else None
    value = FieldValue(
        "currency", conventions.currency, conventions.currency, None, 0.95, True, page
    )
    return {"currency": value}


def _checked(
    fields: dict[str, FieldValue], adds_up: bool
) -> tuple[dict[str, FieldValue], list[Notice]]:
    """Halve the confidence of what does not fit together, and say so."""
    checked = dict(fields)
    notices: list[Notice] = []

    def doubt(names: Sequence[str], code: str, message: str) -> None:
        for name in names:
            if name in checked:
                score = round(checked[name].score * VIOLATED, 4)
                checked[name] = replace(checked[name], score=score, accepted=False)
        notices.append(Notice(code, message))

    net, tax, gross = (_amount(fields, n) for n in ("total_net", "total_tax", "total_gross"))
    if (
        net is not None
        and tax is not None
        and gross is not None
        and not adds_up
        and abs(net + tax - gross) > TOLERANCE
    ):
        message = f"net {net} and tax {tax} do not make the gross amount {gross}"
        doubt(("total_net", "total_tax"), "W_TOTALS", message)
    due, prepaid = _amount(fields, "amount_due"), _amount(fields, "prepaid")
    if (
        due is not None
        and gross is not None
        and prepaid is not None
        and abs(gross - abs(prepaid) - due) > TOLERANCE
        and abs(due - gross) > TOLERANCE
    ):
        message = f"gross {gross} less prepaid {prepaid} is not the amount due {due}"
        doubt(("prepaid", "amount_due"), "W_DUE", message)
    issued, falls_due = _date(fields, "invoice_date"), _date(fields, "due_date")
    if issued is not None and falls_due is not None and falls_due < issued:
        doubt(("due_date",), "W_DATES", f"due on {falls_due}, before the invoice of {issued}")
    return checked, notices


def _amount(fields: Mapping[str, FieldValue], name: str) -> Decimal | None:
    value = fields[name].value if name in fields else None
    return value if isinstance(value, Decimal) else None


def _date(fields: Mapping[str, FieldValue], name: str) -> date | None:
    value = fields[name].value if name in fields else None
    return value if isinstance(value, date) else None
