"""The bookmarks of a PDF of which some pages were taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem

_DEPTH = 20


def copy_outline(source: pikepdf.Pdf, target: pikepdf.Pdf, numbers: Sequence[int]) -> None:
    """Give `target` the bookmarks of `source` that lead to pages it has.

    Args:
        source: Where the pages come from.
        target: Has these pages, in this order.
        numbers: Their numbers in `source`, from 1.
    """
    places = {source.pages[n - 1].objgen: at for at, n in enumerate(numbers)}
    names = _named(source)
    try:
        with source.open_outline() as outline, target.open_outline() as fresh:
            fresh.root.extend(_kept(outline.root, places, names, _DEPTH))
    except (pikepdf.PdfError, pikepdf.OutlineStructureError, ValueError, TypeError):
        return  # A broken outline is no reason to go without the pages.


def _kept(
    items: Sequence[OutlineItem],
    places: Mapping[tuple[int, int], int],
    names: Mapping[str, Any],
    depth: int,
) -> list[OutlineItem]:
    kept: list[OutlineItem] = []
    for item in items if depth else ():
        children = _kept(item.children, places, names, depth - 1)
        place = _place(item, places, names)
        if place is None and children:
            place = children[0].destination
        if place is not None:
            copy = OutlineItem(item.title, place)
            copy.children.extend(children)
            kept.append(copy)
    return kept


def _place(
    item: OutlineItem, places: Mapping[tuple[int, int], int], names: Mapping[str, Any]
) -> int | None:
    target = item.destination
    if target is None and isinstance(item.action, Dictionary):
        target = item.action.get(Name.D)
    if isinstance(target, pikepdf.String | Name):
        target = names.get(str(target))
    if isinstance(target, Dictionary):
        target = target.get(Name.D)
    if not isinstance(target, Array) or not len(target):
        return None
    page = target[0]
    return places.get(page.objgen) if isinstance(page, Dictionary) else None


def _named(source: pikepdf.Pdf) -> dict[str, Any]:
    """Destinations by name, of both kinds that PDF knows."""
    found: dict[str, Any] = {}
    old = source.Root.get(Name.Dests)
    if isinstance(old, Dictionary):
        found.update(old.items())
    tree = source.Root.get(Name.Names, Dictionary())
    if isinstance(tree, Dictionary) and Name.Dests in tree:
        found.update(pikepdf.NameTree(tree.Dests).items())
    return found
