"""Bad bids on lots of one host: each gets its refusal with the article, and the history of each lot stays exact."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from shared.kernel.canonical import parse_instant
from shared.platform.clock import SimulatedClock
from shared.procedure.lot import commands
from tests.lot import factories as make
from tests.lot.test_freezing import freeze, thaw
from tests.lot.test_prices import reserve
from tests.servers.postgres import Postgres, PrivatePostgres
from tests.servers.rabbitmq import PrivateRabbitMQ, RabbitMQ
from tests.system.lots import DAY, SECOND, STEP, Parcels
from tests.system.own_host import OwnHost
from tests.system.reading import Answer

pytestmark = pytest.mark.system

LADDER, HALTED, RUSH, UNOPENED = LOTS = ("ladder", "halted", "rush", "unopened")
MANY = range(1, 51)
START, HOUR = make.START_FEN // 100, timedelta(hours=1)


@pytest.fixture(scope="module")
def parcels(rabbitmq: RabbitMQ, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parcels]:
    """Give four lots in their listing, two bids made on each."""
    if not isinstance(rabbitmq, PrivateRabbitMQ) or not isinstance(postgres, PrivatePostgres):
        pytest.skip("a virtual host of its own is made on a private server")
    with OwnHost(tmp_path_factory.mktemp("lots") / "data", rabbitmq, postgres) as stage:
        parcels = Parcels(stage)
        parcels.assemble()
        most = (START + 100 * STEP) * 100
        for lot in LOTS:
            parcels.announce(lot, most_fen=most, reserve=reserve(START, lot) if lot == UNOPENED else None)
            parcels.admit(lot, MANY if lot == RUSH else (1, 2, 3))
        parcels.done(parcels.ask(LADDER, 4, commands.Apply()))
        parcels.sell(LADDER, commands.BarBidder(number=parcels.number(LADDER, 3), reason="涉嫌串通"))
        stage.move_to(stage.client.now() + 28 * DAY + SECOND)
        for lot in LOTS:
            parcels.reach(lot, "free")
            parcels.done(parcels.bid(lot, 1, START))
            parcels.done(parcels.bid(lot, 2, START + STEP))
        yield parcels
        parcels.database.close()


def refused(answer: Answer, article: str) -> None:
    """See that an answer is a refusal in both languages, with its article."""
    told = answer.json
    assert 400 <= answer.status < 500, told
    assert article in json.dumps(told, ensure_ascii=False), told


@pytest.mark.parametrize(
    ("bidder", "yuan", "article"),
    [
        (1, START + 2 * STEP - 1, "第三十条"),  # below the step
        (1, START + 2 * STEP + STEP // 2, "第三十条"),  # no whole step
        (1, START + 101 * STEP, "第三十条"),  # above the highest taken
        (1, START, "第三十条"),  # out of order: of a price that was passed since
        (1, START + STEP, "第十九条"),  # the price that leads already
        (3, START + 2 * STEP, "第二十五条"),  # barred
        (4, START + 2 * STEP, "第二十五条"),  # not admitted
        (9, START + 2 * STEP, "第二十五条"),  # never applied
    ],
)
def test_a_bid_that_may_not_be_is_refused_and_changes_nothing(
    parcels: Parcels, bidder: int, yuan: int, article: str
) -> None:
    before = parcels.state(LADDER)

    refused(parcels.bid(LADDER, bidder, yuan), article)

    assert parcels.state(LADDER) == before
    assert parcels.told(LADDER, "request_refused")[-1]["command_type"] == "land.place_bid"


def test_the_same_id_twice_is_one_bid_and_with_another_price_is_refused(parcels: Parcels) -> None:
    price = parcels.state(LADDER).next_fen // 100

    first, again = (parcels.bid(LADDER, 1, price, "bid-once") for _ in range(2))
    other = parcels.bid(LADDER, 1, price + STEP, "bid-once")

    assert first.json == again.json
    assert (first.status < 300, other.json["code"]) == (True, "command_id_reused")
    assert [bid["price_fen"] for bid in parcels.told(LADDER, "bid_placed")].count(price * 100) == 1


def test_while_the_clock_is_an_hour_back_no_time_of_a_lot_goes_back(parcels: Parcels) -> None:
    price, before = parcels.state(LADDER).next_fen // 100, parcels.state(LADDER).clock
    step_back(parcels, HOUR)
    try:
        parcels.done(parcels.bid(LADDER, 2, price))
    finally:
        step_back(parcels, -HOUR)
    parcels.done(parcels.bid(LADDER, 1, price + STEP))

    arrived = [one.received_at for one in parcels.records(LADDER) if one.type == "land.bid_placed.v1"]
    counted = [parse_instant(bid["received_at"]) for bid in parcels.told(LADDER, "bid_placed")]
    assert arrived[-2] < before == counted[-2]
    assert counted == sorted(counted)


def test_a_lot_that_stands_still_takes_no_bid_and_goes_on_only_after_notice(parcels: Parcels) -> None:
    price, now = START + 2 * STEP, parcels.stage.client.now
    refused(parcels.try_to_sell(HALTED, freeze("outage")), "第五十四条")
    parcels.sell(HALTED, freeze("dispute"))

    refused(parcels.bid(HALTED, 1, price), "第五十四条")
    refused(parcels.try_to_sell(HALTED, thaw(now() + HOUR)), "第五十七条")
    resumes = now() + DAY + 10 * SECOND
    parcels.sell(HALTED, thaw(resumes))
    refused(parcels.bid(HALTED, 1, price), "第五十四条")
    parcels.stage.move_to(resumes)
    parcels.done(parcels.bid(HALTED, 1, price))

    (frozen,), (thawed,) = parcels.told(HALTED, "lot_frozen"), parcels.told(HALTED, "lot_thawed")
    left = parse_instant(thawed["ends_at"]) - parse_instant(thawed["resumes_at"])
    assert left == timedelta(seconds=frozen["left_seconds"])


def test_fifty_bids_for_the_last_second_from_fifty_bidders_are_met_in_the_order_of_the_record(parcels: Parcels) -> None:
    parcels.reach(RUSH, "timed")
    leads = parcels.state(RUSH).next_fen // 100
    prices = {bidder: leads + (bidder * 7 % 50) * STEP for bidder in MANY}
    parcels.move_to(parcels.state(RUSH).times.ends_at - SECOND)
    with ThreadPoolExecutor(10) as crowd:
        answers = list(crowd.map(lambda bidder: parcels.bid(RUSH, bidder, prices[bidder]), MANY))

    bids = parcels.told(RUSH, "bid_placed")[2:]
    taken = {bid["number"] for bid in bids}
    assert [bid["price_fen"] for bid in bids] == sorted(bid["price_fen"] for bid in bids)
    assert [bid["received_at"] for bid in bids] == sorted(bid["received_at"] for bid in bids)
    for bidder, answer in zip(MANY, answers, strict=True):
        if parcels.number(RUSH, bidder) in taken:
            parcels.done(answer)
        else:
            refused(answer, "条")
    assert bids[-1]["price_fen"] == max(prices.values()) * 100
    assert parse_instant(bids[-1]["ends_at"]) - parse_instant(bids[-1]["received_at"]) == 5 * SECOND * 60


def test_a_bid_that_is_late_or_for_a_closed_lot_is_refused(parcels: Parcels) -> None:
    parcels.reach(RUSH, "timed")
    ends, price = parcels.state(RUSH).times.ends_at, parcels.state(RUSH).next_fen // 100
    parcels.move_to(ends + timedelta(milliseconds=1))

    late = parcels.bid(RUSH, 1, price)
    parcels.reach(RUSH, "review")
    closed = parcels.bid(RUSH, 2, price)

    for answer in (late, closed):
        refused(answer, "第五十三条")
    assert parcels.told(RUSH, "lot_sold")[0]["price_fen"] == price * 100 - make.STEP_FEN


def test_a_reserve_that_does_not_open_halts_the_lot_and_sells_nothing(parcels: Parcels) -> None:
    parcels.reach(UNOPENED, "reserve")
    parcels.move_to(parcels.state(UNOPENED).times.ends_at)
    parcels.stage.wait("a lot that stands still", lambda: parcels.told(UNOPENED, "lot_frozen"))

    frozen, state = parcels.told(UNOPENED, "lot_frozen")[-1], parcels.state(UNOPENED)
    refused(parcels.bid(UNOPENED, 1, state.next_fen // 100), "第五十四条")
    assert (frozen["cause"], state.phase, state.reserve_fen) == ("reserve_not_opened", "reserve", None)
    assert parcels.told(UNOPENED, "lot_sold") == []


@pytest.mark.parametrize("lot", [LADDER, HALTED])
def test_each_other_lot_ends_by_itself_at_the_price_that_led(parcels: Parcels, lot: str) -> None:
    led = parcels.state(lot).offer
    parcels.reach(lot, "review")
    assert parcels.state(lot).offer == led
    assert parcels.told(lot, "lot_sold")[0]["number"] == (led.number if led else None)


@pytest.mark.parametrize("lot", LOTS)
def test_afterwards_each_history_is_decided_again_to_the_same_bytes(parcels: Parcels, lot: str) -> None:
    if lot == UNOPENED:
        parcels.sell(lot, commands.Terminate(cause="policy", notice="政策调整"))
    else:
        parcels.sell(lot, commands.ReviewWinner(qualified=True, reason="材料齐全"))
    remade = parcels.redecided(lot)
    assert (remade["ok"], remade["difference"]) == (True, None)
    assert remade["decisions"] >= 12


def step_back(parcels: Parcels, by: timedelta) -> None:
    """Set the installation's clock back, as a machine's may be set; by less than nothing, forward."""
    path: Path = parcels.stage.data / "clock.json"
    if by < timedelta():
        SimulatedClock(path).advance(-by)
        return
    offset = orjson.loads(path.read_bytes())["offset_microseconds"]
    new = path.with_suffix(".back")
    new.write_bytes(orjson.dumps({"offset_microseconds": offset - by // timedelta(microseconds=1)}))
    new.replace(path)
