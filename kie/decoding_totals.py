"""Net, tax, gross, prepaid and due: chosen together, because they have to add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kie.options import Option, Pool, share_of_page
from kie.types import Value

TOLERANCE = Decimal("0.02")
"""Rounding of sums."""

MIN_RATE, MAX_RATE = Decimal("0.004"), Decimal("0.35")
"""Taxes outside of this share of the net are none."""

ADDS_UP = 0.55
"""What it is worth that net and tax make the gross."""

LARGEST = 0.3
"""What it is worth for a gross amount to be the largest on its pages."""

ZERO = 0.9
"""What it costs a gross amount to be nothing."""

LOWEST = 0.22
"""Score under which an amount alone is not taken."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The amounts that were chosen.

    Attributes:
        chosen: By field.
        adds_up: Whether net + tax = gross was found on the page.
    """

    chosen: Mapping[str, Option]
    adds_up: bool


def choose_totals(pool: Pool) -> Totals:
    """Choose `total_net`, `total_tax`, `total_gross`, `prepaid` and `amount_due`."""
    largest = _largest(pool)
    gross = _usable(pool, "total_gross")
    for option in gross:
        index, down = share_of_page(pool, option.best)
        option.prior = 0.08 * (index == len(pool.pages) - 1) + 0.06 * down
        if option.best.value == largest:
            option.prior += LARGEST
        if option.best.value == 0:
            option.prior -= ZERO
    net, tax = _usable(pool, "total_net"), _usable(pool, "total_tax")
    _discount_cash(pool, gross, net, tax)
    _discount_others(pool, tax)
    due, prepaid = _usable(pool, "amount_due"), _usable(pool, "prepaid")
    for options in (gross, net, tax):
        _credit_sums(options)
    by_value = {
        name: {option.best.value: option for option in options}
        for name, options in (("net", net), ("tax", tax))
    }
    best: tuple[float, dict[str, Option], bool] = (0.0, {}, False)
    tops = sorted(gross, key=lambda o: -o.score)[:12]
    # The due amount may be the only total that is printed.
    for option in tops:
        alone = option.score
        plain = {"total_gross": option}
        top_net = _top(net, option)
        top_tax = _top(tax, option, MAX_RATE)
        if top_net is not None:
            plain["total_net"] = top_net
        if top_tax is not None:
            plain["total_tax"] = top_tax
        # One print cannot speak for two fields.
        others = [o for o in (top_net, top_tax) if o is not None]
        others = [o for o in others if o.best.value != option.best.value or option.count > 1]
        score = alone + 0.8 * sum(o.score for o in others)
        if option.score >= LOWEST and score > best[0]:
            best = (score, plain, False)
        for n, t in _sums(option, net, by_value["tax"]):
            # Where nothing is added, an amount that is printed once proves nothing.
            proof = n.best.value != option.best.value or option.count > 1
            score = alone + (n.score + t.score + ADDS_UP if proof else 0.8 * t.score)
            if score > best[0]:
                best = (score, {"total_gross": option, "total_net": n, "total_tax": t}, proof)
    chosen = dict(best[1])
    if "total_gross" in chosen:
        chosen["total_gross"] = _rounded(pool, chosen["total_gross"], gross)
    for name, options in (("amount_due", due), ("prepaid", prepaid)):
        top = max(options, key=lambda o: o.score, default=None)
        if top is not None and top.score >= LOWEST:
            chosen[name] = top
    if not best[2]:
        _repair_due(chosen)
    return Totals(chosen, best[2])


def _usable(pool: Pool, name: str) -> list[Option]:
    """Amounts written like money."""
    return [
        option
        for option in pool.options(name)
        if isinstance(option.best.value, Decimal)
        and option.best.money
        and abs(option.best.value) < Decimal(10) ** 12
    ]


def _largest(pool: Pool) -> Decimal | None:
    """The largest amount that nothing says was handed over or given back."""
    cash = {
        o.best.value
        for name in ("tendered", "change")
        for o in pool.options(name)
        if o.keyed > 0.25 and o.count == 1
    }
    money = [c.value for c in pool.all_of(["amount"]) if c.money]
    values = [abs(v) for v in money if isinstance(v, Decimal) and v not in cash]
    return max(values, default=None)


def _discount_cash(pool: Pool, *families: Sequence[Option]) -> None:
    """Money that was handed over, and change, are no totals: 20.00 = 13.60 + 6.40."""
    cash: dict[object, float] = {}
    for name in ("tendered", "change"):
        for option in pool.options(name):
            value = option.best.value
            cash[value] = max(cash.get(value, 0.0), option.keyed)
    for options in families:
        for option in options:
            strength = cash.get(option.best.value, 0.0)
            # Paying the exact sum is common: its own key then says what it is.
            if strength > 0.25 and option.count == 1 and option.keyed < min(strength, 0.4):
                option.prior -= 0.7


def _discount_others(pool: Pool, taxes: Sequence[Option]) -> None:
    """A discount or commission that makes the total is no tax."""
    others: dict[Value, float] = {}
    for name in ("discount", "shipping", "charge", "prepaid"):
        for option in pool.options(name):
            value = option.best.value
            others[value] = max(others.get(value, 0.0), option.keyed)
    for option in taxes:
        strength = others.get(option.best.value, 0.0)
        if strength > 0.25 and option.keyed < strength:
            option.prior -= 0.7


def _rounded(pool: Pool, gross: Option, options: Sequence[Option]) -> Option:
    """The total after rounding to coins, which is printed under the exact one."""
    told = any("round" in word.text.lower() for page in pool.pages for word in page.page.words)
    top = min(
        c.box.y0
        for c in pool.all_of(["amount"])
        if c.value == gross.best.value and c.page == gross.best.page
    )
    below = [
        o
        for o in options
        if 0 < abs(_value(o) - _value(gross)) < Decimal("0.05")
        and (o.keyed > 0.3 or told)
        and o.prior > -0.3
        and o.best.page == gross.best.page
        and o.best.box.y0 > top
        and _value(o) * 20 % 1 == 0
    ]
    return max(below, key=lambda o: o.keyed, default=gross)


def _credit_sums(options: Sequence[Option]) -> None:
    """The sum at the foot of a column of rates has its key above all of them."""
    keyed = [o for o in options if o.keyed > 0.04][:8]
    values = {o.best.value: o for o in options}
    for k, one in enumerate(keyed):
        for other in keyed[k + 1 :]:
            total = values.get(_value(one) + _value(other))
            if total is None or total in (one, other):
                continue
            lowest = max(one.best.box.y1, other.best.box.y1)
            height = one.best.box.height
            aligned = all(abs(o.best.box.x1 - total.best.box.x1) < height for o in (one, other))
            if (
                aligned
                and total.best.page == one.best.page
                and total.best.box.y0 > lowest - height / 2
            ):
                total.keyed = max(total.keyed, one.keyed, other.keyed) + 0.05


def _top(options: Sequence[Option], gross: Option, share: Decimal = Decimal(1)) -> Option | None:
    """The best net or tax that a gross amount allows; at most a share of it."""
    total = gross.best.value
    assert isinstance(total, Decimal)
    fitting = [
        o
        for o in options
        if isinstance(o.best.value, Decimal)
        and abs(o.best.value) <= abs(total) * share + TOLERANCE
        and o.score >= LOWEST
    ]
    return max(fitting, key=lambda o: o.score, default=None)


def _sums(
    gross: Option, net: Sequence[Option], tax: Mapping[Value, Option]
) -> list[tuple[Option, Option]]:
    """Pairs of net and tax that make the gross amount."""
    total = gross.best.value
    assert isinstance(total, Decimal)
    found = []
    plainest = max((t.keyed for t in tax.values()), default=0.0)
    for n in net:
        value = n.best.value
        assert isinstance(value, Decimal)
        rest = total - value
        if value == 0 or value * total < 0:
            continue
        for slip in (Decimal(0), Decimal("0.01"), Decimal("-0.01"), TOLERANCE, -TOLERANCE):
            t = tax.get(rest + slip)
            if t is None:
                continue
            rate = (rest + slip) / value
            keyed = n.keyed + (n.modelled or 0.0) > 0.3 or t.keyed + (t.modelled or 0.0) > 0.3
            if min(n.prior, t.prior) < -0.5:
                break
            # "Tax (0 %) 0.00" may stand over "Sales tax 3.59".
            free = rest + slip == 0 and t.keyed > 0.3 and t.keyed >= plainest
            if free or (MIN_RATE <= rate <= MAX_RATE and (keyed or gross.prior >= LARGEST)):
                found.append((n, t))
            break
    return found


def _repair_due(chosen: dict[str, Option]) -> None:
    """The only total of a page may be called the amount due; and gross - prepaid must be it."""
    due, gross = chosen.get("amount_due"), chosen.get("total_gross")
    if (
        due is not None
        and gross is not None
        and due.keyed > 0.3
        and gross.prior < LARGEST
        and abs(_value(gross)) < abs(_value(due)) / 2
    ):
        # "Total included tax 0.42" is no total.
        chosen["total_gross"] = due
        return
    if due is None or (gross is not None and gross.keyed + (gross.modelled or 0.0) >= 0.15):
        return
    if gross is not None and _value(gross) > _value(due):
        prepaid = chosen.get("prepaid")
        explained = prepaid is not None and _value(gross) - _value(prepaid) == _value(due)
        if explained or "total_net" in chosen:
            return
    chosen["total_gross"] = due


def _value(option: Option | None) -> Decimal:
    assert option is not None
    assert isinstance(option.best.value, Decimal)
    return option.best.value
