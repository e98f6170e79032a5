"""A line of lots as it runs on its own database: what it finds for a decision, and what it hears from the registry."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from services.land import LINE
from services.registry.domain.commands import BootstrapOperator
from services.registry.domain.events import CalendarPublished, IdentitiesDisclosed
from services.registry.domain.values import Identity, identities_stream
from shared.kernel.request import SYSTEM, Actor
from shared.law.calendar import parse_year
from shared.procedure.lot import commands
from shared.procedure.lot.after.commands import RecordRefund
from shared.runtime.calls import Told
from shared.runtime.lots import views
from shared.store.database import Database
from shared.store.rebuild import rebuild
from tests.bidding.notices import published_file
from tests.lot import factories as make
from tests.lot.hall import Hall
from tests.registry.office import Office, bidder, credential, records
from tests.registry.world import code, key

TOKEN = make.bidder(1)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """Return a hall whose lot is ended, after bidder 1 had applied and paid."""
    hall = Hall(tmp_path)
    hall.give(make.draft())
    hall.give(make.announce())
    hall.give(commands.Apply(), TOKEN)
    number = hall.records()[-1].data["number"]
    hall.give(make.deposit(number, hall.clock.at, make.START_FEN // 5))
    yield hall
    hall.tools.database.close()


def ended(hall: Hall) -> None:
    outcome = hall.give(commands.Terminate(cause="policy", notice="政策调整"))
    assert outcome.refusal is None


def test_one_payment_is_recorded_for_one_lot_of_the_line(hall: Hall) -> None:
    (first,) = (record.data for record in hall.records() if record.type == "land.deposit_recorded.v1")
    hall.give(make.draft(), stream="lot-2")
    hall.give(make.announce(), stream="lot-2")
    hall.give(commands.Apply(), TOKEN, stream="lot-2")
    number = hall.records("lot-2")[-1].data["number"]
    again = make.deposit(number, hall.clock.at, make.START_FEN // 5)

    refused = hall.give(again.model_copy(update={"payment": first["payment"]}), stream="lot-2")
    taken = hall.give(again, stream="lot-2")

    assert refused.refusal is not None
    assert "其他标的" in refused.refusal.zh
    assert "第十七条" in refused.refusal.article
    assert taken.refusal is None
    assert hall.types("lot-2")[-1] == "land.bidder_admitted.v1"


def test_an_empty_payment_table_is_filled_again_from_the_journal(hall: Hall) -> None:
    with hall.tools.database.write() as connection:
        connection.execute(views.payment.delete())
    rebuild(hall.tools.database, LINE, views.metadata, views.project)
    with hall.tools.database.read() as connection:
        kept = connection.execute(select(views.payment.c.stream)).scalars().all()
    assert kept == [make.STREAM]


def disclosed(line: str) -> IdentitiesDisclosed:
    party = make.held(TOKEN.account).party
    return IdentitiesDisclosed(
        line=line, lot=make.STREAM, holders=(Identity(token=TOKEN.account, **dict(party)),), unknown=()
    )


def calendar(off: date, revision: int) -> CalendarPublished:
    body = published_file(2026, off=[off])
    return CalendarPublished(year=2026, revision=revision, digest=parse_year(body).digest, body=body.decode())


def test_a_lot_that_is_over_asks_for_names_and_owes_deposits(hall: Hall) -> None:
    ended(hall)
    assert hall.types()[-3:] == ["land.lot_terminated.v1", "land.identities_due.v1", "land.refund_due.v1"]


def test_a_line_takes_the_names_of_its_own_lots_alone(hall: Hall) -> None:
    ended(hall)
    before = hall.types()
    hall.hear(disclosed("property"), 1)
    assert hall.types() == before
    hall.hear(disclosed("land"), 2)
    assert hall.types() == [*before, "land.identity_noted.v1"]
    assert hall.records()[-1].data["party"]["name"] == make.held(TOKEN.account).party.name


def test_a_published_calendar_counts_again_what_runs_and_nothing_that_is_settled(hall: Hall) -> None:
    hall.hear(calendar(date(2026, 4, 30), 1), 3)
    assert hall.types()[-1] == "land.deadlines_recounted.v1"
    ended(hall)
    hall.give(
        RecordRefund(number=hall.records()[2].data["number"], paid_fen=make.START_FEN // 5, paid_at=hall.clock.at)
    )
    hall.hear(calendar(date(2026, 5, 6), 2), 4)
    assert hall.types()[-1] == "land.refund_recorded.v1"


@pytest.mark.parametrize("named", ["lot-9", make.STREAM])
def test_listing_again_names_a_lot_that_is_there_and_failed(hall: Hall, named: str) -> None:
    hall.give(make.draft(attempt_of=named), stream="lot-2")
    refused = hall.give(make.announce(), stream="lot-2")
    assert refused.refusal is not None
    assert "前次标的" in refused.refusal.zh


def test_a_lot_that_failed_is_listed_again_as_the_second_attempt(hall: Hall) -> None:
    ended(hall)
    hall.give(make.draft(attempt_of=make.STREAM), stream="lot-2")
    outcome = hall.give(make.announce(), stream="lot-2")
    assert outcome.refusal is None
    announced = hall.records("lot-2")[-1].data
    assert (announced["attempt"], announced["first_at"]) == (2, hall.records()[1].data["announced_at"])


def test_what_a_line_asks_the_registry_answers_for_it(tmp_path: Path) -> None:
    for folder in ("registry", "land"):
        (tmp_path / folder).mkdir()
    office = Office(tmp_path / "registry", Database(f"sqlite:///{tmp_path / 'registry.db'}"))
    office.give(BootstrapOperator(account="op-1", public_key=key(50)), SYSTEM)
    own, _ = bidder(office, 1, code(1))
    hall = Hall(tmp_path / "land")
    hall.give(make.draft())
    hall.give(make.announce())
    token = credential(office, own, make.STREAM, line="land").token
    hall.give(commands.Apply(), Actor(account=token, role="token"))
    ended(hall)

    (due,) = (record for record in hall.records() if record.type == "land.identities_due.v1")
    office.handled.learn([Told(due.type, {"kind": "record"}, due.raw)])
    (said,) = records(office, identities_stream("land", make.STREAM))
    hall.handled.learn([Told(said.type, {"kind": "record"}, said.raw)])

    noted = hall.records()[-1]
    assert noted.type == "land.identity_noted.v1"
    assert noted.data["party"] == {"scheme": "CN-USCC", "id": code(1).id, "name": "第1工程有限公司"}
    office.tools.database.close()
    hall.tools.database.close()
