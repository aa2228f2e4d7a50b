"""What PDF pages hold already: older invisible text to take out, and state that is left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

_SHOWING = frozenset(("Tj", "TJ", "'", '"'))
_PLACING = frozenset(("Td", "TD", "Tm", "T*"))
_INVISIBLE = 3
_DEPTH = 4  # forms in forms; deeper ones are left alone


@dataclass(frozen=True, slots=True)
class Balance:
    """What a content stream leaves open.

    Attributes:
        open: `q` without `Q`.
        surplus: Whether some `Q` has no `q`.
        in_text: Whether a text object is not ended.
    """

    open: int
    surplus: bool
    in_text: bool


def balance(page: pikepdf.Page) -> Balance:
    """How the content of a page leaves the graphics state.

    Raises:
        pikepdf.PdfError: the content cannot be read.
    """
    depth, surplus, in_text = 0, False, False
    for instruction in pikepdf.parse_content_stream(page, "q Q BT ET"):
        name = str(instruction.operator)
        if name in ("BT", "ET"):
            in_text = name == "BT"
        elif name == "q":
            depth += 1
        elif depth:
            depth -= 1
        else:
            surplus = True
    return Balance(depth, surplus, in_text)


def own_resources(page: pikepdf.Page) -> Dictionary:
    """The resources of a page, as a dictionary that it shares with no other page."""
    inherited = page.resources if "/Resources" in page else _inherited(page)
    own = Dictionary(inherited)
    page.obj.Resources = own
    return page.obj.Resources


def without_invisible_text(pdf: pikepdf.Pdf, page: pikepdf.Page) -> bool:
    """Take invisible text out of a page and of the forms it draws; whether there was any.

    A text object that also shows visible text stays as it is.

    Raises:
        pikepdf.PdfError: the content cannot be read.
    """
    resources = own_resources(page)
    found = _clean_forms(pdf, resources, _DEPTH)
    instructions = list(pikepdf.parse_content_stream(page))
    kept = _without_invisible(instructions)
    if len(kept) < len(instructions):
        page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        found = True
    return found


def shows_text(page: pikepdf.Page) -> bool:
    """Whether the page itself shows text that is not invisible."""
    mode, stack = 0, list[int]()
    for instruction in pikepdf.parse_content_stream(page, "q Q Tr Tj TJ ' \""):
        name = str(instruction.operator)
        mode = _after(name, instruction, mode, stack)
        if name in _SHOWING and mode != _INVISIBLE:
            return True
    return False


def _inherited(page: pikepdf.Page) -> Any:
    node = page.obj
    for _ in range(64):  # a broken tree may lead in a circle
        node = node.get(Name.Parent)
        if not isinstance(node, pikepdf.Object) or not isinstance(node, Dictionary):
            break
        if Name.Resources in node:
            return node.Resources
    return Dictionary()


def _clean_forms(pdf: pikepdf.Pdf, resources: Dictionary, depth: int) -> bool:
    objects = resources.get(Name.XObject)
    if depth == 0 or not isinstance(objects, Dictionary):
        return False
    found = False
    own = Dictionary(objects)
    for key, form in objects.items():
        if not isinstance(form, pikepdf.Stream) or form.get(Name.Subtype) != Name.Form:
            continue
        instructions = list(pikepdf.parse_content_stream(form))
        kept = _without_invisible(instructions)
        inner = Dictionary(form.get(Name.Resources, Dictionary()))
        changed = _clean_forms(pdf, inner, depth - 1)
        if len(kept) == len(instructions) and not changed:
            continue
        # A copy: other pages may draw the same form and keep their text.
        fresh = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        for name, value in form.items():
            if name not in ("/Length", "/Filter", "/DecodeParms"):
                fresh[name] = value
        fresh.Resources = inner
        own[key] = fresh
        found = True
    if found:
        resources.XObject = own
    return found


def _without_invisible(instructions: Sequence[Any]) -> list[Any]:
    kept: list[Any] = []
    text: list[Any] = []
    in_text = visible = invisible = False
    mode, stack = 0, list[int]()
    for instruction in instructions:
        name = str(instruction.operator)
        mode = _after(name, instruction, mode, stack)
        if name == "BT":
            in_text, visible, invisible, text = True, False, False, []
        if in_text:
            text.append(instruction)
            if name in _SHOWING:
                visible |= mode != _INVISIBLE
                invisible |= mode == _INVISIBLE
        else:
            kept.append(instruction)
        if name == "ET" and in_text:
            kept += text if visible or not invisible else _state_only(text)
            in_text = False
    return kept + (text if in_text else [])


def _state_only(text: Sequence[Any]) -> list[Any]:
    """A text object without its text; what it sets holds on after its end."""
    rest: list[Any] = []
    for instruction in text:
        name = str(instruction.operator)
        if name == '"':
            word, char, _ = instruction.operands
            rest.append(pikepdf.ContentStreamInstruction([word], pikepdf.Operator("Tw")))
            rest.append(pikepdf.ContentStreamInstruction([char], pikepdf.Operator("Tc")))
        elif name == "TD":
            leading = -float(instruction.operands[1])
            rest.append(pikepdf.ContentStreamInstruction([leading], pikepdf.Operator("TL")))
        elif name not in _SHOWING and name not in _PLACING:
            rest.append(instruction)
    return rest


def _after(name: str, instruction: Any, mode: int, stack: list[int]) -> int:
    """The text render mode after an instruction; `stack` has those that `q` saved."""
    if name == "q":
        stack.append(mode)
    elif name == "Q" and stack:
        return stack.pop()
    elif name == "Tr" and instruction.operands:
        try:
            return int(instruction.operands[0])
        except (TypeError, ValueError):
            return mode
    return mode
