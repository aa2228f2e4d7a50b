"""How wide text is set, which tells the size of type better than a detector's box does.

On scans the width of a line over the summed advance widths of its characters gives the size within
2 %; boxes of text detectors are padded and vary by a fifth.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal

from structure.core.document import Face, Family, Named
from structure.core.text import is_wide

# Advance widths of U+0020 to U+007E in thousandths of an em, common to all fonts that are
# metrically compatible with Times and with Arial.
_SERIF = (
    "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 "
    "500 500 500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 "
    "611 889 722 722 556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 "
    "500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 "
    "500 500 444 480 200 480 541 "
)
_SANS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 "
    "556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 "
    "556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 "
    "556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 "
    "500 500 500 334 260 334 584 "
)
# Of Calibri, Cambria and (within 3 %) Verdana.
_CALIBRI = (
    "226 326 401 498 507 715 682 221 303 303 498 498 250 306 252 386 507 507 507 507 507 507 "
    "507 507 507 507 268 268 498 498 498 463 894 579 544 533 615 488 459 631 623 252 319 520 "
    "420 855 646 662 517 673 543 459 487 642 567 890 519 487 468 307 386 307 498 498 291 479 "
    "525 423 525 498 305 471 525 230 239 455 230 799 525 527 525 525 349 391 335 525 452 715 "
    "433 453 395 314 460 314 498 "
)
_CAMBRIA = (
    "220 286 393 619 506 890 687 237 382 382 427 554 205 329 206 490 517 362 472 461 492 475 "
    "470 470 485 478 264 264 554 554 554 422 885 599 579 519 625 540 509 539 696 343 304 630 "
    "501 888 693 599 533 599 613 453 557 687 598 889 571 557 507 350 490 350 554 371 151 470 "
    "520 421 520 441 313 459 554 277 255 525 271 813 558 480 520 501 396 392 325 546 470 720 "
    "483 482 428 387 316 387 712 "
)
_VERDANA = (
    "318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 "
    "636 636 636 636 337 337 838 838 838 531 1000 684 686 698 770 632 575 775 752 295 295 656 "
    "557 863 748 787 603 787 695 635 611 732 684 989 685 611 685 390 337 390 838 500 500 613 "
    "635 550 635 615 352 635 634 278 278 579 278 974 634 612 635 635 411 521 392 634 592 818 "
    "592 592 525 636 337 636 838 "
)
# Of DejaVu Serif, and much like those of Bookman and Lucida Bright: no document names it.
_WIDE_SERIF = (
    "318 402 460 838 636 950 890 275 390 390 500 838 318 338 318 337 636 636 636 636 636 636 "
    "636 636 636 636 337 337 838 838 838 536 1000 722 735 765 802 730 694 799 872 395 401 747 "
    "664 1024 875 820 673 820 753 685 667 843 722 1028 712 660 695 390 337 390 838 500 500 596 "
    "640 560 640 592 370 640 644 320 310 606 320 948 644 602 640 640 478 513 402 644 565 856 "
    "564 565 527 636 337 636 838 "
)
Shape = Face | Literal["wide serif"]
"""Proportions of letters: those of a face, or of type that no face of a document has."""

_TABLES: dict[Shape, tuple[int, ...]] = {
    "serif": tuple(map(int, _SERIF.split())),
    "sans": tuple(map(int, _SANS.split())),
    "mono": (600,) * len(_SERIF.split()),
    "Calibri": tuple(map(int, _CALIBRI.split())),
    "Cambria": tuple(map(int, _CAMBRIA.split())),
    "Verdana": tuple(map(int, _VERDANA.split())),
    "wide serif": tuple(map(int, _WIDE_SERIF.split())),
}
_OTHER = 0.5
_MARKS = {"\u2014": 1.0, "\u2026": 1.0, "\u2022": 0.35, "\u2018": 0.28, "\u2019": 0.28}
"""Widths of marks that are far from the usual half em, and much the same in all faces."""
_FAMILIES: dict[Shape, Family] = {
    "serif": "serif",
    "sans": "sans",
    "mono": "mono",
    "Calibri": "sans",
    "Cambria": "serif",
    "Verdana": "sans",
    "wide serif": "serif",
}
_BEARING: dict[Family, float] = {"serif": 0.03, "sans": 0.11, "mono": 0.1}
_NAMED: dict[Face, Named] = {"Calibri": "Calibri", "Cambria": "Cambria", "Verdana": "Verdana"}


def family_of(shape: Shape) -> Family:
    """The family that a face belongs to."""
    return _FAMILIES[shape]


def word_bearing(shape: Shape) -> float:
    """How much less than its letters the ink of a word takes, in em."""
    return _BEARING[family_of(shape)]


def named(face: Face) -> Named | None:
    """The face if it is a named one, None for the usual one of a family."""
    return _NAMED.get(face)


def text_width(text: str, shape: Shape) -> float:
    """Width of `text` in em."""
    table = _TABLES[shape]
    return sum(_advance(char, table) for char in text)


def _advance(char: str, table: tuple[int, ...]) -> float:
    code = ord(char)
    if 32 <= code < 127:
        return table[code - 32] / 1000
    if is_wide(char):
        return 1.0
    if char in _MARKS:
        return _MARKS[char]
    base = _base(char)
    return table[base - 32] / 1000 if base else _OTHER


@lru_cache(maxsize=4096)
def _base(char: str) -> int:
    """Code of the ASCII letter under an accent, 0 where there is none."""
    code = ord(unicodedata.normalize("NFKD", char)[0])
    return code if 32 <= code < 127 else 0
