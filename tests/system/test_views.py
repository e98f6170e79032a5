"""The tables of the queries hold nothing of their own: without them the record says the same, and fills them again."""

from dataclasses import dataclass
from typing import Any

import pytest
from psycopg2.sql import SQL, Identifier

from cli.demo import made
from cli.demo.cast import OPERATOR, SUPERVISOR
from shared.ledger.bundle import read
from shared.runtime.lines import lines, views_metadata
from tests.system.own_host import OwnHost
from tests.system.reading import ask
from tests.system.scene import Scene, Tender

pytestmark = pytest.mark.system


@dataclass(frozen=True)
class Told:
    """What the installation says of a tender that has been played, and of who is registered."""

    replay: bytes
    then: bytes
    records: dict[str, bytes]
    listed: bytes
    parties: bytes
    document: bytes


def tell(scene: Scene, tender: Tender) -> Told:
    """Ask for all of it; the bundle without its checkpoint and proofs, which grow with the log."""
    stage, supervisor = scene.stage, scene.player(SUPERVISOR)
    of = f"/api/procedures/{tender.procedure}"
    bundle = stage.wait("a bundle", lambda: _found(ask(stage, f"{of}/bundle", supervisor)))
    sha256 = tender.page()["announcement"]["terms"]["documents"][0]["sha256"]
    return Told(
        replay=_found(ask(stage, f"{of}/replay", supervisor)),
        then=_found(ask(stage, f"{of}/replay?version=4&as=public", supervisor)),
        records={
            name: data for name, data in read(bundle).items() if not name.startswith(("checkpoint", "proofs", "m"))
        },
        listed=_found(ask(stage, "/api/procedures?line=bidding")),
        parties=_found(ask(stage, "/api/parties", scene.player(OPERATOR))),
        document=_found(ask(stage, f"/api/blobs/{sha256}")),
    )


def _found(answer: Any) -> bytes:
    assert answer.status == 200, answer.body
    return bytes(answer.body)


def drop_views(host: OwnHost) -> list[str]:
    """Drop every table of every line's queries, and return their names."""
    dropped = []
    for line in lines():
        for table in views_metadata(line).tables:
            statement = SQL("DROP TABLE {}.{}").format(Identifier(line), Identifier(table))
            host.own_postgres.execute(statement, host.database)
            dropped.append(f"{line}.{table}")
    return dropped


def test_without_the_tables_of_the_queries_the_record_says_the_same_and_fills_them_again(host_scene: Scene) -> None:
    host = host_scene.stage
    assert isinstance(host, OwnHost)
    tender, bidders = host_scene.tender(), host_scene.companies(3)
    for number, company in enumerate(bidders):  # with nothing in common, so that nothing is noted of them afterwards
        tender.bid(company, f"施工方案 {number}", price_fen=made.PRICES_FEN[0] - number**2)
    tender.open(bidders)
    before = tell(host_scene, tender)

    host.stop_platform()
    dropped = drop_views(host)
    host.restart_platform()

    assert {"bidding.procedure", "bidding.document", "registry.party", "registry.account"} <= set(dropped)
    assert tell(host_scene, tender) == before
