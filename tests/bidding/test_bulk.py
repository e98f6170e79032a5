"""Bidding as a service hears of an outage that it declared: each tender that it fell on is extended, once."""

from datetime import datetime, timedelta

import orjson
from sqlalchemy import insert

from services.bidding import covers
from services.bidding.domain.commands import CloseReception
from services.bidding.domain.outages.messages import DeclareOutage
from services.bidding.domain.state import Accepting
from services.bidding.domain.timetable.messages import ExtendDeadline, ResumeTender, SuspendTender
from shared.kernel.request import SYSTEM, Actor
from shared.platform import keys
from shared.runtime.calls import Told
from shared.runtime.pulse import Pulse
from shared.store import journal, work
from shared.store.tables import quarantine
from tests.bidding import drafts
from tests.bidding import factories as make
from tests.bidding.house import Hour, House
from tests.bidding.play import OPENING

HOUR = timedelta(hours=1)
LATER = make.beijing(30, 9)


def declare(house: House, starts: datetime, until: datetime, actor: Actor = make.OPERATOR) -> None:
    """Declare an outage, and let the service hear its own event, twice."""
    command = DeclareOutage(cause="网络中断", starts=starts, until=until, notice="投标截止时间顺延。")
    outcome = house.give(command, actor, stream="outage-1")
    assert outcome.refusal is None
    with house.tools.database.read() as connection:
        record = list(journal.of_stream(connection, "outage-1"))[-1].record
    for _ in range(2):
        house.handled.learn([Told(record.type, {"kind": "record"}, record.raw)])


def announce(house: House, stream: str, due: datetime = make.DUE, region: str = "370502") -> None:
    house.give(drafts.draft_tender(region=region), stream=stream)
    assert house.give(drafts.publish_tender(bids_due=due), stream=stream).refusal is None


def due(house: House, stream: str) -> datetime:
    state = house.state(Accepting, stream)
    assert isinstance(state, Accepting)
    return state.tender.terms.bids_due


def planned(house: House, at: datetime) -> dict[str, list[str]]:
    """Return the covers of each tender that are due at an instant, sent or not."""
    found: dict[str, list[str]] = {}
    secret = house.tools.keyring.secret(keys.vault("bidding"))
    with house.tools.database.read() as connection:
        for stream, body in work.of_kind(connection, covers.RUNNING).items():
            made = covers.planned(stream, covers.seed_of(secret, stream), orjson.loads(body), at)
            found[stream] = [cover.id for cover in made if cover.at <= at]
    return found


def test_every_tender_whose_deadline_fell_in_the_outage_is_extended_once_and_no_other(house: House) -> None:
    announce(house, "t1")
    announce(house, "t2")
    announce(house, "t3", LATER)

    declare(house, make.DUE - HOUR, make.DUE + HOUR)

    assert [due(house, stream) for stream in ("t1", "t2", "t3")] == [make.DUE + 25 * HOUR] * 2 + [LATER]
    assert house.types("t1")[2:] == ["outage_noted", "deadline_moved"]
    assert house.types("t3")[2:] == []


def test_a_county_extends_what_is_its_own_and_a_city_what_is_of_its_counties(house: House) -> None:
    for stream, region in (("t1", "370502"), ("t2", "370503"), ("t3", "370500")):
        announce(house, stream, region=region)

    declare(house, make.DUE - HOUR, make.DUE + HOUR, make.OPERATOR.model_copy(update={"region": "370502"}))
    of_county = [due(house, stream) for stream in ("t1", "t2", "t3")]
    declare(house, make.DUE - HOUR, make.DUE + 2 * HOUR, make.OPERATOR.model_copy(update={"region": "370500"}))

    assert of_county == [make.DUE + 25 * HOUR, make.DUE, make.DUE]
    assert [due(house, stream) for stream in ("t1", "t2", "t3")] == [make.DUE + 26 * HOUR] * 3


def test_an_outage_that_lasts_longer_is_told_again(house: House) -> None:
    announce(house, "t1")

    declare(house, make.DUE - HOUR, make.DUE + HOUR)
    declare(house, make.DUE - HOUR, make.DUE + 3 * HOUR)

    assert due(house, "t1") == make.DUE + 27 * HOUR
    assert house.types("t1")[2:] == ["outage_noted", "deadline_moved"] * 2


def test_what_is_quarantined_or_ended_holds_up_no_other(house: House) -> None:
    for stream in ("t1", "t2", "t3"):
        announce(house, stream)
    house.hour.at = OPENING
    house.give(CloseReception(), SYSTEM, stream="t1")
    with house.tools.database.write() as connection:
        connection.execute(insert(quarantine).values(stream="t2", reason="test"))

    declare(house, make.DUE - HOUR, make.DUE + HOUR)

    assert house.types("t1")[2:] == ["reception_closed", "tender_failed"]
    assert house.types("t2")[2:] == []
    assert due(house, "t3") == make.DUE + 25 * HOUR


def test_a_service_that_comes_back_after_the_deadline_moves_it_before_it_takes_anything(house: House) -> None:
    host = Hour(make.DUE - HOUR)
    house.handled.pulse = Pulse(house.tools, host)
    announce(house, "t1")
    announce(house, "t2", LATER)

    host.at = house.hour.at = make.DUE + HOUR
    house.start()
    house.handled.pulse = Pulse(house.tools, host)
    house.handled.due()

    assert house.types("t1")[2:] == ["outage_noted", "deadline_moved"]
    assert due(house, "t1") == make.DUE + 25 * HOUR
    assert house.types("t2")[2:] == []


def test_a_service_that_ran_all_the_time_closes_at_the_deadline_however_far_the_clock_is_moved(house: House) -> None:
    house.handled.pulse = Pulse(house.tools, Hour(make.DUE))
    announce(house, "t1")

    house.hour.at = make.DUE + HOUR
    house.start()
    house.handled.pulse = Pulse(house.tools, Hour(make.DUE + timedelta(seconds=30)))
    house.handled.due()

    assert house.types("t1")[2:] == ["reception_closed", "tender_failed"]


def test_a_moved_deadline_has_covers_that_are_due_and_so_has_a_tender_that_stands_still(house: House) -> None:
    house.tools.settings = house.tools.settings.model_copy(update={"covers": 200})
    announce(house, "t1")
    announce(house, "t2")
    house.give(ExtendDeadline(bids_due=LATER, notice="延长"), stream="t1")
    house.hour.at = make.DUE - HOUR
    house.give(SuspendTender(cause="force_majeure", notice="地震"), stream="t2")

    before = planned(house, make.DUE)
    after = planned(house, make.DUE + 5 * make.DAY)

    assert 0 < len(before["t1"]) <= 200
    assert len(after["t1"]) > len(before["t1"])
    assert len(after["t2"]) > len(before["t2"])
    house.hour.at = make.DUE + HOUR
    (hold,) = house.state(Accepting, "t2").beside.timetable.holds
    assert house.give(ResumeTender(hold=hold.hold, notice="恢复"), stream="t2").refusal is None
    assert planned(house, due(house, "t2"))["t2"] == planned(house, LATER)["t2"]
