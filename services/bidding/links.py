"""How announced procedures are tied to each other: by a project that they are lots of, or by one naming another."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, select

from services.bidding.domain.events import TenderAnnounced
from services.bidding.domain.state import Announced, TenderState
from services.bidding.domain.values import Draft

metadata = MetaData()

link = Table(
    "link",
    metadata,
    Column("stream", String, primary_key=True),
    Column("how", String, primary_key=True),
    Column("target", String, primary_key=True, index=True),
    comment="What each announced tender names: its project, or another procedure; rebuilt from the journal.",
)

NAMES_ANOTHER = ("retender_of", "prequalification", "first_stage")
"""The fields of a draft that name another procedure."""


def keep(connection: Connection, stream: str, event: TenderAnnounced) -> None:
    """Note what an announced procedure names."""
    rows = [{"stream": stream, "how": how, "target": target} for how, target in _named(event.draft)]
    if rows:
        connection.execute(insert(link), rows)


def related(connection: Connection, stream: str) -> list[dict[str, Any]]:
    """Return the announced procedures that name this one: held again for it, bid for by whom it qualified."""
    wanted = select(link.c.stream, link.c.how).where(link.c.target == stream, link.c.how != "project")
    return [{"procedure": row.stream, "how": row.how} for row in connection.execute(wanted.order_by(link.c.stream))]


def held_again(connection: Connection, stream: str) -> list[str]:
    """Return the announced procedures that are held for a failed one."""
    return [tie["procedure"] for tie in related(connection, stream) if tie["how"] == "retender_of"]


def of_project(connection: Connection, project: str) -> list[str]:
    """Return the announced procedures of a project."""
    wanted = select(link.c.stream).where(link.c.target == project, link.c.how == "project")
    return list(connection.execute(wanted.order_by(link.c.stream)).scalars())


def ties(connection: Connection, procedures: Table, state: TenderState) -> dict[str, Any]:
    """Return who else is of the same project, and which procedures name this one; nothing where there is none."""
    if not isinstance(state, Announced):
        return {}
    code = state.tender.draft.project
    project = of_project(connection, code) if code else []
    wanted = select(procedures).where(procedures.c.stream.in_(project)).order_by(procedures.c.stream)
    listed = [
        {name: row[name] for name in ("stream", "title", "phase")} for row in connection.execute(wanted).mappings()
    ]
    found = {"project": listed, "related": related(connection, state.tender.tender)}
    return {name: tied for name, tied in found.items() if tied}


def _named(draft: Draft) -> Iterator[tuple[str, str]]:
    if draft.project is not None:
        yield "project", draft.project
    for how in NAMES_ANOTHER:
        target = getattr(draft, how)
        if target is not None:
            yield how, target
