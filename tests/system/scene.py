"""The scene of a system test: offices, companies and tenders of one installation, by the commands anyone has."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cli import authority, bid
from cli.demo import made
from cli.demo.cast import AGENCY, OPERATOR, SEATS, SUPERVISOR, Cast
from cli.demo.stage import Player, Stage
from cli.desk import Desk
from cli.output import Refused
from cli.terms import document_of
from cli.uploads import Uploads, sha256_of
from shared.kernel.canonical import parse_instant
from shared.kernel.codes import USCC, PartyId
from shared.seal.wire import AUTHORITIES, Authority

INSTANT = timedelta(seconds=1)
IDLE, TENDERER, EXPERT, OTHER_AGENCY = "bidder-idle", "tenderer", "expert", "agency-other"
LOT = "1"


@dataclass(frozen=True, slots=True)
class Company:
    """A company that may bid: its account, its party as bids name it, and the stream of its registration."""

    account: str
    party: dict[str, str]
    stream: str


class Scene:
    """One installation with an account for everyone, and as many companies as tests ask for."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._cast = Cast(stage)
        self._cast.assemble()
        self._numbers = iter(range(1000, 10_000))
        self._companies: list[Company] = []
        self.company("无意投标的公司", IDLE)
        for account, role in ((TENDERER, "tenderer"), (EXPERT, "expert"), (OTHER_AGENCY, "agency")):
            party = None if role == "expert" else self._party(f"{account}（虚构）")[1]
            self._cast._account(account, role, party)

    def company(self, name: str, account: str) -> Company:
        """Register a company and open its account."""
        party, stream = self._party(name)
        self._cast._account(account, "bidder", stream)
        return Company(account, party, stream)

    def companies(self, count: int) -> list[Company]:
        """Return companies that bid wherever they are asked to; the same ones each time."""
        while len(self._companies) < count:
            number = len(self._companies) + 1
            self._companies.append(self.company(f"第{number}建设有限公司（虚构）", f"builder-{number}"))
        return self._companies[:count]

    def player(self, account: str) -> Player:
        """Return an actor on a machine of its own."""
        return self.stage.player(account)

    def askers(self) -> dict[str, Player | None]:
        """Return who may ask, by role: somebody of each, and nobody in particular for the public."""
        accounts = {"agency": AGENCY, "supervisor": SUPERVISOR, "operator": OPERATOR, "authority": SEATS["agency"]}
        accounts |= {"bidder": IDLE, "tenderer": TENDERER, "expert": EXPERT}
        return {"public": None, **{role: self.player(account) for role, account in accounts.items()}}

    def tender(self, title: str = "教学楼工程", **terms: Any) -> "Tender":
        """Draft and announce a tender; `terms` stand in the place of lawful ones."""
        tender = Tender(self, f"T-{secrets.token_hex(5)}")
        tender.draft(title)
        tender.publish(**terms)
        return tender

    def _party(self, name: str) -> tuple[dict[str, str], str]:
        code = PartyId(scheme=USCC, id=made.code(next(self._numbers)))
        return {"scheme": code.scheme, "id": code.id, "name": name}, self._cast._register(code, (), name)


class Tender:
    """One tender on the scene, step by step."""

    def __init__(self, scene: Scene, procedure: str) -> None:
        self.scene, self.stage, self.procedure = scene, scene.stage, procedure
        self.agency = scene.player(AGENCY)

    def draft(self, title: str) -> None:
        """Write the draft."""
        body: dict[str, Any] = {"type": "bidding.draft_tender", "title": title, "description": "", "region": "370500"}
        body |= {"category": "works", "lot": {"id": LOT, "title": title}}
        buyer = {"scheme": USCC, "id": made.code(1), "name": "东营市虚构学校"}
        self.give(self.agency, {**body, "buyer": buyer, "ceiling_fen": made.CEILING_FEN})

    def publish(self, **terms: Any) -> dict[str, Any]:
        """Announce it."""
        return self.give(self.agency, {**self.terms(), **terms})

    def terms(self) -> dict[str, Any]:
        """Return lawful terms, with the authorities' keys made and the document uploaded."""
        keys: dict[str, str] = {}
        for seat in AUTHORITIES:
            player = self.scene.player(SEATS[seat])
            authority.keygen(player, self.procedure, seat)
            keys[seat] = str(player.said["public_key"])
        file = self.file(self.agency, "招标文件.txt", f"招标文件 {self.procedure}\n".encode())
        sha256 = sha256_of(file)
        Uploads(self.agency.client, self.agency.wallet).send(file, sha256, self.agency.asker())
        return made.terms(self.stage.client.now(), keys, document_of(file, sha256))

    def desk(self, company: Company) -> Desk:
        """Return a company's desk, with its credential."""
        desk = Desk(self.scene.player(company.account), self.procedure)
        desk.request_credential()
        return desk

    def seal(self, company: Company, text: str = "施工方案", **offer: Any) -> Desk:
        """Seal a bid; `offer` stands in the place of what is usual."""
        desk = self.desk(company)
        usual = {"price_fen": made.PRICES_FEN[0], "days": made.DAYS, "quality": made.QUALITY, "factors": []}
        file = self.file(self.scene.player(company.account), "方案.txt", text.encode())
        desk.seal({"party": company.party, **usual, **offer}, [file])
        return desk

    def bid(self, company: Company, text: str = "施工方案", **offer: Any) -> Desk:
        """Seal a bid and submit it."""
        desk = self.seal(company, text, **offer)
        desk.submit(replacing=False)
        return desk

    def close(self) -> dict[str, Any]:
        """Move the clock past the deadline and wait for the end of reception."""
        self.stage.move_to(self.due + INSTANT)
        return self.reach("the end of reception", "closed", "failed")

    def convene(self) -> None:
        """Start the opening and wait until keys are collected."""
        self.give(self.agency, {"type": "bidding.start_opening"})
        self.reach("the witnesses", "collecting")

    def share(self, *seats: Authority) -> None:
        """Let authorities hand in their shares."""
        for seat in seats:
            authority.share(self.scene.player(SEATS[seat]), self.procedure, seat)

    def unseal(self, companies: Sequence[Company]) -> None:
        """Let companies hand in their keys."""
        for company in companies:
            bid.unseal(self.scene.player(company.account), self.procedure)

    def open(self, companies: Sequence[Company]) -> dict[str, dict[str, Any]]:
        """Go through a whole opening; return the rows of its record by the party's code."""
        self.close()
        self.convene()
        self.share("agency", "supervisor")
        self.unseal(companies)
        return self.rows()

    def rows(self, *phases: str) -> dict[str, dict[str, Any]]:
        """Wait for the end of the opening and return the rows of its record by the party's code."""
        page = self.reach("the opening record", *(phases or ("opened",)))
        return {row["party"]["id"]: row for row in page["opening_record"]["rows"]}

    @property
    def due(self) -> Any:
        """The deadline."""
        return parse_instant(self.page()["announcement"]["terms"]["bids_due"])

    def page(self) -> dict[str, Any]:
        """Return the tender's page, as its agency sees it."""
        page: dict[str, Any] = self.agency.client.get(f"/api/procedures/{self.procedure}", self.agency.asker())
        return page

    def history(self, player: Player | None = None) -> list[dict[str, Any]]:
        """Return the events that somebody sees, by default the supervisor."""
        who = player or self.scene.player(SUPERVISOR)
        path, after = f"/api/procedures/{self.procedure}/history", ""
        events: list[dict[str, Any]] = []
        while True:
            page = who.client.get(path + after, who.asker())
            events += page["events"]
            if page["after"] is None:
                return events
            after = f"?after={page['after']}"

    def give(self, player: Player, command: dict[str, Any]) -> dict[str, Any]:
        """Give a command about this tender."""
        return player.give(self.procedure, command)

    def reach(self, what: str, *phases: str) -> dict[str, Any]:
        """Wait until the tender is in one of these phases. Raise Refused if it ends elsewhere."""

        def look() -> dict[str, Any] | None:
            page = self.page()
            return page if page["phase"] in {*phases, "failed"} else None

        page = self.stage.wait(what, look)
        if page["phase"] not in phases:
            raise Refused(page["failure"]["zh"], page["failure"]["en"])
        return page

    def file(self, player: Player, name: str, content: bytes) -> Path:
        """Write a file on an actor's own machine."""
        path = player.wallet.folder(player.wallet.home / "papers") / f"{self.procedure}-{name}"
        path.write_bytes(content)
        return path
