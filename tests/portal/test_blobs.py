"""A blob is exactly the bytes that were announced, however many parts, breaks and crashes it took to bring them."""

import asyncio
import hashlib
import random
import stat
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.store.blobs import (
    KEPT,
    BlobStore,
    NoSuchUpload,
    TooLarge,
    UploadBusy,
    Uploads,
    WrongDigest,
    WrongOffset,
)
from tests.store.till import AT

pytestmark = pytest.mark.anyio
LIMIT = 10_000_000


class Stand:
    """A store with its way in, at a time that tests move."""

    def __init__(self, directory: Path) -> None:
        self.at = AT
        self.store = BlobStore(directory / "blobs")
        self.uploads = self.again()

    def now(self) -> datetime:
        return self.at

    def again(self) -> Uploads:
        """Return the way in as another process has it after a restart."""
        randomly = random.Random(self.at.timestamp()).randbytes
        return Uploads(self.store, limit=LIMIT, now=self.now, random_bytes=randomly)


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    return Stand(tmp_path)


async def parts(*chunks: bytes, broken: bool = False) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    if broken:
        raise ConnectionResetError


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def cut(data: bytes, size: int) -> Iterable[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


async def test_a_file_in_one_part_becomes_a_blob(stand: Stand) -> None:
    data = random.Random(1).randbytes(3_000_000)

    upload = stand.uploads.begin(len(data), sha256(data))
    done = await stand.uploads.append(upload.id, 0, parts(*cut(data, 65_536)))

    path = stand.store.path(sha256(data))
    assert (done.done, done.offset) == (True, len(data))
    assert path.read_bytes() == data
    assert path.relative_to(stand.store.directory).as_posix() == f"{sha256(data)[:2]}/{sha256(data)[2:]}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stand.store.has(sha256(data), len(data))
    assert not stand.store.has(sha256(data), len(data) + 1)


async def test_what_came_before_a_break_is_kept(stand: Stand) -> None:
    data = random.Random(2).randbytes(2_500_000)
    upload = stand.uploads.begin(len(data), sha256(data))

    with pytest.raises(ConnectionResetError):
        await stand.uploads.append(upload.id, 0, parts(data[:1_300_000], data[1_300_000:1_700_001], broken=True))
    after = stand.again().look(upload.id)
    done = await stand.again().append(upload.id, after.offset, parts(data[after.offset :]))

    assert (after.offset, after.done, done.done) == (1_700_001, False, True)
    assert stand.store.path(sha256(data)).read_bytes() == data


async def test_who_is_cancelled_leaves_whole_bytes(stand: Stand) -> None:
    data = random.Random(3).randbytes(4_000_000)
    upload = stand.uploads.begin(len(data), sha256(data))

    async def hanging() -> AsyncIterator[bytes]:
        yield data[:1_500_000]
        yield data[1_500_000:2_000_000]
        await asyncio.Event().wait()

    appending = asyncio.create_task(stand.uploads.append(upload.id, 0, hanging()))
    await asyncio.sleep(0.1)
    appending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await appending
    after = stand.uploads.look(upload.id)
    await stand.uploads.append(upload.id, after.offset, parts(data[after.offset :]))

    assert after.offset == 2_000_000
    assert stand.store.path(sha256(data)).read_bytes() == data


async def test_other_bytes_than_announced_are_refused_by_name_and_thrown_away(stand: Stand) -> None:
    upload = stand.uploads.begin(3, sha256(b"abc"))

    with pytest.raises(WrongDigest) as wrong:
        await stand.uploads.append(upload.id, 0, parts(b"abd"))

    assert (wrong.value.announced, wrong.value.found) == (sha256(b"abc"), sha256(b"abd"))
    with pytest.raises(NoSuchUpload):
        stand.uploads.look(upload.id)
    assert not stand.store.has(sha256(b"abd"), 3)


async def test_a_part_begins_where_the_upload_stands(stand: Stand) -> None:
    upload = stand.uploads.begin(6, sha256(b"abcdef"))
    await stand.uploads.append(upload.id, 0, parts(b"abc"))

    for offset in (0, 2, 4, 6):
        with pytest.raises(WrongOffset):
            await stand.uploads.append(upload.id, offset, parts(b"xyz"))
    assert (await stand.uploads.append(upload.id, 3, parts(b"def"))).done


async def test_more_than_announced_is_refused(stand: Stand) -> None:
    upload = stand.uploads.begin(3, sha256(b"abc"))

    with pytest.raises(TooLarge):
        await stand.uploads.append(upload.id, 0, parts(b"ab", b"cd"))

    assert stand.uploads.look(upload.id).offset == 2


@pytest.mark.parametrize("length", [-1, LIMIT + 1])
async def test_more_than_the_limit_is_not_begun(stand: Stand, length: int) -> None:
    with pytest.raises(TooLarge):
        stand.uploads.begin(length, sha256(b""))


async def test_two_parts_at_once_do_not_mix(stand: Stand) -> None:
    upload = stand.uploads.begin(6, sha256(b"abcdef"))
    go_on = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"abc"
        await go_on.wait()
        yield b"def"

    first = asyncio.create_task(stand.uploads.append(upload.id, 0, slow()))
    await asyncio.sleep(0.05)
    with pytest.raises(UploadBusy):
        await stand.again().append(upload.id, 0, parts(b"xyz"))
    go_on.set()

    assert (await first).done


async def test_an_empty_file_is_a_blob_too(stand: Stand) -> None:
    upload = stand.uploads.begin(0, sha256(b""))

    assert upload.done
    assert stand.store.has(sha256(b""), 0)


async def test_the_same_file_twice_is_one_blob(stand: Stand) -> None:
    for _ in range(2):
        upload = stand.uploads.begin(3, sha256(b"abc"))
        stand.at += timedelta(seconds=1)
        stand.uploads = stand.again()
        assert (await stand.uploads.append(upload.id, 0, parts(b"abc"))).done

    assert [path.read_bytes() for path in stand.store.directory.glob("??/*") if path.is_file()] == [b"abc"]


async def test_what_a_crash_left_complete_is_finished_when_looked_at(stand: Stand) -> None:
    upload = stand.uploads.begin(3, sha256(b"abc"))
    (stand.store.directory / "uploads" / f"{upload.id}.part").write_bytes(b"abc")

    assert stand.again().look(upload.id).done
    assert stand.store.has(sha256(b"abc"), 3)


async def test_what_a_crash_left_before_it_was_noted_is_done(stand: Stand) -> None:
    upload = stand.uploads.begin(3, sha256(b"abc"))
    blob = stand.store.path(sha256(b"abc"))
    blob.parent.mkdir()
    (stand.store.directory / "uploads" / f"{upload.id}.part").rename(blob)
    blob.write_bytes(b"abc")

    after = stand.again().look(upload.id)

    assert (after.done, after.offset) == (True, 3)


async def test_an_upload_expires_and_its_blob_does_not(stand: Stand) -> None:
    begun, done = stand.uploads.begin(3, sha256(b"abc")), stand.uploads.begin(3, sha256(b"xyz"))
    await stand.uploads.append(done.id, 0, parts(b"xyz"))

    stand.at += KEPT
    before = stand.uploads.sweep()
    stand.at += timedelta(seconds=1)

    with pytest.raises(NoSuchUpload):
        stand.uploads.look(begun.id)
    assert (before, stand.uploads.sweep(), stand.uploads.sweep()) == (0, 2, 0)
    assert stand.store.has(sha256(b"xyz"), 3)
    assert list((stand.store.directory / "uploads").iterdir()) == []


@pytest.mark.parametrize("id_", ["", "../x", "f" * 31, "F" * 32, "f" * 32])
async def test_there_is_no_way_to_name_another_file(stand: Stand, id_: str) -> None:
    with pytest.raises(NoSuchUpload):
        stand.uploads.look(id_)


@pytest.mark.parametrize("digest", ["", "..", "a" * 63, "A" * 64, "a" * 64 + "\n", "../" + "a" * 61])
async def test_there_is_no_way_to_name_another_blob(stand: Stand, digest: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        stand.store.path(digest)


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=400), cuts=st.lists(st.integers(0, 400), max_size=6), breaks=st.sets(st.integers(0, 6)))
def test_whatever_the_parts_and_breaks_the_bytes_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, cuts: list[int], breaks: set[int]
) -> None:
    stand = Stand(tmp_path_factory.mktemp("blobs"))
    edges = sorted({0, len(data), *(at for at in cuts if at <= len(data))})

    async def bring() -> None:
        upload = stand.uploads.begin(len(data), sha256(data))
        for number, (start, end) in enumerate(pairwise(edges)):
            try:
                upload = await stand.uploads.append(upload.id, start, parts(data[start:end], broken=number in breaks))
            except ConnectionResetError:
                assert stand.again().look(upload.id).offset == end

    asyncio.run(bring())
    assert stand.store.path(sha256(data)).read_bytes() == data
