"""The play: one imported notice, from its draft to its contract or its failure, by the commands of each actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cli import authority, bid
from cli.demo import made
from cli.demo.cast import SEATS, Cast
from cli.demo.procedure import Procedure
from cli.demo.stage import Stage
from cli.desk import Desk
from cli.ocds import Tender
from cli.uploads import sha256_of
from shared.kernel.canonical import parse_instant
from shared.seal.wire import AUTHORITIES

INSTANT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a procedure ended: its phase, how many sealed bids were opened, and winner and price if there are any."""

    procedure: str
    phase: str
    bidders: int
    opened: int | None
    winner: str | None = None
    price_fen: int | None = None


class Play(Procedure):
    """One tender on the stage."""

    def __init__(self, stage: Stage, cast: Cast, tender: Tender, tell: Any) -> None:
        super().__init__(stage, cast, tender.procedure)
        self._tell, self._draft = tell, dict(tender.draft)

    def run(self, bidders: Sequence[str]) -> Ended:
        """Play it to its end."""
        self._announce()
        for number, bidder in enumerate(bidders):
            self._tell(f"密封并递交 / sealing and submitting: {self._cast.name(bidder)}")
            self._bid(bidder, number)
        page = self._reach_deadline(bidders)
        if page["phase"] == "failed":
            return Ended(self.procedure, "failed", len(bidders), 0)
        self._open(bidders)
        rows = self._page()["opening_record"]["rows"]
        award = self._award()
        opened = len([row for row in rows if row["outcome"] == "unsealed"])
        winner, price = award["party"]["name"], award["price_fen"]
        return Ended(self.procedure, self._page()["phase"], len(bidders), opened, winner, price)

    def _announce(self) -> None:
        self._tell(f"公告 / announcing {self.procedure}")
        kept = {name: value for name, value in self._draft.items() if value is not None}
        extra = {"ceiling_fen": made.CEILING_FEN, "estimate_fen": made.CEILING_FEN}
        self._put_out({**kept, **extra, "made": sorted({*kept.get("made", ()), *made.MARKS})}, {})

    def _bid(self, account: str, number: int) -> None:
        player = self._stage.player(account)
        bid.keygen(player, self.procedure)
        party = self._cast.party(account)
        if number == 0:
            self._seal(player, party, made.FIRST_PRICE_FEN)
            bid.submit(player, self.procedure)
        self._seal(player, party, made.PRICES_FEN[number % len(made.PRICES_FEN)])
        (bid.replace if number == 0 else bid.submit)(player, self.procedure)

    def _seal(self, player: Any, party: dict[str, str], price_fen: int) -> None:
        file = self._file(f"{player.account}-{self.procedure}-方案.txt", f"施工方案（演示用）{party['name']}\n")
        offer = {"party": party, "price_fen": price_fen, "days": made.DAYS, "quality": made.QUALITY, "factors": []}
        Desk(player, self.procedure).seal(offer, [file])

    def _reach_deadline(self, bidders: Sequence[str]) -> dict[str, Any]:
        due = parse_instant(self._page()["announcement"]["terms"]["bids_due"])
        self._tell(f"等到投标截止 / moving the clock to the deadline; {len(bidders)} bidders")
        self._stage.move_to(due + INSTANT)
        return self._reach("the end of reception", "closed", "failed")

    def _open(self, bidders: Sequence[str]) -> None:
        self._tell("开标：见证、收钥、同时解密 / the opening: witnesses, keys, unsealing together")
        self._agency.give(self.procedure, {"type": "bidding.start_opening"})
        self._reach("the witnesses", "collecting")
        for seat in AUTHORITIES[:2]:
            player = self._stage.player(SEATS[seat])
            authority.share(player, self.procedure, seat)
        for account in bidders:
            bid.unseal(self._stage.player(account), self.procedure)
        self._reach("the opening record", "opened")

    def _award(self) -> dict[str, Any]:
        self._tell("评标、公示、定标、合同 / evaluation, publicity, award, contract")
        self._agency.give(self.procedure, {"type": "bidding.report_evaluation"})
        self._agency.give(self.procedure, {"type": "bidding.publish_candidates"})
        page = self._page()
        candidates = page["candidates"]["candidates"]
        self._stage.move_to(parse_instant(page["candidates"]["ends"]) + INSTANT)
        self._agency.give(self.procedure, {"type": "bidding.award_tender", "bid": candidates[0]["bid"]})
        award: dict[str, Any] = self._page()["award"]
        contract = self._file(f"{self.procedure}-合同.txt", f"合同（演示用）{award['party']['name']}\n")
        signed = {"contract_sha256": sha256_of(contract), "price_fen": award["price_fen"]}
        self._agency.give(self.procedure, {"type": "bidding.sign_contract", **signed})
        return award
