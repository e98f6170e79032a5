"""Blobs: files by the SHA-256 of their bytes, `ab/cdef...` in one directory; uploaded in parts, never rewritten."""

import asyncio
import fcntl
import hashlib
import os
import re
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, TypeVar

from shared.kernel.message import Instant, Message, Sha256

KEPT = timedelta(days=3)
"""How long an unfinished upload is kept."""

BUFFER = 2**20
ID_BYTES = 16

R = TypeVar("R")

_ID = re.compile(r"[0-9a-f]{32}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class UploadRefused(Exception):
    """An upload that cannot begin or go on; the family of these reasons."""


class TooLarge(UploadRefused):
    """More bytes than the installation takes in one file, or than the upload announced."""


class NoSuchUpload(UploadRefused):
    """There is no upload of this id, or it has expired."""


class WrongOffset(UploadRefused):
    """The part does not begin where the upload stands."""


class UploadBusy(UploadRefused):
    """Another part of the same upload is being written."""


class WrongDigest(UploadRefused):
    """All bytes are here and are not those that were announced; they are thrown away."""

    def __init__(self, announced: str, found: str) -> None:
        super().__init__(f"announced {announced}, found {found}")
        self.announced = announced
        self.found = found


class Upload(Message):
    """An upload as it stands: `offset` of `length` bytes are stored; `done` once they are a blob."""

    id: str
    length: int
    sha256: Sha256
    expires_at: Instant
    offset: int = 0
    done: bool = False


class BlobStore:
    """The finished blobs of an installation."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path(self, sha256: str) -> Path:
        """Return where the blob of this digest is or would be. Raise ValueError for what is no digest."""
        return self.directory.joinpath(checked(sha256)[:2], sha256[2:])

    def has(self, sha256: str, size: int) -> bool:
        """Whether the blob is stored in full with this size in bytes."""
        try:
            return self.path(sha256).stat().st_size == size
        except FileNotFoundError:
            return False


class Uploads:
    """The way in: parts are appended to a file of their own, which becomes a blob when its digest is right.

    What was written survives a crash, and goes on from its offset. Memory stays constant whatever the size.
    """

    def __init__(
        self, store: BlobStore, *, limit: int, now: Callable[[], datetime], random_bytes: Callable[[int], bytes]
    ) -> None:
        self._store = store
        self._limit = limit
        self._now = now
        self._random_bytes = random_bytes
        self._directory = store.directory / "uploads"

    def begin(self, length: int, sha256: str) -> Upload:
        """Begin an upload of `length` bytes with this digest. Raise TooLarge, or ValueError for what is no digest."""
        checked(sha256)
        if not 0 <= length <= self._limit:
            raise TooLarge(f"at most {self._limit} bytes")
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        id_ = self._random_bytes(ID_BYTES).hex()
        upload = Upload(id=id_, length=length, sha256=sha256, expires_at=self._now() + KEPT)
        self._note(upload)
        os.close(os.open(self._part(id_), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return self._finish(upload) if length == 0 else upload

    def look(self, id_: str) -> Upload:
        """Return an upload as it stands; one that a crash left complete is finished now.

        Raise NoSuchUpload; WrongDigest where finishing shows it.
        """
        upload = self._noted(id_)
        if upload.done:
            return upload
        try:
            stands = upload.model_copy(update={"offset": self._part(id_).stat().st_size})
            if stands.offset < stands.length:
                return stands
            with self._locked(id_):
                return self._finish(stands)
        except FileNotFoundError as error:
            if not self._store.has(upload.sha256, upload.length):
                raise NoSuchUpload(id_) from error
            return upload.model_copy(update={"offset": upload.length, "done": True})

    async def append(self, id_: str, offset: int, chunks: AsyncIterable[bytes]) -> Upload:
        """Append chunks of any size from `offset` on and return the upload, done if these were the last.

        What came before `chunks` fails is kept. Raise NoSuchUpload, WrongOffset, UploadBusy, TooLarge, WrongDigest.
        """
        upload = await _in_thread(self.look, id_)
        if upload.done or offset != upload.offset:
            raise WrongOffset(f"the upload stands at {upload.offset}")
        try:
            with self._locked(id_) as part:
                if part.seek(0, os.SEEK_END) != offset:
                    raise WrongOffset("another part came first")
                await self._write(part, upload.length - offset, chunks)
                stands = upload.model_copy(update={"offset": part.tell()})
                return await _in_thread(self._finish, stands) if stands.offset == stands.length else stands
        except FileNotFoundError as error:
            raise WrongOffset("it was finished or thrown away meanwhile") from error

    def sweep(self) -> int:
        """Throw away what has expired and return how many uploads that were."""
        swept = 0
        for note in self._directory.glob("*.json"):
            if Upload.model_validate_json(note.read_bytes()).expires_at < self._now():
                self._part(note.stem).unlink(missing_ok=True)
                note.unlink(missing_ok=True)
                swept += 1
        return swept

    async def _write(self, part: IO[bytes], left: int, chunks: AsyncIterable[bytes]) -> None:
        gathered = bytearray()
        try:
            async for chunk in chunks:
                left -= len(chunk)
                if left < 0:
                    raise TooLarge("more bytes than announced")
                gathered += chunk
                if len(gathered) >= BUFFER:
                    full, gathered = gathered, bytearray()
                    await _in_thread(_write, part, full)
        finally:
            await _in_thread(_write, part, gathered)
            await _in_thread(os.fsync, part.fileno())

    def _finish(self, upload: Upload) -> Upload:
        part = self._part(upload.id)
        if (found := digest_of(part)) != upload.sha256:
            part.unlink()
            self._note_path(upload.id).unlink()
            raise WrongDigest(upload.sha256, found)
        blob = self._store.path(upload.sha256)
        blob.parent.mkdir(exist_ok=True, mode=0o700)
        part.replace(blob)
        _sync_directory(blob.parent)
        done = upload.model_copy(update={"done": True})
        self._note(done)
        return done

    @contextmanager
    def _locked(self, id_: str) -> Iterator[IO[bytes]]:
        """Give the part's file, held by a lock that other processes see too."""
        with self._part(id_).open("r+b", buffering=0) as part:
            try:
                fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UploadBusy(id_) from error
            yield part

    def _noted(self, id_: str) -> Upload:
        if not _ID.fullmatch(id_):
            raise NoSuchUpload(id_)
        try:
            upload = Upload.model_validate_json(self._note_path(id_).read_bytes())
        except FileNotFoundError as error:
            raise NoSuchUpload(id_) from error
        if upload.expires_at < self._now():
            raise NoSuchUpload(id_)
        return upload

    def _note(self, upload: Upload) -> None:
        path = self._note_path(upload.id)
        temporary = path.with_suffix(".new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(upload.canonical())
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_directory(self._directory)

    def _part(self, id_: str) -> Path:
        return self._directory / f"{id_}.part"

    def _note_path(self, id_: str) -> Path:
        return self._directory / f"{id_}.json"


def checked(sha256: str) -> str:
    """Return the digest itself. Raise ValueError for what is none."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256 digest in lower-case hexadecimal")
    return sha256


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in steps."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(part: IO[bytes], data: bytearray) -> None:
    """Write all of it: where the disk is full, a first attempt may write a part."""
    left = memoryview(data)
    while left:
        left = left[part.write(left) :]


async def _in_thread(work: Callable[..., R], *given: Any) -> R:
    """Return what `work` returns in a thread. Who is cancelled waits for it all the same: it holds the file."""
    working = asyncio.ensure_future(asyncio.to_thread(work, *given))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        raise


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
