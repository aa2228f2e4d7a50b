"""A file whose reader tells, page by page, how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from structure.core.analysis import Bookmark, Notice
from structure.core.images import PageFailure, PageImage
from structure.isolation.messages import FailedPage
from structure.reading import SourceFile

Begin = Callable[[int], None]
"""Called with the number of a page that is about to be worked on."""

End = Callable[[int, int], None]
"""Called when that work has ended, with how many pages are done and how many there are."""


def announced(
    source: SourceFile, given_up: Sequence[FailedPage], begin: Begin, end: End
) -> SourceFile:
    """The same file; pages that were given up fail unread.

    A page counts as in work from the moment it is handed out until the next one is asked for.
    """
    pages = _Announced(source, given_up, begin, end)
    return SourceFile(
        source.path, source.media_type, source.sha256, source.numbers, source.notices, pages
    )


class _Announced:
    def __init__(
        self, source: SourceFile, given_up: Sequence[FailedPage], begin: Begin, end: End
    ) -> None:
        self._source, self._begin, self._end = source, begin, end
        self._reasons = {page.number: page.reason for page in given_up}
        self._at_work = False
        self._done = 0
        self.notices: tuple[Notice, ...] = source.notices

    @property
    def page_count(self) -> int:
        return self._source.page_count

    @property
    def reader(self) -> str:
        return self._source.reader

    @property
    def outline(self) -> tuple[Bookmark, ...]:
        return self._source.outline

    def read(self, number: int) -> PageImage | PageFailure:
        self._finish()
        if number in self._reasons:
            return PageFailure(number, self._reasons[number])
        page = self._source.read(number)
        self._at_work = True
        self._begin(number)
        return page

    def close(self) -> None:
        self._finish()
        self._source.close()

    def _finish(self) -> None:
        if self._at_work:
            self._at_work = False
            self._done += 1
            self._end(self._done, len(self._source))
