"""Every role asks every query and gives every command about every kind of thing, at a real door: docs/api-matrix.md."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import orjson
import pytest

from tests.matrix import DECIDED, QUERIES, REFUSED, ROLES, Asked, Command, Thing, commands
from tests.system.bodies import Bodies
from tests.system.cells import Cells, OpenStage
from tests.system.reading import Answer, ask_as, command

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

ROLE_REFUSED = "may not ask for"
"""What a refusal for the role alone says; every other refusal is a decision's."""

AT_ONCE = 8
"""How many ask side by side, as at any real door."""

UPLOAD = {"Tus-Resumable": "1.0.0", "Upload-Length": "1", "Upload-Metadata": f"sha256 {'MDAw' * 21}MA=="}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: who, what, about what; what was expected, and what came."""

    role: str
    verb: str
    thing: Thing
    expected: str
    answer: Answer

    @property
    def right(self) -> bool:
        """Whether the answer is what was expected."""
        status = self.answer.status
        if self.expected == REFUSED:
            return status in {403, 404, 409, 422}
        if self.expected == DECIDED:
            return status in {200, 202, 403, 404, 409, 422} and ROLE_REFUSED.encode() not in self.answer.body
        return status == int(self.expected)

    def __str__(self) -> str:
        found = self.answer.body[:300].decode(errors="replace") if self.answer.status >= 400 else ""
        return f"{self.role} {self.verb} {self.thing.name}: {self.answer.status}, not {self.expected} {found}"


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cells]:
    with OpenStage(tmp_path_factory.mktemp("matrix") / "data") as stage:
        yield Cells(stage)


@pytest.fixture(scope="module")
def asked(cells: Cells) -> list[Cell]:
    """Return every cell: queries first, for commands change what is asked about."""
    _leave_outcomes(cells)
    found = [*_queries(cells)]
    return [*found, *_commands(cells)]


def _leave_outcomes(cells: Cells) -> None:
    """Let everyone give a command, and somebody else one of its own, so that there are outcomes to ask for."""
    stream = cells.tenders[Thing(own=True, phase="running")].procedure
    body = {"type": "bidding.start_opening"}
    for role in ROLES[1:]:
        command(cells.stage, cells.asker(role, Thing(own=True)), stream, body, f"given-{role}")
    command(cells.stage, cells.scene.player("agency-other").asker(), stream, body, "given-other")


def _queries(cells: Cells) -> Iterator[Cell]:
    wanted = [(verb, query, thing, role) for verb, query in QUERIES.items() for thing in query.things for role in ROLES]

    def ask(one: tuple[str, Asked, Thing, str]) -> Cell:
        verb, query, thing, role = one
        body, headers = b"", UPLOAD if verb == "POST /api/uploads" else {}
        if verb == "POST /api/credentials":
            body = orjson.dumps({"procedure": "t1", "public_key": "A" * 43})
        method, path = verb.partition(" ")[0], cells.path(verb, role, thing)
        answer = ask_as(cells.stage, path, cells.asker(role, thing), method=method, body=body, headers=headers)
        return Cell(role, verb, thing, str(query.expected(role, thing)), answer)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(ask, wanted)


def _commands(cells: Cells) -> Iterator[Cell]:
    """Give what is refused for the role at once, for it changes nothing; then the others one by one."""
    bodies = Bodies(cells.stage.client.get("/api/openapi.json"))
    wanted = [(one, thing, role) for one in commands() for thing in one.things for role in ROLES]

    def give(one: tuple[Command, Thing, str]) -> Cell:
        given, thing, role = one
        answer = _give(cells, bodies, given, role, thing=thing, id_=f"cell-{wanted.index(one)}")
        return Cell(role, given.kind, thing, given.expected(role, thing), answer)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(give, [one for one in wanted if _for_role(one)])
    yield from map(give, [one for one in wanted if not _for_role(one)])


def _for_role(one: tuple[Command, Thing, str]) -> bool:
    given, thing, role = one
    return given.expected(role, thing) in {"401", "403"}


def _give(cells: Cells, bodies: Bodies, one: Command, role: str, *, thing: Thing, id_: str) -> Answer:
    """Give a command about a tender, or about a registry's stream: there, what is one's own is spent on it."""
    body = bodies.command(one.kind)
    if one.kind == "bidding.draft_tender":
        body["buyer"] = cells.buyer
    asker = cells.asker(role, thing)
    if thing.phase:
        return command(cells.stage, asker, cells.tenders[thing].procedure, body, id_)
    stream = "account-agency-other"
    if thing.own and role in one.entitled:
        asker, stream = cells.doomed(role)
    return command(cells.stage, asker, stream, body, id_)


def test_every_cell_of_the_matrix_is_as_expected(asked: list[Cell], capsys: pytest.CaptureFixture[str]) -> None:
    granted = Counter(cell.answer.status < 300 for cell in asked)
    with capsys.disabled():
        print(f"\nmatrix: {len(asked)} cells asked, {granted[True]} granted, {granted[False]} refused")  # noqa: T201 - the counts are the point

    wrong = [str(cell) for cell in asked if not cell.right]
    assert not wrong, "\n".join(wrong)


def test_no_cell_is_a_fault(asked: list[Cell]) -> None:
    assert [str(cell) for cell in asked if cell.answer.status >= 500] == []


def test_what_is_refused_for_the_role_is_refused_the_same_whatever_it_is_about(asked: list[Cell]) -> None:
    told: dict[tuple[str, str], set[bytes]] = {}
    for cell in asked:
        if cell.expected == "403" and "." in cell.verb:
            problem = orjson.loads(cell.answer.body)
            told.setdefault((cell.role, cell.verb), set()).add(problem["detail_en"].encode())

    assert told
    assert {key: found for key, found in told.items() if len(found) > 1} == {}
