"""The lot that the tests play: a listing of land in Dongying that keeps the law; all names are made up."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from shared.kernel.line import Line
from shared.kernel.request import Actor
from shared.law.findings import day_of
from shared.law.rulebook import compile_rulebook
from shared.procedure.books import Books
from shared.procedure.lot.after.values import Held
from shared.procedure.lot.asking import Facts
from shared.procedure.lot.commands import AnnounceLot, DraftLot, RecordDeposit
from shared.procedure.lot.values import Document, Draft, Particular, Right, Seller, Terms
from shared.seal.keys import AuthorityKeys, hpke_public, new_hpke_key
from shared.seal.statement import Party
from tests.bidding.factories import CALENDAR

STREAM = "lot-1"
ANNOUNCED = datetime(2026, 3, 2, 1, tzinfo=UTC)
STARTS = datetime(2026, 3, 30, 1, tzinfo=UTC)
ENDS = datetime(2026, 4, 13, 1, tzinfo=UTC)
APPLY = datetime(2026, 4, 9, 9, tzinfo=UTC)
START_FEN, STEP_FEN = 100_000_00, 1_000_00

SELLER_PARTY = "CN-USCC:91370500MA0000001L"
AGENCY = Actor(account="agency", role="agency", region="370500", party=SELLER_PARTY)
SUPERVISOR = Actor(account="supervisor", role="supervisor", region="370500")
OPERATOR = Actor(account="operator", role="operator")
OTHER = Actor(account="other", role="agency", region="370500", party="CN-USCC:91370500MA0000101A")


def key(name: str) -> str:
    """Return a private HPKE key that is the same each time."""
    stream = sha256(name.encode()).digest() * 4
    return new_hpke_key(lambda size: stream[:size])


PROXY_KEY = key("proxy")
SEATS = {name: key(name) for name in ("agency", "supervisor", "platform")}
AUTHORITIES = AuthorityKeys(**{name: hpke_public(secret) for name, secret in SEATS.items()})
RIGHT = Right(approval=sha256(b"approval").hexdigest(), clear=True, seized=False)
DOCUMENT = Document(name="出让文件.pdf", size=1, sha256=sha256(b"documents").hexdigest())


def bidder(number: int) -> Actor:
    """Return a bidder under its pseudonym."""
    return Actor(account=sha256(f"token {number}".encode()).hexdigest(), role="token")


def held(token: str) -> Held:
    """Return who holds a token, as the registry discloses it."""
    return Held(token=token, party=Party(scheme="CN-USCC", id=token[:18].upper(), name=f"竞买人{token[:6]}"))


def authority(name: str) -> Actor:
    """Return one of the three who open the reserve."""
    return Actor(account=f"seat-{name}", role="authority")


def particulars(*names: str) -> tuple[Particular, ...]:
    """Return what a notice says of what is sold."""
    return tuple(Particular(name=name, value="见交易文件") for name in names)


def draft(**changes: Any) -> DraftLot:
    """Return a draft of a parcel."""
    said = ("位置", "面积", "现状", "用途", "年限", "规划指标", "竞买资格")
    fields: dict[str, Any] = {
        "title": "东营区一宗工业用地",
        "kind": "land_use",
        "region": "370502",
        "seller": Seller(scheme="CN-USCC", id="91370500MA0000001L", name="东营某自然资源局"),
        "way": "listing",
        "particulars": particulars(*said),
        "right": RIGHT,
    }
    return DraftLot(**dict(Draft(**fields | changes)))


def announce(**changes: Any) -> AnnounceLot:
    """Return terms that keep the law: a listing with timed bidding where two or more want it."""
    fields: dict[str, Any] = {
        "documents": (DOCUMENT,),
        "applications_due": APPLY,
        "deposits_due": APPLY,
        "bidding_starts": STARTS,
        "bidding_ends": ENDS,
        "start_fen": START_FEN,
        "step_fen": STEP_FEN,
        "whole_steps": True,
        "deposit_fen": START_FEN // 5,
        "trigger": "automatic",
        "review": "after",
        "instant_counts": False,
        "authorities": AUTHORITIES,
        "contract_days": 10,
    }
    return AnnounceLot(**dict(Terms(**fields | changes)))


def deposit(number: str, at: datetime, fen: int) -> RecordDeposit:
    """Return the record of a deposit in one payment from the bidder's own account."""
    paid = sha256(f"{number} {at}".encode()).hexdigest()
    account = sha256(number.encode()).hexdigest()
    return RecordDeposit(number=number, amount_fen=fen, received_at=at, account=account, payment=paid)


def announcing(line: Line, at: datetime) -> Facts:
    """Return what the handler finds for an announcement."""
    made = compile_rulebook(line.name, day_of(at), line.law, CALENDAR)
    assert isinstance(line.books, Books)
    rulebook, calendar = line.books.put(made, CALENDAR)
    return Facts(rulebook=rulebook, calendar=calendar, proxy_key=hpke_public(PROXY_KEY))


MINUTE = timedelta(minutes=1)


def beijing(day: str) -> datetime:
    """Return the first instant of a day in Beijing."""
    return datetime.fromisoformat(f"{day}T00:00:00+08:00")
