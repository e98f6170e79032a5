"""How a line speaks of lots: its own class of each message, with its own name in `type`."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, create_model

from shared.kernel.request import Request
from shared.procedure.lot.asking import Facts
from shared.procedure.lot.messages import LotCommand, LotEvent


class Speech:
    """A line's own classes of the messages of lots, found by the class here that each is made of."""

    def __init__(self, line: str, commands: Iterable[type[LotCommand]], events: Iterable[type[LotEvent]]) -> None:
        self.line = line
        self._own = {kind: _own(line, kind) for kind in (*commands, *events)}
        self.commands: TypeAdapter[Any] = _any_of(
            own for kind, own in self._own.items() if issubclass(kind, LotCommand)
        )
        self.events: TypeAdapter[Any] = _any_of(own for kind, own in self._own.items() if issubclass(kind, LotEvent))
        union: Any = Annotated[self._union(LotCommand), Field(discriminator="type")]
        request: Any = Request[Any, Facts]
        self.requests: TypeAdapter[Any] = TypeAdapter(create_model("Request", __base__=request, command=(union, ...)))

    def own(self, kind: type[Any]) -> type[Any]:
        """Return the line's own class of a message."""
        return self._own[kind]

    def say(self, event: LotEvent) -> LotEvent:
        """Return an event in the line's own class; its fields are valid already."""
        own: LotEvent = self._own[type(event)].model_construct(**dict(event))
        return own

    def type_of(self, kind: type[Any]) -> str:
        """Return the type under which the line speaks of a message, as `land.bid_placed.v1`."""
        return f"{self.line}.{kind.NAME}"

    def _union(self, base: type[Any]) -> Any:
        return reduce(or_, (own for kind, own in self._own.items() if issubclass(kind, base)))


def _own(line: str, kind: type[Any]) -> type[Any]:
    name = f"{line}.{kind.NAME}"
    literal: Any = Literal[name]
    made: type[Any] = create_model(
        kind.__name__, __base__=kind, __doc__=kind.__doc__, __module__=kind.__module__, type=(literal, name)
    )
    return made


def _any_of(kinds: Iterable[type[Any]]) -> TypeAdapter[Any]:
    union: Any = Annotated[reduce(or_, kinds), Field(discriminator="type")]
    return TypeAdapter(union)
