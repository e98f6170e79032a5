"""The second lot: too few bidders, held again, objected to and complained about, evaluated anew, awarded."""

import os
from datetime import timedelta
from hashlib import sha256

from cli.demo.cast import SUPERVISOR
from cli.demo.full import money
from cli.demo.full.committee import Committee
from cli.demo.full.lot import Lot
from cli.demo.full.people import People
from shared.kernel.canonical import instant

DAY = timedelta(days=1)
PRICES_FEN = (58_300_000_00, 59_640_000_00, 61_200_000_00)


def two_bid(lot: Lot, people: People) -> None:
    """Let only two bid, and pay their deposits: at the deadline the lot fails."""
    for bidder, price_fen in zip((people.careful, people.last), PRICES_FEN, strict=False):
        lot.bid(bidder, price_fen)
    money.pay(lot, (people.careful, people.last))


def fail(lot: Lot) -> None:
    """Wait for the deadline, and give the deposits back."""
    lot.close()
    money.pay_back(lot)


def bid_again(lot: Lot, people: People) -> None:
    """Let three bid when it is held again, and open their bids."""
    bidders = (people.too_dear, people.careful, people.last)
    for bidder, price_fen in zip(bidders, PRICES_FEN, strict=True):
        lot.bid(bidder, price_fen)
    money.pay(lot, bidders)
    lot.close()
    lot.open(bidders)


def evaluate_twice(lot: Lot, committee: Committee) -> None:
    """Let the second of the bidders complain, and the committee evaluate anew as the supervisor orders."""
    committee.report()
    first, second, *_ = lot.publicise()
    _complain(lot, lot.bidder_of(second))
    committee.reject(first, "项目负责人同时在另一在建工程任职，未实质性响应招标文件。")
    committee.report()
    winner, *_ = lot.publicise()
    lot.end_publicity()
    lot.agency("award_tender", bid=winner)
    lot.contract(lot.bidder_of(winner))
    money.pay_back(lot)


def _complain(lot: Lot, complainer: str) -> None:
    """Object to the result, in vain; complain to the supervisor, who suspends the tender and upholds the complaint."""
    knew = lot.now
    text = "第一名的项目负责人在另一在建工程任职，不满足招标文件要求。"
    lot.bidder(complainer, "raise_objection", about="result", text=text)
    lot.go_on_at(lot.now + DAY)
    lot.agency("answer_objection", number=1, follows="none", text="经核查，未发现所述情形，异议不成立。")
    letter = sha256(os.urandom(32) + "投诉书（演示用）".encode()).hexdigest()
    said = {"about": "result", "objection": 1, "knew_at": instant(knew), "letter_sha256": letter}
    lot.bidder(complainer, "make_complaint", **said)
    lot.go_on_at(lot.now + DAY)
    lot.office(SUPERVISOR, "examine_complaint", number=1, accepted=True, ground="符合受理条件")
    lot.office(SUPERVISOR, "suspend_for_complaint", number=1, notice="投诉处理期间暂停签约前各环节。")
    lot.go_on_at(lot.now + 10 * DAY)
    order = "投诉属实：评标委员会未核查项目负责人任职情况，责令重新评标。"
    lot.office(SUPERVISOR, "decide_complaint", number=1, order="re_evaluate", text=order)
