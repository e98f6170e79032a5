"""Which checkpoint to show a record under: a witnessed one, if the witnesses are to be had."""

from datetime import datetime, timedelta

from shared.kernel.errors import NotYet
from shared.store import ledger_checkpoints as checkpoints
from shared.store.database import Connection
from shared.store.ledger_checkpoints import Sealed

PATIENCE = timedelta(seconds=10)
"""How long a record waits for witnesses before it is shown under a checkpoint that too few have cosigned."""

PROMISE = timedelta(seconds=60)
"""Within what time a receipt promises a witnessed checkpoint."""


def covering(connection: Connection, size: int, now: datetime, *, needed: int) -> Sealed:
    """Return the newest checkpoint of at least `size` leaves, a witnessed one if there is one.

    `needed` is how many witnesses it takes, 0 where the installation has none. Raise NotYet if there is no such
    checkpoint, or if witnesses may still sign.
    """
    best = checkpoints.newest_witnessed(connection, needed)
    if best is not None and best.size >= size:
        return best
    first, newest = checkpoints.oldest_from(connection, size), checkpoints.newest(connection)
    if first is None or newest is None or (needed and now - first.at < PATIENCE):
        raise NotYet("账本检查点尚未覆盖该记录，请稍候", "no checkpoint covers this record yet; ask again in a moment")
    return newest
