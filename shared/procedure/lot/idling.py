"""What stands still for too long: it is reminded to go on, and then ended (濮阳市公共资源交易管理条例 第二十二条)."""

from datetime import timedelta
from typing import ClassVar

from shared.kernel.message import Instant
from shared.procedure.lot.asking import Events, Ground, LotRequest, disclosed_secret
from shared.procedure.lot.endings import LotTerminated
from shared.procedure.lot.health import is_whole
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.state import Lot
from shared.procedure.publicity import limit


class IdleReminded(LotEvent):
    """催告: the lot has stood still for long; if it does not go on by `until`, it is ended."""

    NAME: ClassVar[str] = "idle_reminded.v1"
    until: Instant
    article: str


def idle(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """Remind a lot that stands still, or end it, when its time has come.

    It is reminded anew where the platform was down in the last part of that time, and nobody could let it go on.
    """
    now, frozen = request.received_at, lot.frozen
    if frozen is None or frozen.idle_at is None or now < frozen.idle_at:
        return ()
    last, part = lot.reminded_until, timedelta(minutes=lot.announced.terms.timing.prepare_minutes)
    if last is not None and now < last:
        return ()
    if last is None or not is_whole(request, last - part):
        until = limit(now, ground.rules.reminded, ground.law).ends_at
        return (IdleReminded(until=until, article=ground.clause("idle").article),)
    return (
        LotTerminated(
            cause="idle",
            notice="催告期满仍未恢复，终止交易。 It did not go on after the reminder, and is ended.",
            at=now,
            proxy_secret=disclosed_secret(request, lot),
            article=ground.clause("reminded").article,
        ),
    )
