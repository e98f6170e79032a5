"""The first lot: clarified late, objected to, opened without one key; a tie, a winner who gives up, and the next."""

from datetime import timedelta

from cli.demo.full import money
from cli.demo.full.committee import Committee
from cli.demo.full.lot import Lot
from cli.demo.full.people import People

DAY = timedelta(days=1)
EQUAL_FEN = 98_750_000_00
PRICES_FEN = (EQUAL_FEN, EQUAL_FEN, 120_000_000_01, 97_000_000_00, 101_200_000_00, 104_300_000_00)
"""What the six ask, in their order: the third a fen over the ceiling, the fourth never unsealed."""
MARKS = (92, 92, 85, 80)
"""What those whose bids are effective have for their plans, from the member who gives most."""


def up_to_the_deadline(lot: Lot, people: People) -> None:
    """Let documents be asked about, clarified and objected to; then six bid and pay their deposits."""
    _clarify_late(lot, people.careful)
    _object(lot, people.last)
    for bidder, price_fen in zip(people.qualified, PRICES_FEN, strict=True):
        lot.bid(bidder, price_fen)
    money.pay(lot, people.qualified)


def open_bids(lot: Lot, people: People) -> None:
    """Open what can be opened: one bidder gives no key, and loses its deposit."""
    lot.close()
    lot.open([one for one in people.qualified if one != people.silent], all_of_them=False)
    lot.agency("keep_deposit", bid=lot.bid_of(people.silent), explanation="因投标人原因未解密，视为撤销投标")


def from_the_evaluation(lot: Lot, people: People, committee: Committee) -> None:
    """Score, report, award twice, sign, report to the supervisor, and give the deposits back."""
    committee.score({lot.bid_of(bidder): mark for bidder, mark in zip(people.effective, MARKS, strict=True)})
    committee.report()
    first, second, *_ = lot.publicise()
    lot.end_publicity()
    lot.agency("award_tender", bid=first)
    lot.bidder(lot.bidder_of(first), "give_up", explanation="联合体成员另有承诺，不能按期组织施工，放弃中标。")
    lot.agency("award_tender", bid=second)
    lot.contract(lot.bidder_of(second))
    money.pay_back(lot)


def _clarify_late(lot: Lot, asker: str) -> None:
    """Clarify 14 days before the deadline: one day fewer than must be left, so that the deadline moves."""
    lot.bidder(asker, "ask_question", text="雨水管道的管径，图纸与工程量清单不一致，以哪个为准？")
    lot.go_on_at(lot.due - 14 * DAY)
    document = lot.document("澄清一.txt", "雨水管道管径以图纸为准，工程量清单相应更正（演示用）。\n")
    text = "雨水管道管径以图纸为准，工程量清单已更正，影响报价。"
    lot.agency("clarify_tender", text=text, documents=[document], affects_bids=True, answers=[1])
    lot.bidder(asker, "acknowledge_clarification", number=1)


def _object(lot: Lot, objector: str) -> None:
    """Object to the documents, and answer two days later; so long the tender stands still."""
    lot.go_on_at(lot.due - 12 * DAY)
    text = "要求近三年有同类工程业绩，限制了新企业投标。"
    lot.bidder(objector, "raise_objection", about="documents", text=text)
    lot.go_on_at(lot.now + 2 * DAY)
    answer = "业绩要求与工程规模相适应，已在资格预审文件中载明，异议不成立。"
    lot.agency("answer_objection", number=1, follows="none", text=answer)
