"""Pages of a list: a part of it, and how much there is, so that nothing is cut unsaid."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

PAGE_SIZE = 50

Line = TypeVar("Line")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Which part of a list is wanted: a page, from 1 on, of so many lines."""

    page: int = 1
    size: int = PAGE_SIZE

    @property
    def offset(self) -> int:
        """How many lines come before it."""
        return (max(self.page, 1) - 1) * self.size

    def within(self, total: int) -> "Slice":
        """The same page, or the last one if the list has become shorter than that."""
        last = max(1, -(-total // self.size))
        return Slice(page=min(max(self.page, 1), last), size=self.size)


FIRST = Slice()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Line]):
    """One page of a list."""

    lines: Sequence[Line]
    total: int
    """Of the whole list."""
    page: int = 1
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    def of(self, lines: Sequence[Other]) -> "Page[Other]":
        """The same page with other words for its lines."""
        return Page(lines=lines, total=self.total, page=self.page, size=self.size)


def read(
    count: Callable[[], int], lines: Callable[[Slice], Sequence[Line]], wanted: Slice
) -> Page[Line]:
    """Count a list, then read the page of it that is there."""
    total = count()
    found = wanted.within(total)
    read_lines = lines(found) if total else ()
    return Page(lines=read_lines, total=total, page=found.page, size=found.size)
