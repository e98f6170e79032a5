"""Makes docs/api-matrix.md, who may do what at the door: `python -m tests.matrix`.

What is expected of commands comes from the lines (`LINE.entitled`), what is expected of queries from the table here; a
system test asks every cell at a real door.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.runtime.lines import lines

PAGE = Path(__file__).parents[1] / "docs" / "api-matrix.md"

ROLES = ("public", "bidder", "token", "tenderer", "agency", "expert", "supervisor", "authority", "operator")
RUNNERS = frozenset({"tenderer", "agency"})
OFFICE = frozenset({"supervisor", "operator"})
PHASES = ("draft", "running", "ended")

OF_PROCEDURE = "/api/procedures/{id}"

REFUSED = "refused"
"""An answer that grants nothing: unauthorised, not entitled, not there, or not now."""

DECIDED = "decided"
"""An answer by the law of the line: granted, or refused for what is asked and when; never for the asker's role."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is asked about: one's own or another's; for procedures in a phase."""

    own: bool
    phase: str = ""

    @property
    def name(self) -> str:
        """The object in words."""
        return f"{'own' if self.own else 'another'} {self.phase}".strip()


TENDERS = tuple(Thing(own, phase) for phase in PHASES for own in (True, False))
TWO = (Thing(own=True), Thing(own=False))
ONE = (Thing(own=False),)

Expected = Callable[[str, Thing], int]


def signed(rule: Expected) -> Expected:
    """Return a rule that asks for a name first."""
    return lambda role, thing: 401 if role == "public" else rule(role, thing)


def of_tender(rule: Expected) -> Expected:
    """Return a rule about a tender: a credential is of one, and a draft is its own side's alone."""

    def expected(role: str, thing: Thing) -> int:
        if role == "token" and not thing.own:
            return 401
        if thing.phase == "draft" and not runs(role, thing):
            return 404
        return rule(role, thing)

    return expected


def runs(role: str, thing: Thing) -> bool:
    """Whether a role runs the tender."""
    return role in RUNNERS and thing.own


def everyone(_role: str, _thing: Thing) -> int:
    """Let everyone have it."""
    return 200


def once_announced(_role: str, thing: Thing) -> int:
    """Let everyone have it, once there is anything."""
    return 404 if thing.phase == "draft" else 200


def once_ended(_role: str, thing: Thing) -> int:
    """Let everyone have it, once the tender has ended: until then its records would count what is handed in."""
    return 200 if thing.phase == "ended" else 404


def for_authorities(role: str, thing: Thing) -> int:
    """Let those who hold shares have it, and who watches, once reception is closed."""
    if not (role in {*OFFICE, "authority"} or (role == "agency" and thing.own)):
        return 403
    return 200 if thing.phase == "ended" else 404


def for_watch(role: str, _thing: Thing) -> int:
    """Let who watches have it."""
    return 200 if role in OFFICE else 403


def for_supervisor(role: str, thing: Thing) -> int:
    """Let the supervisor have it, once the records may be had; to others it is refused for their role, unlooked at."""
    if role == "token" and not thing.own:
        return 401
    if role != "supervisor":
        return 403
    return 200 if thing.phase == "ended" else 404


def bids_for(role: str, thing: Thing) -> int:
    """Let who runs, evaluates or supervises read a bid after the opening."""
    return 200 if thing.phase == "ended" and (runs(role, thing) or role in {"expert", "supervisor"}) else 404


def owners(role: str, thing: Thing) -> int:
    """Let its owner have it, and the office; to others it is not there."""
    return 200 if role in OFFICE or (thing.own and role != "token") else 404


def owner_alone(_role: str, thing: Thing) -> int:
    """Let its owner alone have it."""
    return 200 if thing.own else 404


def parties_own(role: str, thing: Thing) -> int:
    """Let a party's own accounts have it, and the office."""
    return 200 if role in OFFICE or (thing.own and role in {"bidder", *RUNNERS}) else 404


def only(*roles: str, status: int = 200) -> Expected:
    """Return a rule that lets these roles have it."""
    return lambda role, _thing: status if role in roles else 403


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: about what, and what is expected."""

    things: tuple[Thing, ...]
    expected: Expected


QUERIES: Mapping[str, Asked] = {
    f"GET {OF_PROCEDURE}": Asked(TENDERS, of_tender(everyone)),
    f"GET {OF_PROCEDURE}/history": Asked(TENDERS, of_tender(everyone)),
    f"GET {OF_PROCEDURE}/opening": Asked(TENDERS, of_tender(everyone)),
    f"GET {OF_PROCEDURE}/rulebook": Asked(TENDERS, of_tender(once_announced)),
    f"GET {OF_PROCEDURE}/envelopes": Asked(TENDERS, of_tender(for_authorities)),
    f"GET {OF_PROCEDURE}/alarms": Asked(TENDERS, of_tender(for_watch)),
    f"GET {OF_PROCEDURE}/replay": Asked(TENDERS, signed(of_tender(everyone))),
    f"GET {OF_PROCEDURE}/redecide": Asked(TENDERS, signed(for_supervisor)),
    f"GET {OF_PROCEDURE}/trail": Asked(TENDERS, signed(for_supervisor)),
    f"GET {OF_PROCEDURE}/bundle": Asked(TENDERS, of_tender(once_ended)),
    "GET /api/blobs/{sha256}": Asked(TENDERS, of_tender(bids_for)),
    "GET /api/procedures": Asked(ONE, everyone),
    "GET /api/outcomes/{id}": Asked(TWO, signed(owner_alone)),
    "GET /api/accounts/{id}": Asked(TWO, signed(owners)),
    "GET /api/parties": Asked(ONE, signed(only("supervisor", "operator"))),
    "GET /api/parties/{scheme}/{id}": Asked(TWO, signed(parties_own)),
    "GET /api/blacklist": Asked(ONE, everyone),
    "GET /api/calendars": Asked(ONE, everyone),
    "GET /api/calendars/{year}": Asked(ONE, everyone),
    "GET /api/ledger/findings": Asked(ONE, signed(only("supervisor"))),
    "GET /api/ledger/unwitnessed": Asked(ONE, signed(only("supervisor", "operator"))),
    "GET /api/ledger/policy": Asked(ONE, everyone),
    "GET /api/ledger/proof": Asked(ONE, everyone),
    "GET /ledger/{path}": Asked(ONE, everyone),
    "GET /api/time": Asked(ONE, everyone),
    "GET /api/keys": Asked(ONE, everyone),
    "GET /api/health": Asked(ONE, everyone),
    "POST /api/credentials": Asked(ONE, signed(only("bidder"))),
    "POST /api/uploads": Asked(ONE, signed(lambda _role, _thing: 201)),
    "OPTIONS /api/uploads": Asked(ONE, lambda _role, _thing: 204),
}

ELSEWHERE: Mapping[str, str] = {
    "POST /api/commands": "each command is a row of its own",
    "GET /api/events": "never ends: what everyone is shown is what the public is shown",
    f"GET {OF_PROCEDURE}/live": "never ends, of a lot; of a tender there is none: tests/portal/test_rooms",
    "HEAD /api/uploads/{id}": "the address is its own key",
    "PATCH /api/uploads/{id}": "the address is its own key",
    "POST /api/login/challenge": "by who is not known yet",
    "POST /api/login/certificate": "by who is not known yet",
    "POST /api/login/password": "by who is not known yet",
    "GET /api/experts": "an expert has its own entry, the office all: tests/registry",
    "GET /api/draws/{draw}": "by the stage of the draw: tests/registry",
    "GET /api/draws/{draw}/file": "by the stage of the draw: tests/registry",
    "POST /api/logout": "by who is in a session",
    "POST /api/passwords": "about oneself: tests/registry",
    "POST /api/certificates": "about oneself: tests/registry",
    "POST /api/people": "by rights inside a party: tests/registry",
    "GET /api/people/{person}": "by rights inside a party: tests/registry",
    "GET /api/parties/{party}/staff": "by rights inside a party: tests/registry",
    "GET /api/parties/{party}/relations": "by rights inside a party: tests/registry",
}
"""Routes without cells, and why."""

BY_TIME_ALONE = frozenset({"bidding.close_reception"})
"""Commands that do what is due, and nothing before it is: whoever runs any tender may give them about another's."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a line, and the roles that may give it."""

    line: str
    kind: str
    entitled: frozenset[str]

    @property
    def things(self) -> tuple[Thing, ...]:
        """What it may be given about: tenders in each phase, or streams of the registry."""
        return TENDERS if self.line != "registry" else TWO

    def expected(self, role: str, thing: Thing) -> str:
        """Return a status, `refused` or `decided`."""
        of_tender_ = self.line != "registry"
        if role == "public" or (role == "token" and not (thing.own and of_tender_)):
            return "401"
        if role not in self.entitled:
            return "403"
        if self.kind in BY_TIME_ALONE:
            return DECIDED
        bound = role in RUNNERS if of_tender_ else role not in OFFICE
        return REFUSED if bound and not thing.own else DECIDED


@cache
def commands() -> tuple[Command, ...]:
    """Return every command of every line."""
    found = (
        Command(name, kind, frozenset(map(str, roles)))
        for name, line in sorted(lines().items())
        for kind, roles in sorted(line.entitled.items())
    )
    return tuple(found)


def page() -> str:
    """Return the page."""
    asked = [(verb, query.things, query.expected) for verb, query in QUERIES.items()]
    given = [(command.kind, command.things, command.expected) for command in commands()]
    rows = [*asked, *given]
    cells = [str(expected(role, thing)) for _, things, expected in rows for thing in things for role in ROLES]
    granted = sum(cell in {"200", "201", "204", DECIDED} for cell in cells)
    return "\n".join(
        [
            "# Who may do what at the door",
            "",
            "Made by `python -m tests.matrix` from the routes, `LINE.entitled` of every line and the table of queries",
            "in `tests/matrix.py`; a test fails where this page is not what the program makes, and",
            "`tests/system/test_matrix.py` asks every cell at a real door.",
            "",
            f"{len(cells)} cells: {granted} let in, {len(cells) - granted} refused. Status by status: 401 not known (a",
            "credential is of one tender), 403 known and not entitled, 404 not there or not to be known of. `decided`:",
            "the law of the line answers, granting or not, but never for the role; `refused`: nothing is granted, by",
            "whatever status. Where one's own and another's, or the phases, differ, each stands by itself.",
            "",
            *_table("Queries", asked),
            "",
            *_table("Commands (POST /api/commands)", given),
            "",
            "## Without cells",
            "",
            *(f"- `{route}`: {why}" for route, why in ELSEWHERE.items()),
            "",
        ]
    )


Row = tuple[str, tuple[Thing, ...], Callable[[str, Thing], object]]


def _table(title: str, rows: Sequence[Row]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield f"| verb | {' | '.join(ROLES)} |"
    yield "|---" * (len(ROLES) + 1) + "|"
    for verb, things, expected in rows:
        cells = [_cell({thing: str(expected(role, thing)) for thing in things}) for role in ROLES]
        yield f"| `{verb}` | {' | '.join(cells)} |"


def _cell(answers: Mapping[Thing, str]) -> str:
    """Return what stands for several objects, as briefly as it can be told."""
    if len(set(answers.values())) == 1:
        return next(iter(answers.values()))
    by_own = {own: {answer for thing, answer in answers.items() if thing.own is own} for own in (True, False)}
    if all(len(found) == 1 for found in by_own.values()):
        return "<br>".join(f"{'own' if own else 'another'}: {min(found)}" for own, found in by_own.items())
    by_phase = {phase: {answer for thing, answer in answers.items() if thing.phase == phase} for phase in PHASES}
    if all(len(found) == 1 for found in by_phase.values()):
        return "<br>".join(f"{phase}: {min(found)}" for phase, found in by_phase.items())
    return "<br>".join(f"{thing.name}: {answer}" for thing, answer in answers.items())


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
