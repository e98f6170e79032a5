"""The expert library's rows, what draws find in it, and the queries about experts and draws."""

from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select, update

from services.registry.domain import expert_events as events
from services.registry.domain.draws import PARTIES
from services.registry.domain.events import RegistryEvent
from services.registry.domain.evolving import evolve
from services.registry.domain.expert_values import Considered, Qualification, Wanted, draw_stream
from services.registry.domain.rights import OFFICE
from services.registry.domain.state import Drawing, Unborn
from services.registry.domain.values import AccountId
from services.registry.tables import account, draw, expert, tie
from shared.kernel.codes import standard_regions
from shared.kernel.errors import NotEntitled
from shared.kernel.message import Event, Message
from shared.kernel.record import Record, event_bytes
from shared.platform.door import Query
from shared.procedure.draw import Expert
from shared.procedure.drawn import DrawFile
from shared.procedure.recusal import Ground, Tie
from shared.runtime.queries import PAGE, arguments, nothing_there
from shared.runtime.tools import Tools
from shared.store import journal, work

BINDING = "draw-binding"
"""Draws that wait for a witnessed checkpoint over this position."""

ANCHOR = "draw-anchor"
_EVENTS: TypeAdapter[Any] = TypeAdapter(RegistryEvent)


class OfExperts(Message):
    """Asks for experts after a name."""

    after: str = ""


class OfDraw(Message):
    """Asks for a draw."""

    draw: AccountId


def project_library(connection: Connection, record: Record, event: Event) -> None:
    """Bring the library's tables up to an event."""
    match event:
        case events.ExpertEnrolled():
            kept = _text(event.qualification)
            connection.execute(insert(expert).values(expert=event.expert, standing="available", qualification=kept))
        case events.ExpertChanged():
            own = update(expert).where(expert.c.expert == event.expert)
            connection.execute(own.values(qualification=_text(event.qualification)))
        case events.ExpertStandingSet():
            own = update(expert).where(expert.c.expert == event.expert)
            connection.execute(own.values(standing=event.standing))
        case events.ExpertTied():
            row: dict[str, Any] = {"position": record.position, **event.model_dump(mode="json", exclude={"type"})}
            connection.execute(insert(tie).values(**row))
        case events.DrawPooled(attempt=1):
            connection.execute(insert(draw).values(stream=record.stream, tender=event.wanted.tender))
        case events.DrawCommitted(bind_by=at) if at is not None:
            work.put(connection, BINDING, record.stream, f"{record.position}|{event.draw}".encode())
        case events.DrawBound():
            work.drop(connection, BINDING, record.stream)
            work.drop(connection, ANCHOR, record.stream)
        case _:
            pass


def expert_region(connection: Connection, name: str) -> str | None:
    """Return the region of an expert of the library."""
    kept = connection.execute(select(expert.c.qualification).where(expert.c.expert == name)).scalar()
    return None if kept is None else Qualification.model_validate_json(kept).region


def has_account(connection: Connection, name: str) -> bool:
    """Return whether an expert has an open account of that role."""
    query = select(account.c.account).where(account.c.account == name, account.c.role == "expert", account.c.open)
    return connection.execute(query).first() is not None


def considered(connection: Connection, wanted: Wanted) -> Considered:
    """Return who can be considered: available, of the speciality, from the region or what lies in it; by name.

    Who was called in a draw of another speciality for the same tender is not: nobody is drawn twice for one committee.
    """
    rows = connection.execute(select(expert).where(expert.c.standing == "available").order_by(expert.c.expert))
    known = {row.expert: Qualification.model_validate_json(row.qualification) for row in rows}
    covers, called = standard_regions().covers, _called_elsewhere(connection, wanted)
    fitting = {
        name: one for name, one in known.items()
        if name not in called and wanted.speciality in one.specialities and covers(wanted.region, one.region)
    }  # fmt: skip
    library = tuple(
        Expert(id=name, speciality=wanted.speciality, employers=one.employers, region=one.region)
        for name, one in fitting.items()
    )
    past = [
        Tie(expert=name, party=one.party, ground=Ground.EMPLOYMENT, ended=one.ended)
        for name, found in fitting.items()
        for one in found.past
    ]
    return Considered(library=library, ties=(*past, *_ties(connection, set(fitting))))


def _called_elsewhere(connection: Connection, wanted: Wanted) -> set[str]:
    """Return whom the draws of other specialities for the same tender called, in reserve too."""
    drawings = [_replayed(connection, stream) for stream in draws_of(connection, wanted.tender)]
    others = (one for one in drawings if one and one.pooled.wanted.speciality != wanted.speciality)
    return {name for one in others for name in one.called}


def draws_of(connection: Connection, tender: str) -> list[str]:
    """Return the streams of a tender's draws."""
    return list(connection.execute(select(draw.c.stream).where(draw.c.tender == tender)).scalars())


def show_experts(_tools: Tools, connection: Connection, query: Query) -> Any:
    """Return the library by pseudonym, a page at a time; to the office, and an expert its own entry. `next` goes on."""
    after = arguments(OfExperts, query).after
    own = query.actor.role == "expert"
    if query.actor.role not in OFFICE and not own:
        raise NotEntitled("仅限运营机构、监督部门和专家本人", "for the office, and for experts themselves")
    chosen = select(expert).where(expert.c.expert > after)
    chosen = chosen.where(expert.c.expert == query.actor.account) if own else chosen
    rows = connection.execute(chosen.order_by(expert.c.expert).limit(PAGE)).all()
    listed = [{"expert": row.expert, "standing": row.standing, **orjson.loads(row.qualification)} for row in rows]
    return {"experts": listed, "next": rows[-1].expert if len(rows) == PAGE else None}


def show_draw(_tools: Tools, connection: Connection, query: Query) -> Any:
    """Return how a draw stands, without a name: to the office, the agency that asked, and everyone once announced."""
    drawing = _drawing(connection, query)
    pooled = drawing.pooled
    office = query.actor.role in OFFICE or query.actor.account == pooled.agency
    if not office and not drawing.announced:
        raise nothing_there()
    done = drawing.commitments if drawing.stage == "committing" else drawing.reveals
    return {
        "draw": pooled.wanted.draw,
        "attempt": pooled.draw,
        "tender": pooled.wanted.tender,
        "stage": drawing.stage,
        "announced": drawing.announced,
        "pool_digest": pooled.pool_digest,
        "root": drawing.root or None,
        "commitments": [made.model_dump(mode="json") for made in drawing.commitments],
        "missing": [name for name in PARTIES if name not in {one.party for one in done}],
    }


def show_draw_file(_tools: Tools, connection: Connection, query: Query) -> Any:
    """Return all from which anyone makes a draw again: to the office once it is drawn, to everyone once announced."""
    drawing = _drawing(connection, query)
    if drawing.stage != "drawn" or not (drawing.announced or query.actor.role in OFFICE):
        raise nothing_there()
    wanted, pool = drawing.pooled.wanted, drawing.pooled.pool
    made = DrawFile(
        v=1,
        draw=drawing.pooled.draw,
        line=wanted.line,
        on=wanted.on,
        parties=wanted.parties,
        ties=pool.ties,
        library=pool.library,
        exclusions=pool.exclusions,
        seats=wanted.seats,
        reserve=wanted.reserve,
        pool_digest=pool.pool_digest,
        commitments=drawing.commitments,
        root=drawing.root,
        reveals=drawing.reveals,
        refused=drawing.declined,
        chosen=drawing.chosen,
        others=wanted.others,
    )
    return made.model_dump(mode="json")


def _drawing(connection: Connection, query: Query) -> Drawing:
    """Return a draw as its records tell it; there are few, and few ask."""
    found = _replayed(connection, draw_stream(arguments(OfDraw, query).draw))
    if found is None:
        raise nothing_there()
    return found


def _replayed(connection: Connection, stream: str) -> Drawing | None:
    state: Any = Unborn()
    for written in journal.of_stream(connection, stream):
        state = evolve(state, _EVENTS.validate_json(event_bytes(written.record.raw)))
    return state if isinstance(state, Drawing) else None


def _ties(connection: Connection, names: set[str]) -> list[Tie]:
    rows = connection.execute(select(tie).order_by(tie.c.position))
    return [
        Tie.model_validate_json(
            orjson.dumps({"expert": row.expert, "party": row.tied_to, "ground": row.ground, "ended": row.ended})
        )
        for row in rows
        if row.expert in names
    ]


def _text(qualification: Qualification) -> str:
    return qualification.canonical().decode()
