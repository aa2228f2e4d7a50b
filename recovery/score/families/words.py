"""Sentences made of own word lists, in several languages; a dot marks where a word may be cut."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

_ENGLISH: dict[str, tuple[str, ...]] = {
    "noun": (
        "re·port", "har·bour", "mar·ket", "com·mit·tee", "re·gion", "sup·ply", "en·gine",
        "win·ter", "meas·ure·ment", "bud·get", "li·brary", "con·tract", "sur·vey", "bridge",
        "wa·ter", "sig·nal", "de·part·ment", "pro·gramme", "ma·te·ri·al", "ve·hi·cle",
        "in·stru·ment", "sta·tion", "neigh·bour·hood", "tem·per·a·ture", "ware·house", "model",
        "re·sult", "ob·ser·va·tion", "road", "build·ing", "net·work", "pump", "valve", "school",
        "quar·ter", "agree·ment", "in·vest·ment", "pop·u·la·tion", "land·scape", "pro·ce·dure",
    ),
    "plural": (
        "re·sults", "prices", "sam·ples", "trains", "houses", "cus·tom·ers", "farm·ers", "costs",
        "mem·bers", "vis·i·tors", "ships", "tools", "fields", "stu·dents", "meet·ings",
        "ex·per·i·ments", "read·ings", "sup·pli·ers", "res·i·dents", "re·pairs", "de·lays",
    ),
    "adjective": (
        "new", "north·ern", "small", "an·nual", "care·ful", "re·gion·al", "low-cost", "early",
        "long-term", "pub·lic", "com·mon", "well-known", "quiet", "mod·ern", "steep", "cold",
        "sep·a·rate", "in·ter·nal", "suit·able", "large", "re·li·able", "re-elected", "dry",
    ),
    "verb": (
        "shows", "fol·lows", "re·places", "con·firms", "reaches", "cov·ers", "de·scribes",
        "sup·ports", "pre·cedes", "lim·its", "changes", "meets", "com·pletes", "cor·rects",
    ),
    "past": (
        "mea·sured", "opened", "de·cid·ed", "re·ceived", "built", "com·pared", "re·ported",
        "with·drew", "planned", "tested", "moved", "fin·ished", "rec·om·mended", "col·lected",
    ),
    "adverb": (
        "slowly", "usu·al·ly", "in part", "with·out de·lay", "as ex·pected", "at first", "again",
        "on av·er·age", "in gen·er·al", "since then", "for the most part",
    ),
    "link": ("how·ever", "in ad·di·tion", "as a rule", "for this rea·son", "in spring", "later"),
}  # fmt: skip
_ENGLISH_PATTERNS = (
    "The {adjective} {noun} {verb} the {noun} of the {adjective} {noun}.",
    "In {year} the {noun} {past} {number} {plural}, {adverb}.",
    "{Link}, the {plural} of the {noun} were {past} by the {adjective} {noun}.",
    "Most {plural} {past} the {noun} {adverb}, and the {noun} {verb} it.",
    "About {percent} of all {plural} {past} one {adjective} {noun} (see also the {noun}).",
    "Dr. {Name} {past} the {noun}, i.e. the {adjective} part of it, on {date}.",
    "What the {noun} {verb} is the {noun}; the {plural} are {adjective}.",
    "One {noun} of {amount} {verb} the {adjective} {plural} near {Place}.",
    "No {noun} was {past} before the {adjective} {noun} had {past} its {plural}.",
    "The {plural} from {Place} were {adjective}, those from {Place} {adverb} {adjective}.",
)
NAMES = (
    "Abel", "Brandt", "Calder", "Duarte", "Ekberg", "Farrow", "Grieve", "Halloran", "Ibsen",
    "Janssen", "Keller", "Lindqvist", "Moreau", "Novak", "Okafor", "Petrov", "Quist", "Rossi",
    "Sato", "Tamm", "Ueda", "Vargas", "Weber", "Yilmaz", "Zeller",
)  # fmt: skip
PLACES = (
    "Ashford", "Brevik", "Calden", "Dornach", "Elmstead", "Fallow Hill", "Gorham", "Hartwell",
    "Innes Bay", "Kelby", "Lorne", "Marsk", "Norden", "Oakhampton", "Port Ellis", "Ravensholm",
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


class Prose:
    """Endless English prose of one seed.

    Args:
        rng: Where chance comes from.
        hyphens: Whether words carry soft hyphens where they may be cut.
    """

    def __init__(self, rng: Random, *, hyphens: bool = False) -> None:
        self._rng, self._hyphens = rng, hyphens

    def word(self, kind: str) -> str:
        """A word of a kind: noun, plural, adjective, verb, past, adverb or link."""
        word = self._rng.choice(_ENGLISH[kind])
        return word.replace("·", "\u00ad" if self._hyphens else "")

    def sentence(self) -> str:
        """One sentence."""
        pattern = self._rng.choice(_ENGLISH_PATTERNS)
        parts: list[str] = []
        rest = pattern
        while "{" in rest:
            before, _, rest = rest.partition("{")
            key, _, rest = rest.partition("}")
            parts += [before, self._slot(key)]
        return "".join([*parts, rest])

    def _slot(self, key: str) -> str:
        made = {
            "year": self.year,
            "number": self.number,
            "percent": self.percent,
            "Name": self.name,
            "Place": self.place,
            "date": self.date,
            "amount": self.amount,
        }
        if key in made:
            return made[key]()
        word = self.word(key.lower())
        return word[0].upper() + word[1:] if key[0].isupper() else word

    def paragraph(self, least: int = 3, most: int = 6) -> str:
        """So many sentences."""
        return " ".join(self.sentence() for _ in range(self._rng.randint(least, most)))

    def heading(self) -> str:
        """A few words without a full stop."""
        patterns = (
            ("adjective", "plural"),
            ("noun", "and", "noun"),
            ("plural", "of the", "noun"),
            ("adjective", "noun"),
            ("plural", "and", "their", "noun"),
        )
        words = [
            self.word(part).replace("\u00ad", "") if part in _ENGLISH else part
            for part in self._rng.choice(patterns)
        ]
        text = " ".join(words)
        return text[0].upper() + text[1:]

    def title(self) -> str:
        """A longer heading."""
        return f"{self.heading()} in the {self.word('adjective')} {self.word('noun')}".replace(
            "\u00ad", ""
        )

    def item(self) -> str:
        """A short entry of a list or a label of a table row."""
        text = f"{self.word('adjective')} {self.word('plural')}".replace("\u00ad", "")
        return text[0].upper() + text[1:]

    def name(self) -> str:
        """A surname."""
        return self._rng.choice(NAMES)

    def place(self) -> str:
        """A town."""
        return self._rng.choice(PLACES)

    def year(self) -> str:
        """A year of this or the last century."""
        return str(self._rng.randint(1962, 2026))

    def number(self) -> str:
        """A whole number."""
        return f"{self._rng.choice((12, 48, 130, 275, 1240, 8600)) + self._rng.randint(0, 9):,}"

    def percent(self) -> str:
        """A percentage."""
        return f"{self._rng.randint(2, 96)}.{self._rng.randint(0, 9)}%"

    def amount(self) -> str:
        """A sum of money."""
        return f"{self._rng.choice('€$£')}{self._rng.randint(1, 980):,}.{self._rng.randint(10, 99)}"

    def date(self) -> str:
        """A day, written out."""
        day, month = self._rng.randint(1, 28), self._rng.choice(MONTHS)
        return f"{day} {month} {self.year()}"


def pick(rng: Random, choices: Sequence[str]) -> str:
    """One of `choices`."""
    return choices[rng.randrange(len(choices))]
