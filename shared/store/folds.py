"""States for who only reads: kept by version, so that a long stream is not folded again for each question."""

from collections import OrderedDict
from threading import Lock

from sqlalchemy import Connection

from shared.kernel.line import Line
from shared.store.journal import since
from shared.store.states import At

KEPT = 500


class Folds:
    """A line's states as they were last asked for; shared by the threads that answer."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._kept: OrderedDict[str, At] = OrderedDict()
        self._lock = Lock()

    def at(self, connection: Connection, stream: str) -> At:
        """Return a stream's state as the database has it now, or a newer one that another thread saw.

        Raise BrokenHistory where it does not fold.
        """
        with self._lock:
            at = self._kept.get(stream, At(0, self._line.decider.initial))
        events = [(version, self._line.event_of(raw)) for _, version, raw in since(connection, {stream: at.version})]
        if events:
            at = At(events[-1][0], self._line.decider.replay((event for _, event in events), at.state))
        return self._newest(stream, at)

    def _newest(self, stream: str, at: At) -> At:
        with self._lock:
            kept = self._kept.get(stream)
            newest = at if kept is None or kept.version < at.version else kept
            if newest.version > 0:
                self._kept[stream] = newest
                self._kept.move_to_end(stream)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return newest
