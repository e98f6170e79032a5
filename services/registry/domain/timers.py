"""The timers of the registry: an attempt of a draw waits for nobody longer than it says."""

from collections.abc import Sequence

from services.registry.domain.expert_commands import BindDraw, ExpireDraw
from services.registry.domain.expert_events import DrawBound, DrawCommitted, DrawPooled
from shared.kernel.line import Timer
from shared.kernel.message import Event


def timers(event: Event) -> Sequence[Timer]:
    """Return the timers that an event sets; one that comes when its stage is over decides nothing."""
    match event:
        case DrawPooled():
            return (Timer(event.commit_by, ExpireDraw(attempt=event.draw, stage="committing")),)
        case DrawCommitted(bind_by=at) if at is not None:
            return (Timer(at, BindDraw(attempt=event.draw)),)
        case DrawBound():
            return (Timer(event.reveal_by, ExpireDraw(attempt=event.draw, stage="revealing")),)
        case _:
            return ()
