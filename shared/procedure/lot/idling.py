"""What stands still for too long: it is reminded to go on, and then ended (濮阳市公共资源交易管理条例 第二十二条)."""

from typing import ClassVar

from shared.kernel.message import Instant
from shared.procedure.lot.asking import Events, Ground, LotRequest, disclosed_secret
from shared.procedure.lot.endings import LotTerminated
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.state import Lot
from shared.procedure.publicity import limit


class IdleReminded(LotEvent):
    """催告: the lot has stood still for long; if it does not go on by `until`, it is ended."""

    NAME: ClassVar[str] = "idle_reminded.v1"
    until: Instant
    article: str


def idle(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """Remind a lot that stands still, or end it, when its time has come."""
    now, frozen = request.received_at, lot.frozen
    if frozen is None or frozen.idle_at is None or now < frozen.idle_at:
        return ()
    if lot.reminded_until is None:
        until = limit(now, ground.rules.reminded, ground.law).ends_at
        return (IdleReminded(until=until, article=ground.clause("idle").article),)
    if now < lot.reminded_until:
        return ()
    return (
        LotTerminated(
            cause="idle",
            notice="催告期满仍未恢复，终止交易。 It did not go on after the reminder, and is ended.",
            at=now,
            proxy_secret=disclosed_secret(request, lot),
            article=ground.clause("reminded").article,
        ),
    )
