from __future__ import annotations

import pytest

from recovery.restore.language import languages


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("The cost of the work is to be paid by the office in the first month of it.", ("en",)),
        ("Die Kosten der Arbeit werden von dem Amt im ersten Monat und nicht auf Raten", ("de",)),
        ("Le prix des travaux est \u00e0 payer par le bureau dans les dix jours, et pour", ("fr",)),
        ("\u8fd9\u662f\u4e00\u4efd\u6587\u4ef6", ("zh-Hans",)),
        ("\u3053\u308c\u306f\u6587\u66f8\u3067\u3059", ("ja",)),
        ("\u042d\u0442\u043e \u0434\u043e\u043a\u0443\u043c\u0435\u043d\u0442", ("ru",)),
        ("Total 12.50 EUR", ()),
        ("", ()),
    ],
)
def test_a_language_is_told_only_by_enough_of_it(text: str, tags: tuple[str, ...]) -> None:
    assert languages([text]) == tags
