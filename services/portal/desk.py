"""The desk: what every room of the portal works with: clock, bus, lines, keys and the arrival rows of each line."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from services.portal.keeping import Keeping
from services.portal.problems import Problem, problem_of
from shared.kernel.canonical import NotCanonical
from shared.kernel.errors import BadInput, NotFound
from shared.kernel.line import Line
from shared.kernel.outcome import RefusalText
from shared.kernel.request import Actor, Arrival
from shared.messaging.bus import Bus, BusFault, BusTimeout
from shared.messaging.hallmark import Hallmark
from shared.platform import confidential, keys
from shared.platform.clock import Clock
from shared.platform.confidential import Question
from shared.platform.door import Door, Query
from shared.platform.settings import Settings
from shared.store import arrivals
from shared.store.arrivals import Sign
from shared.store.connect import connect
from shared.store.database import Database
from shared.store.vault import Vault

PUBLIC = Actor(account="public", role="public")
SYSTEM = Actor(account="system", role="system")
"""The portal itself, where it must know something whoever asks."""

ROLE = "portal"
"""The database role of the door: it may read and add arrival rows, and see which commands have an outcome and at which
revision the schema is.
"""

SHOWN_KEYS = (keys.RECEIPTS, keys.CREDENTIALS)
"""The keys whose public halves anyone may want: to check receipts and credentials."""

QUERY_WAIT = timedelta(seconds=5)
THREADS = 16
KNOWN_STREAMS = 100_000

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the world gives the portal: clock, bus, lines and randomness."""

    clock: Clock
    bus: Bus
    lines: Mapping[str, Line]
    random_bytes: Callable[[int], bytes]


@dataclass(kw_only=True)
class Desk:
    """The portal's own state; one a process.

    `waited_for` are the kept commands, by actor and id, whose answer somebody waits for now.
    """

    settings: Settings
    clock: Clock
    bus: Bus
    lines: Mapping[str, Line]
    random_bytes: Callable[[int], bytes]
    door: Door
    hallmark: Hallmark
    vault: Vault
    public_keys: Mapping[str, str]
    waited_for: set[tuple[str, str]] = field(default_factory=set)
    keeping: Keeping = field(init=False)
    _databases: dict[str, Database] = field(default_factory=dict)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS, "arrivals"))
    _streams: dict[str, str] = field(default_factory=dict)
    _question_keys: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let what arrives be committed in the threads kept for it."""
        self.keeping = Keeping(self._commit)

    async def _commit(self, line: str, signing: Sequence[tuple[str, Sign]], *, wait: bool) -> Sequence[Arrival | None]:
        commit = partial(arrivals.commit, self.database(line), self.vault, self.clock.now, signing, wait=wait)
        return await self.in_thread(commit)

    async def ask(self, service: str, name: str, arguments: Mapping[str, Any], actor: Actor) -> Any:
        """Return a view's answer. Raise the Problem of its refusal, or no_answer."""
        return _granted(await self._call(service, self._signed(name, arguments, actor)))

    async def ask_confidentially(self, line: str, name: str, arguments: Mapping[str, Any], actor: Actor) -> Any:
        """Return a view's answer to a question that the broker cannot read, nor its answer. Raise Problem."""
        question = Question.seal(self.question_key(line), self._signed(name, arguments, actor), self.random_bytes)
        sealed = self._signed(confidential.NAME, {"sealed": question.sealed}, PUBLIC)
        return _granted(question.open(_granted(await self._call(f"{line}_views", sealed))))

    def question_key(self, line: str) -> str:
        """Return the key that a line's questions are sealed to."""
        if line not in self._question_keys:
            keyring = keys.Keyring(self.settings.data / "keys")
            self._question_keys[line] = keyring.public_text(confidential.key_name(line))
        return self._question_keys[line]

    def _signed(self, name: str, arguments: Mapping[str, Any], actor: Actor) -> dict[str, str]:
        """Sign a query. Raise BadInput for what has no canonical bytes to be signed: text that is not in NFC."""
        try:
            return self.door.query(Query(name=name, arguments=dict(arguments), actor=actor, at=self.clock.now()))
        except NotCanonical as error:
            raise BadInput(f"查询内容超出规范格式：{error.zh}", f"outside the canonical profile: {error}") from error

    async def _call(self, service: str, signed: dict[str, str]) -> Any:
        try:
            return await self.bus.call(service, "query", signed, self.clock.now() + QUERY_WAIT)
        except (BusTimeout, BusFault) as error:
            raise no_answer() from error

    async def ask_of(self, stream: str, name: str, arguments: Mapping[str, Any], actor: Actor) -> Any:
        """Return the answer of the line that has this stream, found by asking each. Raise Problem."""
        if stream in self._streams:
            return await self.ask(f"{self._streams[stream]}_views", name, arguments, actor)
        line, answer = await self._first(name, arguments, actor)
        if len(self._streams) < KNOWN_STREAMS:
            self._streams[stream] = line
        return answer

    async def ask_all(self, name: str, arguments: Mapping[str, Any], actor: Actor) -> Any:
        """Return the answer of the first line that has one. Raise Problem."""
        return (await self._first(name, arguments, actor))[1]

    def line_of(self, stream: str) -> str:
        """Return the name of the line whose stream this is, once `ask_of` has found it."""
        return self._streams[stream]

    async def _first(self, name: str, arguments: Mapping[str, Any], actor: Actor) -> tuple[str, Any]:
        names = sorted(self.lines)
        asked = [self.ask(f"{line}_views", name, arguments, actor) for line in names]
        answers = dict(zip(names, await asyncio.gather(*asked, return_exceptions=True), strict=True))
        for line, answer in answers.items():
            if not isinstance(answer, BaseException):
                return line, answer
        raise _most_telling([answer for answer in answers.values() if isinstance(answer, BaseException)])

    async def showing(self, procedure: str) -> list[str]:
        """Return the lines that show the public a procedure of this name. Raise Problem where one does not answer."""

        async def shows(line: str) -> bool:
            try:
                await self.ask(f"{line}_views", "procedure", {"id": procedure}, PUBLIC)
            except Problem as problem:
                if problem.code == NotFound.code:
                    return False
                raise
            return True

        names = sorted(self.lines)
        shown = await asyncio.gather(*map(shows, names))
        return [line for line, yes in zip(names, shown, strict=True) if yes]

    def database(self, line: str) -> Database:
        """Return a line's database as the door may use it."""
        if line not in self._databases:
            self._databases[line] = connect(self.settings, line, role=ROLE)
        return self._databases[line]

    async def in_thread(self, work: Callable[..., R], *given: Any) -> R:
        """Return what `work` returns in one of the threads kept for databases."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *given))

    def close(self) -> None:
        """Let go of threads and databases."""
        self._threads.shutdown(cancel_futures=True)
        for database in self._databases.values():
            database.close()


def make_desk(settings: Settings, given: Given) -> Desk:
    """Return the desk of an installation. Raise KeyMissing where its keys are not made yet."""
    keyring = keys.Keyring(settings.data / "keys")
    return Desk(
        settings=settings,
        clock=given.clock,
        bus=given.bus,
        lines=given.lines,
        random_bytes=given.random_bytes,
        door=Door(keyring.signing(keys.DOOR)),
        hallmark=Hallmark(keyring.secret(keys.EVENTS)),
        vault=Vault(keyring.fernet(keys.ARRIVALS)),
        public_keys={name: keyring.public_text(name) for name in SHOWN_KEYS},
    )


def _granted(reply: Any) -> Any:
    """Return the answer in a reply. Raise the Problem of its refusal."""
    if "refusal" in reply:
        raise problem_of(RefusalText.model_validate(reply["refusal"]))
    return reply["answer"]


def no_answer() -> Problem:
    """Return the problem of a service that did not answer in time."""
    return Problem("no_answer", "服务暂未应答，请稍后重试", "the service did not answer in time; try again later")


def _most_telling(errors: Sequence[BaseException]) -> BaseException:
    """Return the error to tell: another than `not found` first, for nobody knows what a silent line has."""
    telling = [error for error in errors if not isinstance(error, Problem) or error.code != NotFound.code]
    missing = problem_of(NotFound("没有找到，或无权查看", "there is no such thing, or none that you may see"))
    return next(iter(telling), missing)
