"""Arrivals that come together share a commit; one that cannot be kept stops no other."""

import asyncio
from collections.abc import Sequence
from functools import partial

import pytest

from services.portal.keeping import MOST, PACE_SECONDS, Keeping
from shared.kernel.request import Arrival
from shared.store.arrivals import Sign
from tests.portal.house import until
from tests.store.till import AT, asked

pytestmark = pytest.mark.anyio


class Commits:
    """Commits what it is given, all or none, and remembers how many at a time. A stream in `closing` takes its time."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.seconds = 0.01
        self.closing: set[str] = set()
        self.closed = asyncio.Event()

    async def commit(self, line: str, signing: Sequence[tuple[str, Sign]], *, wait: bool) -> Sequence[Arrival | None]:
        assert line == "till"
        await asyncio.sleep(self.seconds)
        if wait and self.closing & {stream for stream, _ in signing}:
            await self.closed.wait()
        made = [sign(AT) if wait or stream not in self.closing else None for stream, sign in signing]
        if "bad" in {one.id for one in made if one is not None}:
            raise ValueError("bad")
        self.sizes.append(len([one for one in made if one is not None]))
        return made


def named(name: str, stream: str = "t1") -> Sign:
    return partial(_sign, name, stream)


def _sign(name: str, stream: str, at: object) -> Arrival:
    assert at == AT
    return asked(name, stream=stream)


async def test_who_comes_alone_waits_for_nobody_and_who_comes_meanwhile_shares_the_next_commit() -> None:
    commits = Commits()
    keeping = Keeping(commits.commit)

    kept = await asyncio.gather(*(keeping.keep("till", "t1", named(f"a{number}")) for number in range(MOST + 2)))

    assert [one.id for one in kept] == [f"a{number}" for number in range(MOST + 2)]
    assert commits.sizes == [MOST, 2]
    await until(lambda: not keeping._waiting)


async def test_what_comes_one_after_the_other_shares_a_commit_where_one_was_just_made() -> None:
    commits = Commits()
    commits.seconds = 0.0
    keeping = Keeping(commits.commit)

    async def come(number: int) -> None:
        await asyncio.sleep(number * PACE_SECONDS / 20)
        await keeping.keep("till", "t1", named(f"a{number}"))

    await asyncio.gather(*map(come, range(11)))

    assert commits.sizes[0] == 1
    assert len(commits.sizes) < 6
    assert sum(commits.sizes) == 11


async def test_streams_share_a_commit() -> None:
    commits = Commits()
    keeping = Keeping(commits.commit)

    await asyncio.gather(*(keeping.keep("till", f"t{number}", named("a", f"t{number}")) for number in range(3)))

    assert commits.sizes == [3]


async def test_a_stream_that_is_being_closed_waits_alone_and_in_order() -> None:
    commits = Commits()
    commits.closing = {"t2"}
    keeping = Keeping(commits.commit)
    done: list[str] = []

    async def keep(name: str, stream: str) -> None:
        await keeping.keep("till", stream, named(name, stream))
        done.append(name)

    waiting = [asyncio.create_task(keep(name, stream)) for name, stream in (("a", "t1"), ("b", "t2"), ("c", "t2"))]
    await asyncio.sleep(commits.seconds / 2)  # the first commit is under way
    waiting += [asyncio.create_task(keep(name, stream)) for name, stream in (("d", "t2"), ("e", "t1"))]
    await until(lambda: done == ["a", "e"])
    waiting.append(asyncio.create_task(keep("f", "t2")))
    await asyncio.sleep(3 * commits.seconds)
    before = list(done)
    commits.closing.clear()
    commits.closed.set()
    await asyncio.gather(*waiting)

    assert before == ["a", "e"]
    assert done == ["a", "e", "b", "c", "d", "f"]
    await until(lambda: not keeping._waiting)


async def test_one_that_cannot_be_kept_stops_no_other_and_its_sender_is_told() -> None:
    commits = Commits()
    keeping = Keeping(commits.commit)

    names = ("a", "bad", "b")
    kept = await asyncio.gather(*(keeping.keep("till", "t1", named(name)) for name in names), return_exceptions=True)

    assert [one.id if isinstance(one, Arrival) else type(one) for one in kept] == ["a", ValueError, "b"]


async def test_who_leaves_does_not_hold_the_others_up() -> None:
    commits = Commits()
    keeping = Keeping(commits.commit)
    leaving = asyncio.create_task(keeping.keep("till", "t1", named("a")))
    staying = asyncio.create_task(keeping.keep("till", "t1", named("b")))
    await asyncio.sleep(0)
    leaving.cancel()

    assert (await staying).id == "b"
