# ruff: noqa: RUF001, SIM905 (letters of other alphabets are meant; one line holds many words)
"""What names of companies and people look like, and what is printed large and is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kie.folding import squeeze
from kie.synth.locale import load_locales

LEGAL_FORM = re.compile(
    r"(?<![^\W_])(?:GMBH|LTD\.?|INC\.?|CORP\.?|LIMITED|KFT\.?|g?GmbH(?:\s*&\s*Co\.?\s*KG)?|mbH|"
    r"Ges\.?m\.?b\.?H\.?|AG|KG|OHG|OG|GbR|UG|e\.?\s?K\.?|e\.?\s?V\.?|e\.?\s?U\.|eG|EG|"
    r"Inc\.?|LLC|L\.L\.C\.?|Ltd\.?|Limited|Corp\.?|Corporation|PLC|plc|LLP|LP|Co\.|Company|"
    r"S\.?A\.?|S\.?à\.?r\.?l\.?|S\.?p\.?r\.?l\.?|SPRL|ASBL|SCI|EURL|SASU|"
    r"SARL|S\.?A\.?R\.?L\.?|SAS|S\.?A\.?S\.?|S\.?L\.?U?\.?|S\.?\s?Coop\.?|C\.B\.|"
    r"S\.?p\.?A\.?|S\.?r\.?[lI1]\.?(?:s\.?)?|S\.?R\.?L\.?|S\.?n\.?c\.?|S\.?a\.?s\.?|"
    r"B\.?V\.?|N\.?V\.?|V\.?O\.?F\.?|C\.V\.|Genossenschaft|"
    r"[Ss][Pp]\.?\s*z\s*[o0]\.?\s*[o0]\.?|[Ss]p\.\s*[kj]\.?|s\.c\.|"
    r"spol\.?\s*s\s*r\.?\s*[o0]\.?|s\.\s*r\.\s*o\.|s\.r\.o|a\.\s*s\.|k\.\s?s\.|v\.\s?o\.\s?s\.|"
    r"AB|Ab|HB|KB|A/S|ApS|I/S|IVS|AS|ASA|Oy|OY|Oyj|Ky|Tmi|"
    r"Kft\.?|Zrt\.?|Nyrt\.?|Bt\.|Kkt\.?|d\.o\.o\.|Lda\.?|LDA\.?|Ltda\.?|Unipessoal|"
    r"A\.?[SŞ]\.?|[SŞ]ti\.?|P\.?F\.?A\.?|PartG(?:\s?mbB)?|KGaA|e\.?\s?G\.?|"
    r"[Ss][Dd][Nn]\.?\s*[Bb][Hh][Dd]\.?|Bhd\.?|BHD\.?|Pte\.?|Pty\.?|Pvt\.?|Enterprise|ENTERPRISE|"
    r"Trading|TRADING|Α\.?Ε\.?|Ε\.?Π\.?Ε\.?|Ο\.?Ε\.?|Ε\.Ε\.?|Ι\.?Κ\.?Ε\.?|"
    r"ООО|ОАО|ПАО|ЗАО|АО|ИП|ТОВ|ФОП|SE|SNC|\(株\)|\(주\))(?![^\W_])",
)
_CJK_FORM = re.compile("公司|株式会社|有限会社|合同会社|주식회사|유한회사|集团|商事|商店|商行")
_FORM_ALONE = re.compile(
    rf"(?:{LEGAL_FORM.pattern}|&\s*Co\.?|&\s*(?:Sons|Söhne|Fils|Cie|Zn)\.?|[\s.,&]|Holding|Group)+"
)
TITLE = re.compile(
    r"(?:rechnung|gutschrift|beleg|quittung|lieferschein|invoice|receipt|credit note|facture|avoir|"
    r"fattura|factura|fatura|factuur|faktura|lasku|számla|kvittering|kvitto|nota|請求書|領収書|"
    r"账单|发票|收据|세금계산서|영수증|счет|рахунок|τιμολόγιο)s?\W*$",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"^\d+[A-Za-z]?[,\s]\s*(?:bis\s|ter\s)?[^\W\d_]|[^\W\d_]\.?,?\s*(?:č\.?p\.?\s*)?\d{1,4}\s?[A-Za-z]?"
    r"(?:\s?[-/]\s?\w{1,6})?$|^P\.?\s?O\.?\s?Box|^Post(?:fach|bus)\b",
    re.IGNORECASE,
)
_SALUTATION = frozenset(
    "firma herrn herr frau an to mr mrs ms m mme monsieur madame sr sra spett attn von".split()
)
_PERSON = re.compile(
    r"^(?:z\.?\s?hd\b|z\.?\s?h\.|c/o|attn|att\b|t\.?\s?a\.?\s?v\b|dhr|mevr|mw\.|herrn?\b|frau\b|mrs?\b\.?|ms\b\.?|"
    r"m\.|mme|mlle|sig\b|sig\.ra|sra?\.|sr\b|d\.\s|d\u00aa|pan\b|pani\b|fr\.|hr\.|"
    r"abteilung|abt\b|dept|department|dpto|departamento|service\s(?:compta|achat|factur)|ufficio|afdeling|"
    r"buchhaltung|einkauf\b|accounts?\s(?:pay|dep)|accounting|purchasing|comptabilit)"
    r"|(?:department|dept\.?|abteilung|accounts\spayable)$",
    re.IGNORECASE,
)
_NOT_NAMES = (
    "title.", "col.", "banner", "address_extras", "salutations", "thanks", "country", "units",
    "payment_methods", "intro", "form_sections", "currency", "key.",
)  # fmt: skip


@cache
def _phrases(entries: tuple[str, ...]) -> frozenset[str]:
    """What business papers of all languages print, from lists that begin so; squeezed."""
    return frozenset(
        squeeze(phrase)
        for locale in load_locales().values()
        for entry, phrases in locale.lists.items()
        if entry.startswith(entries)
        for phrase in phrases
        if "{" not in phrase
    )


def is_phrase(text: str) -> bool:
    """Whether business papers print these words at the head, and nobody is called so."""
    return squeeze(text) in _phrases(_NOT_NAMES)


def is_country(text: str) -> bool:
    """Whether a line is the name of a country as addresses end with, or its code."""
    return squeeze(text) in _phrases(("country",))


def is_name(text: str) -> bool:
    """Whether a line may be the name of somebody."""
    letters = sum(char.isalpha() for char in text)
    digits = sum(char.isdigit() for char in text)
    if "@" in text or text.lower().startswith(("www.", "http")):
        return False
    short = any(ord(char) > 0x2E7F for char in text)
    if not (2 if short else 3) <= len(text) <= 70 or letters < (2 if short else 3):
        return False
    # "TSV 1908 e.V." has a year in its name.
    return digits <= (0.6 if is_formal(text) else 0.35) * letters and not is_phrase(text)


def is_formal(text: str) -> bool:
    """Whether a legal form is in it."""
    return LEGAL_FORM.search(text) is not None or _CJK_FORM.search(text) is not None


def is_form_alone(text: str) -> bool:
    """Whether a text is the legal form that belongs to the name before it, and nothing else."""
    return any(char.isalpha() for char in text) and _FORM_ALONE.fullmatch(text.strip()) is not None


def is_street(text: str) -> bool:
    """Whether a line looks like a street with a house number, or a box at the post."""
    return _STREET.search(text.strip()) is not None and not is_formal(text)


def is_person(text: str) -> bool:
    """Whether a line of an address names a person or a department of who else is named."""
    return _PERSON.search(text.strip()) is not None and not is_formal(text)


def is_salutation(word: str) -> bool:
    """Whether a word stands before a name in an address."""
    return squeeze(word) in _SALUTATION


def completed(name: str, others: Sequence[str]) -> int | None:
    """Index of the same name with its legal form among others; None where there is none."""
    plain = squeeze(name)
    if is_formal(name) or len(plain) < 4:
        return None
    for index, other in enumerate(others):
        longer = squeeze(other)
        if longer.startswith(plain) and 2 <= len(longer) - len(plain) <= 24 and is_formal(other):
            return index
    return None


def matches_domain(name: str, domains: Sequence[str]) -> bool:
    """Whether a name is that of one of some sites."""
    plain = squeeze(name)
    initials = "".join(squeeze(part)[:1] for part in name.split())
    return any(
        domain in plain or plain in domain or initials == domain
        for domain in domains
        if len(plain) > 3
    )
