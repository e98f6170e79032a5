"""One real contract as a listing on the stage, step by step; when each step comes, the scenario says."""

from datetime import timedelta
from typing import Any

from cli.auction import bidding, selling, watching
from cli.auction.lots import Lot, desk_of, lot_of
from cli.auction.reserve import sealed_reserve
from cli.demo.cast import SEATS, Cast
from cli.demo.land import made
from cli.demo.land.contracts import Contract
from cli.demo.play import Ended
from cli.demo.procedure import Procedure
from cli.demo.stage import Stage
from cli.desk import Desk
from cli.output import Refused
from cli.procedures import history_of
from cli.uploads import sha256_of
from shared.kernel.canonical import instant
from shared.kernel.money import format_yuan
from shared.seal.wire import AUTHORITIES

INSTANT = timedelta(seconds=1)


class Listing(Procedure):
    """A parcel, its buyer and the made rivals. In every other lot the last bids are made by proxies (自动出价)."""

    def __init__(self, stage: Stage, cast: Cast, contract: Contract, *, by_proxy: bool) -> None:
        super().__init__(stage, cast, contract.procedure)
        self.contract, self._by_proxy = contract, by_proxy
        self._prices = made.Prices.before(contract.price_fen)
        self._buyer = cast.account(contract.buyer)
        self._rivals = [cast.account(name) for name in made.RIVALS]
        self._steps = {"free": self.bid_freely, "timed": self.bid_timed, "reserve": self.open_reserve}

    @property
    def bidders(self) -> tuple[str, ...]:
        """The accounts of all who bid, the real buyer first."""
        return self._buyer, *self._rivals

    def announce(self) -> None:
        """Draft the parcel and announce it, with its reserve sealed on the agency's machine."""
        approval = self._file(f"{self.procedure}-批准文件.txt", f"批准文件（演示用）{self.contract.number}\n")
        self._ask("draft_lot", made.draft(self.contract, sha256_of(approval)))
        text = f"出让文件（演示用，内容为虚构）\n{self.contract.number} {self.contract.place}\n"
        document, keys = self._published("出让文件.txt", text), self._authority_keys()
        terms = made.terms(self._stage.client.now(), self._prices, keys, document)
        terms["reserve"] = sealed_reserve(self._agency, self.procedure, self._prices.reserve_fen, keys)
        self._ask("announce_lot", terms)

    def join(self) -> None:
        """Let everyone apply and pay; the agency records the deposits, which admit."""
        for account in self.bidders:
            player = self._stage.player(account)
            bidding.join(player, self.procedure)
            amount, number = format_yuan(self._prices.deposit_fen), str(player.said["number"])
            paid = f"{self.procedure}-{account}"
            selling.deposit(self._agency, self.procedure, number, amount, payer=account, payment=paid)

    def has_to_do(self, phase: str) -> bool:
        """Whether a phase asks for a step that was not taken yet; what stands still is to be let go on each time."""
        return phase == "frozen" or phase in self._steps

    def do(self, phase: str) -> None:
        """Take the step of a phase, once."""
        self._steps.pop(phase, self.thaw)()

    def bid_freely(self) -> None:
        """Bid twice in the listing, so that timed bidding follows."""
        first, second = (self._rivals[0], self._rivals[1] if self._by_proxy else self._buyer)
        self._bid(first, 0)
        self._bid(second, 1)

    def bid_timed(self) -> None:
        """Bid in the countdown up to the real price: one by one, or by two proxies that settle at once."""
        first, second = self._rivals
        if self._by_proxy:
            self._proxy(first, made.STEPS - 1)
            self._proxy(self._buyer, made.STEPS + 1)
        else:
            self._bid(second, 2)
            self._bid(first, 3)
            self._bid(self._buyer, made.STEPS)

    def open_reserve(self) -> None:
        """Let two of three seats open the reserve, and the agency review the winner."""
        for seat in AUTHORITIES[:2]:
            bidding.share(self._stage.player(SEATS[seat]), self.procedure, seat)
        self._ask("review_winner", {"qualified": True, "reason": "符合公告的竞买资格（演示）"})

    def thaw(self) -> None:
        """Let a lot go on that froze by itself because the machine was too busy to be heard from in time."""
        resumes = instant(self._stage.client.now() + INSTANT)
        self._ask("thaw", {"resumes_at": resumes, "notice": "平台恢复，竞价继续（演示）"})

    def conclude(self) -> None:
        """From the confirmation to the contract, as both sides sign them."""
        where, at = "本平台（演示）", instant(self._stage.client.now() + timedelta(days=5))
        self._ask("draw_up_confirmation", {"sold_where": where, "contract_at": at, "contract_where": where})
        bidding.sign_confirmation(self._stage.player(self._buyer), self.procedure)
        self._ask("publish_result", {})
        contract = self._file(f"{self.procedure}-合同.txt", f"出让合同（演示用）{self.contract.buyer}\n")
        signed = {"contract": sha256_of(contract)}
        self._ask("sign_contract", signed)
        self._desk(self._buyer).give({"type": "land.sign_contract", **signed})

    def ended(self) -> Ended:
        """Return how it ended, with the winner as the registry disclosed it. Raise Refused unless at the real price."""
        lot, winner = self.lot(), self.winner()
        price = int(lot.now["price_fen"])
        if price != self.contract.price_fen or winner != self.contract.buyer:
            zh = f"{self.procedure} 未按真实价格成交"
            raise Refused(zh, f"{self.procedure} did not end at its real price: {price} fen, {winner}")
        return Ended(self.procedure, lot.phase, len(self.bidders), None, winner, price)

    def lot(self) -> Lot:
        """Return the lot as the agency is shown it."""
        return lot_of(self._agency, self.procedure, self._agency.asker())

    def winner(self) -> str | None:
        """Return the winner's name, which everybody may know once the registry has disclosed it."""
        events = history_of(self._agency.client, self.procedure)
        return watching.winner_of(self.lot(), events).get("winner")

    def _ask(self, what: str, said: dict[str, Any]) -> None:
        self._agency.give(self.procedure, {"type": f"land.{what}", **said})

    def _desk(self, account: str) -> Desk:
        return desk_of(self._stage.player(account), self.procedure)

    def _bid(self, account: str, steps: int) -> None:
        price = format_yuan(self._prices.rung(steps))
        bidding.bid(self._stage.player(account), self.procedure, price)

    def _proxy(self, account: str, steps: int) -> None:
        most = format_yuan(self._prices.rung(steps))
        bidding.proxy(self._stage.player(account), self.procedure, most)
