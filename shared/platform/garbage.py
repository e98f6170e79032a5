"""The garbage collector of a process that serves: it leaves out what was loaded, and looks less often."""

import gc

AFTER = 20_000
"""Containers made and not yet freed after which the collector looks at the newest."""


def look_rarely() -> None:
    """Leave what is loaded by now out of the collector's rounds; a batch or a storm of bids makes thousands of values.

    A round over all that a loaded process holds stops it for a tenth of a second or more.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(AFTER, 20, 20)
