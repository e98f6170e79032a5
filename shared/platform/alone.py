"""One services' process to a data directory: in the embedded mode two would share one journal, queue and socket."""

import fcntl
from pathlib import Path
from typing import IO

LOCK = "services.lock"


class InUse(Exception):
    """Another process runs the services of this data directory; the text names it."""


def claim(data: Path) -> IO[str]:
    """Claim a data directory for as long as what is returned stays open. Raise InUse if another process has it.

    The claim is the operating system's: it ends with its process, however that ends.
    """
    claimed = (data / LOCK).open("a")
    try:
        fcntl.flock(claimed, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        claimed.close()
        raise InUse(str(data)) from error
    return claimed
