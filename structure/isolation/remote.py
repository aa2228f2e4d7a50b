"""A file that another process reads: pages as from `structure.reading`, without its dangers."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Unpack

from structure.core.analysis import Bookmark, Notice
from structure.core.errors import (
    ConfigError,
    ExitCode,
    InputError,
    LimitError,
    LockedError,
    ModelError,
    StructureError,
    one_line,
)
from structure.core.images import PageFailure, PageImage
from structure.core.limits import Limits
from structure.isolation.channel import GoneError, LateError, Message
from structure.isolation.confine import Child
from structure.isolation.messages import Complaint, Facts, OpenRequest, Wanted, start_decoder
from structure.isolation.tasks import Outcome
from structure.reading import Reading, SourceFile

TIME_USED_UP = "the time for the file was used up"

_CODE = re.compile("E_[A-Z_]{1,30}")
_KINDS: dict[str, type[StructureError]] = {
    kind.__name__: kind for kind in (InputError, LockedError, LimitError, ConfigError, ModelError)
}
_ATTEMPTS = 2


@dataclass(slots=True)
class Clock:
    """How much time there is, and what was lost for want of it or by a crash.

    Attributes:
        page_seconds: For one page; 0 for any time.
        until: By when the file must be done, as `time.monotonic` counts; None for any time.
        expired: Whether a page, or the file, took too long.
        crashed: Whether a page was lost because its reader died.
    """

    page_seconds: float
    until: float | None = None
    expired: bool = False
    crashed: bool = False

    def deadline(self, began: float) -> float | None:
        """By when what began then must be done."""
        own = began + self.page_seconds if self.page_seconds else None
        return min((each for each in (own, self.until) if each is not None), default=None)

    @property
    def is_over(self) -> bool:
        """Whether the time of the file is used up."""
        return self.until is not None and time.monotonic() >= self.until

    def explain(self, outcome: Outcome) -> Outcome:
        """The same outcome; where no page is left, with what this knows of the reason."""
        if outcome.error_code == "E_NO_PAGE" and self.expired:
            return replace(outcome, exit_code=ExitCode.LIMIT, error_code="E_TIME")
        if outcome.error_code == "E_NO_PAGE" and self.crashed:
            return replace(outcome, error_code="E_CRASH")
        return outcome


def clock_of(limits: Limits) -> Clock:
    """The clock of a file that is begun now."""
    until = time.monotonic() + limits.file_seconds if limits.file_seconds else None
    return Clock(limits.page_seconds, until)


class RemotePages:
    """The pages of one file; a child decodes them, the next one while this one is worked on.

    A child that dies or hangs costs the page that it was at; the pages after it come from another.

    Args:
        request: What to open.
        clock: The time that there is.
        child: A decoder that is at it already; started anew where None.
        debug: Whether what it prints is shown.

    Raises:
        StructureError: as `open_source` raises; an `InputError` with the code `E_CRASH` where the
            file ends the process that opens it, a `LimitError` with `E_TIME` where it takes too
            long.
    """

    def __init__(
        self,
        request: OpenRequest,
        clock: Clock,
        *,
        child: Child | None = None,
        debug: bool = False,
    ) -> None:
        self._request, self._clock, self._debug = request, clock, debug
        self._child = child
        self._asked: int | None = None
        self._asked_at = 0.0
        self.facts = self._open()
        self.notices: tuple[Notice, ...] = self.facts.notices
        self._check_numbers()
        self._prepare(self.facts.numbers[0])

    @property
    def page_count(self) -> int:
        """Pages in the file."""
        return self.facts.page_count

    @property
    def reader(self) -> str:
        """Who draws the pages."""
        return self.facts.reader

    @property
    def outline(self) -> tuple[Bookmark, ...]:
        """Bookmarks that lead to a page."""
        return self.facts.outline

    def read(self, number: int) -> PageImage | PageFailure:
        """Page `number`, from 1; the selected page after it is asked for at once."""
        if self._clock.is_over:
            self._clock.expired = True
            return PageFailure(number, TIME_USED_UP)
        try:
            page = self._fetch(number)
        except LateError:
            self.close()
            self._clock.expired = True
            reason = f"took longer than {self._clock.page_seconds:g} s to read"
            return PageFailure(number, TIME_USED_UP if self._clock.is_over else reason)
        except GoneError:
            self._clock.crashed = True
            return PageFailure(number, "the program that reads it crashed at it")
        except StructureError as error:
            return PageFailure(number, error.what)
        following = next((each for each in self.facts.numbers if each > number), None)
        if following is not None:
            self._prepare(following)
        return page

    def close(self) -> None:
        """End the child; harmless when repeated."""
        child, self._child, self._asked = self._child, None, None
        if child is not None:
            child.kill()

    def _open(self) -> Facts:
        """What a child knows of the file; a second one is asked where the first one dies."""
        for _ in range(_ATTEMPTS):
            began = time.monotonic()
            if self._child is None:
                self._child = start_decoder(self._request, debug=self._debug)
            try:
                message = self._child.channel.receive(self._clock.deadline(began))
                if message.kind != "complaint":
                    return message.value(Facts)
                complaint = message.value(Complaint)
            except LateError as error:
                self.close()
                self._clock.expired = True
                raise LimitError(
                    "took too long to open",
                    hint="check the file in a viewer, or raise the limit",
                    path=self._request.path,
                    code="E_TIME",
                ) from error
            except GoneError:
                self.close()
            else:
                self.close()
                raise self._error(complaint)
        raise InputError(
            "the program that reads it crashes at it",
            hint="check the file in a viewer",
            path=self._request.path,
            code="E_CRASH",
        )

    def _check_numbers(self) -> None:
        """Refuse page numbers that an honest reader cannot have sent."""
        numbers, most = self.facts.numbers, self._request.limits.pages
        rising = all(a < b for a, b in zip((0, *numbers), numbers, strict=False))
        if not numbers or not rising or numbers[-1] > self.page_count or 0 < most < len(numbers):
            self.close()
            raise InputError("has no usable pages", path=self._request.path)

    def _error(self, complaint: Complaint) -> StructureError:
        kind = _KINDS.get(complaint.kind, InputError)
        return kind(
            one_line(complaint.what),
            hint=one_line(complaint.hint),
            path=self._request.path,
            code=complaint.code if _CODE.fullmatch(complaint.code) else None,
        )

    def _fetch(self, number: int) -> PageImage | PageFailure:
        """The page from a child; a second one is asked where the first one dies."""
        for left in reversed(range(_ATTEMPTS)):
            try:
                if self._asked is not None and self._asked != number:
                    # The page asked for ahead is known from an earlier attempt.
                    self._receive()
                if self._asked is None:
                    self._ask(number)
                return _page(self._receive(), number)
            except GoneError:
                self.close()
                if not left:
                    raise
        raise GoneError("no attempt is left")

    def _ask(self, number: int) -> None:
        if self._child is None:
            self._open()
        if self._child is None:
            raise GoneError("no decoder")
        self._child.channel.send("read", Wanted(number))
        self._asked, self._asked_at = number, time.monotonic()

    def _prepare(self, number: int) -> None:
        """Ask for a page ahead of time; what goes wrong shows when it is wanted."""
        if self._child is not None:
            with suppress(GoneError):
                self._ask(number)

    def _receive(self) -> Message:
        if self._child is None:
            raise GoneError("no decoder")
        message = self._child.channel.receive(self._clock.deadline(self._asked_at))
        self._asked = None
        return message


def _page(message: Message, number: int) -> PageImage | PageFailure:
    """The page in a message, if it is one that a reader can have made."""
    if message.kind == "failure":
        failure = message.value(PageFailure)
        reason = one_line(failure.reason)
        if 0 < failure.width_pt < 1e6 and 0 < failure.height_pt < 1e6:
            return PageFailure(number, reason, failure.width_pt, failure.height_pt)
        return PageFailure(number, reason)
    page = message.value(PageImage)
    if page.number != number or page.dpi <= 0:
        raise GoneError(f"page {page.number} of {page.dpi} dpi for page {number}")
    return page


class Opener:
    """Opens files in children, as `structure.reading.open_source` does in this process.

    Args:
        clock: The time for all files together.
        ahead: A request that a child is at already, and that child.
        debug: Whether what children print is shown.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        ahead: tuple[OpenRequest, Child] | None = None,
        debug: bool = False,
    ) -> None:
        self._clock, self._ahead, self._debug = clock, ahead, debug

    def __call__(self, path: str | os.PathLike[str], **reading: Unpack[Reading]) -> SourceFile:
        """Open one file.

        Raises:
            StructureError: as `open_source` raises; see also `RemotePages`.
        """
        source = Path(path)
        request = OpenRequest(
            source,
            reading.get("pages"),
            reading.get("dpi", 200),
            reading.get("ocr", "auto"),
            reading.get("password"),
            reading.get("limits") or Limits(),
        )
        child = None
        if self._ahead is not None and self._ahead[0] == request:
            child, self._ahead = self._ahead[1], None
        pages = RemotePages(request, self._clock, child=child, debug=self._debug)
        facts = pages.facts
        return SourceFile(
            source, facts.media_type, facts.sha256, facts.numbers, facts.notices, pages
        )

    def close(self) -> None:
        """End the child that was ahead, if nobody has asked for its file."""
        if self._ahead is not None:
            self._ahead[1].kill()
            self._ahead = None
