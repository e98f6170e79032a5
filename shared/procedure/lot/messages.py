"""The base of what is said of a lot: a line's own class of it carries the line's name in `type`."""

from typing import ClassVar

from shared.kernel.message import Command, Event


class LotCommand(Command):
    """What may be asked of a lot; `NAME` is its name after the line's."""

    NAME: ClassVar[str]


class LotEvent(Event):
    """A fact of a lot; `NAME` is its name after the line's, with its version."""

    NAME: ClassVar[str]
