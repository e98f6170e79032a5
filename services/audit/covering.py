"""Which checkpoint to show a record under: a witnessed one, if the witnesses are to be had."""

from datetime import datetime, timedelta

from shared.kernel.errors import NotYet
from shared.store import ledger_checkpoints as checkpoints
from shared.store.database import Connection
from shared.store.ledger_checkpoints import Sealed

PATIENCE = timedelta(seconds=10)
"""How long a record waits for witnesses before it is shown under a checkpoint that none has cosigned."""

PROMISE = timedelta(seconds=60)
"""Within what time a receipt promises a witnessed checkpoint."""


def covering(connection: Connection, size: int, now: datetime, *, witnessed: bool) -> Sealed:
    """Return the newest checkpoint of at least `size` leaves, a witnessed one if there is one.

    Raise NotYet if there is none, or if the installation has witnesses (`witnessed`) and they may still sign.
    """
    best = checkpoints.newest_witnessed(connection)
    if best is not None and best.size >= size:
        return best
    first, newest = checkpoints.oldest_from(connection, size), checkpoints.newest(connection)
    if first is None or newest is None or (witnessed and now - first.at < PATIENCE):
        raise NotYet("账本检查点尚未覆盖该记录，请稍候", "no checkpoint covers this record yet; ask again in a moment")
    return newest
