"""Who asks, counted: the same identity, which counts each name that held against its own limit."""

from fastapi import Request

from services.portal.desk import PUBLIC, Desk
from services.portal.identity import Asker, Identity
from services.portal.limits import Limits
from shared.kernel.line import Line
from shared.kernel.request import Actor, Role

BIDDING: frozenset[Role] = frozenset({"bidder", "token"})
"""Who submits: never counted where it hands in files or reads what became of what it handed in."""

UNCOUNTED = ("/api/uploads", "/api/outcomes/")
JUDGED_LATER = "/api/commands"
"""Whether a command is a submission is known once it is read: `count` is called then."""


class Counted(Identity):
    """An identity that counts whom it verified."""

    def __init__(self, desk: Desk, limits: Limits) -> None:
        super().__init__(desk)
        self._limits = limits

    async def asker(self, request: Request, body: bytes = b"", procedure: str = "") -> Asker:
        """Return who asks, counted. Raise Problem for a signature that does not hold, or for too many that do."""
        asker = await super().asker(request, body, procedure)
        if asker.actor != PUBLIC:
            self._limits.prove(request.scope["state"]["visit"])
            if request.scope["path"] != JUDGED_LATER and not _hands_in(request, asker.actor):
                self.count(request, asker.actor)
        return asker

    def count(self, request: Request, actor: Actor) -> None:
        """Count a request of a name that held. Raise Problem where it is too much."""
        self._limits.count(request.scope["state"]["visit"], actor)


def is_submission(line: Line, kind: str, actor: Actor) -> bool:
    """Whether a command is kept the moment it arrives, and is one that the actor may give."""
    return kind in line.arriving and actor.role in line.entitled[kind]


def _hands_in(request: Request, actor: Actor) -> bool:
    return actor.role in BIDDING and request.scope["path"].startswith(UNCOUNTED)
