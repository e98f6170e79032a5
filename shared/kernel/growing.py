"""A sequence that grows at its end and never changes: adding one item copies a page of it, not all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar, overload

T = TypeVar("T")

PAGE = 64


@dataclass(frozen=True, slots=True)
class Growing(Sequence[T], Generic[T]):
    """An immutable sequence in pages: all of `full` hold 64 items, `last` fewer."""

    full: tuple[tuple[T, ...], ...] = ()
    last: tuple[T, ...] = ()

    def and_(self, item: T) -> "Growing[T]":
        """Return the sequence with one more item."""
        last = (*self.last, item)
        return Growing(self.full, last) if len(last) < PAGE else Growing((*self.full, last))

    def __len__(self) -> int:
        return len(self.full) * PAGE + len(self.last)

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable((*self.full, self.last))

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...

    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return tuple(self)[place]
        at = range(len(self))[place]
        return (*self.full, self.last)[at // PAGE][at % PAGE]
