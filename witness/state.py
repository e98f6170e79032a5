"""What a witness remembers: for each log the last checkpoint it cosigned, in one small file."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from shared.ledger.checkpoint import Checkpoint, parse_text
from shared.ledger.text import decode_utf8


class Moved(Exception):
    """Another request was persisted in between; `latest` is what is remembered now."""

    def __init__(self, latest: Checkpoint | None) -> None:
        super().__init__("the remembered checkpoint is another one by now")
        self.latest = latest


class State:
    """The memory of one witness, in a folder that it alone writes.

    A damaged file raises Malformed: to take it for an empty memory would let a log begin again.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def latest(self, origin: str) -> Checkpoint | None:
        """Return the checkpoint last persisted for a log, None if there is none."""
        try:
            return parse_text(decode_utf8(self._file(origin).read_bytes()))
        except FileNotFoundError:
            return None

    def advance(self, before: Checkpoint | None, after: Checkpoint) -> None:
        """Persist `after` if `before` is still the one remembered, else raise Moved.

        Comparing and writing are one step for all threads and processes; on return the file is on disk.
        """
        with self._locked():
            if (latest := self.latest(after.origin)) != before:
                raise Moved(latest)
            if after != latest:
                self._write(self._file(after.origin), after.text.encode())

    def _file(self, origin: str) -> Path:
        return self._folder / f"{sha256(origin.encode()).hexdigest()}.checkpoint"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, target: Path, data: bytes) -> None:
        """Replace a file so that after any crash either the old or the new one is there, whole."""
        temporary = target.with_suffix(".new")
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
