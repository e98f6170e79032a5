"""The one clock of an installation: the system's, or a simulated one for demos and tests."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Where the time of the law is read, once per request, at the door."""

    simulated: bool

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    simulated = False

    def now(self) -> datetime:
        """Return the machine's time."""
        return datetime.now(UTC)  # noqa: TID251 - this is the door at which the clock is read


class BadClock(Exception):
    """The file of a simulated clock cannot be read; the text names it, `zh` does in Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


class SimulatedClock:
    """The machine's clock moved forward by an offset that all processes of a data directory read from one file."""

    simulated = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] = (0, 0)
        self._offset = timedelta()

    def now(self) -> datetime:
        """Return the machine's time moved by the offset in the file as it stands now."""
        self._reread()
        return SystemClock().now() + self._offset

    def advance(self, by: timedelta) -> datetime:
        """Move the clock forward and return the new time. Raise ValueError for a step back.

        Raise OverflowError for a time beyond the calendar.
        """
        if by < timedelta():
            raise ValueError("a simulated clock only goes forward")
        self._reread()
        offset = self._offset + by
        SystemClock().now() + offset  # beyond the calendar it fails here, before anything is kept
        temporary = self._path.with_suffix(".new")
        temporary.write_text(json.dumps({"offset_microseconds": offset // timedelta(microseconds=1)}))
        temporary.replace(self._path)
        return self.now()

    def _reread(self) -> None:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return
        if (stat.st_mtime_ns, stat.st_ino) != self._seen:
            try:
                self._offset = timedelta(microseconds=json.loads(self._path.read_text())["offset_microseconds"])
            except (ValueError, TypeError, KeyError, OverflowError) as error:
                zh = f"{self._path} 不是模拟时钟的文件，请由副本恢复"
                raise BadClock(f"{self._path} does not hold a clock's offset: restore it from a copy", zh) from error
            self._seen = (stat.st_mtime_ns, stat.st_ino)
