"""The scene of the matrix: somebody of each role, and what is their own and another's in each phase."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import quote

from cli.client import Asker
from cli.demo import made
from cli.demo.cast import AGENCY
from cli.demo.stage import Stage
from cli.streams import account_stream
from shared.kernel.codes import USCC
from tests.matrix import PHASES, Thing
from tests.system.scene import EXPERT, INSTANT, LOT, OTHER_AGENCY, Company, Scene, Tender

OWNER, BIDDER = "owner", "own-bidder"
CALENDAR = 2027


class OpenStage(Stage):
    """An embedded installation whose limits nobody reaches, so that every answer is for its own reason."""

    def further_settings(self) -> dict[str, str]:
        """Return high limits."""
        return dict.fromkeys(
            (f"GGZY_{kind}_{who}" for kind in ("RATE", "BURST") for who in ("PUBLIC", "SIGNED")), "1000000"
        )


class Held(Tender):
    """A tender that an agency runs for a tenderer."""

    def __init__(self, scene: Scene, account: str, buyer: Mapping[str, str]) -> None:
        super().__init__(scene, f"T-{secrets.token_hex(5)}")
        self.agency = scene.player(account)
        self.buyer = dict(buyer)

    def draft(self, title: str) -> None:
        """Write the draft in the tenderer's name."""
        body: dict[str, Any] = {"type": "bidding.draft_tender", "title": title, "description": "", "region": "370500"}
        body |= {"category": "works", "lot": {"id": LOT, "title": title}, "buyer": self.buyer}
        self.give(self.agency, {**body, "ceiling_fen": made.CEILING_FEN})

    def has_failed(self) -> bool:
        """Whether it has ended without an award."""
        return bool(self.page()["phase"] == "failed")


class Cells:
    """Everyone and everything that the matrix asks about."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.scene = stage, Scene(stage)
        self.bidder = self.scene.company("投标公司（虚构）", BIDDER)
        self.buyer, stream = self.scene._party("招标人（虚构）")
        self.scene._cast._account(OWNER, "tenderer", stream)
        self.company = self.scene._party("另一公司（虚构）")
        self.tenders = self._tenders()
        self._doomed = count(1)
        self._streams = {"tenderer": stream, "agency": None, "bidder": self.bidder.stream}
        askers = {**self.scene.askers(), "tenderer": self.scene.player(OWNER)}
        askers["bidder"] = self.scene.player(BIDDER)
        self._askers = {role: None if one is None else one.asker() for role, one in askers.items()}
        (company,) = self.scene.companies(1)
        self.tokens = {phase: self.tenders[Thing(True, phase)].desk(company).asker for phase in PHASES}

    def asker(self, role: str, thing: Thing) -> Asker | None:
        """Return who asks; a pseudonym is of the tender that is its own."""
        if role == "token":
            own = Thing(own=True, phase=thing.phase)
            return self.tokens[own.phase or "running"]
        return self._askers[role]

    def doomed(self, role: str) -> tuple[Asker, str]:
        """Return an account of its own, to be spent on one command about itself, and its stream."""
        name = f"doomed-{next(self._doomed)}"
        party = self._streams.get(role)
        if role == "agency":
            party = self.scene._party(f"{name}（虚构）")[1]
        self.scene._cast._account(name, role, party)
        return self.scene.player(name).asker(), account_stream(name)

    def account(self, role: str) -> str:
        """Return a role's account."""
        names = {"bidder": BIDDER, "tenderer": OWNER, "agency": AGENCY, "expert": EXPERT, "authority": "seat-agency"}
        return names.get(role, role)

    def path(self, route: str, role: str, thing: Thing) -> str:
        """Return the address of a query's object."""
        path = route.split(" ")[1]
        if thing.phase:
            return self._of_tender(path, self.tenders[thing])
        owner = self.account(role) if thing.own else OTHER_AGENCY
        party = self.buyer if role == "tenderer" and thing.own else self._party_of(role if thing.own else "")
        return {
            "/api/procedures": "/api/procedures?line=bidding",
            "/api/outcomes/{id}": f"/api/outcomes/given-{role if thing.own else 'other'}",
            "/api/accounts/{id}": f"/api/accounts/{owner}",
            "/api/parties/{scheme}/{id}": f"/api/parties/{party['scheme']}/{quote(party['id'], safe='')}",
            "/api/calendars/{year}": f"/api/calendars/{CALENDAR}",
            "/api/ledger/proof": "/api/ledger/proof?service=bidding&position=1",
            "/ledger/{path}": "/ledger/checkpoint",
        }.get(path, path)

    def _party_of(self, role: str) -> dict[str, str]:
        """Return a role's own party: that of its account, as the registry knows it; of nobody, the other company's."""
        if role == "agency":
            return {"scheme": USCC, "id": made.code(1)}
        return self.bidder.party if role == "bidder" else self.company[0]

    def _of_tender(self, path: str, tender: Held) -> str:
        if path.startswith("/api/blobs"):
            return f"/api/blobs/{self.bodies.get(tender.procedure, '0' * 64)}?procedure={tender.procedure}"
        return path.format(id=tender.procedure)

    def _tenders(self) -> dict[Thing, Held]:
        """Return a tender of each kind, the ended ones first, for the clock moves on to their end."""
        things = {Thing(own, phase): self._held(own=own) for phase in PHASES for own in (True, False)}
        for thing, tender in things.items():
            tender.draft(f"{thing.name} 工程")
        ended = [tender for thing, tender in things.items() if thing.phase == "ended"]
        self.bodies: dict[str, str] = {}
        companies = self.scene.companies(3)
        for tender in ended:
            tender.publish()
            self._bid(tender, companies)
        self._end(ended)
        for thing, tender in things.items():
            if thing.phase == "running":
                tender.publish()
                self._bid(tender, companies[:1])
        return things

    def _held(self, *, own: bool) -> Held:
        neighbour = {"scheme": USCC, "id": made.code(2), "name": "邻县招标人（虚构）"}
        return Held(self.scene, AGENCY if own else OTHER_AGENCY, self.buyer if own else neighbour)

    def _bid(self, tender: Held, companies: list[Company]) -> None:
        for company in companies:
            desk = tender.bid(company, f"{tender.procedure} {company.account}")
            self.bodies[tender.procedure] = desk.sealed(desk.noted()["standing"]).envelope.body.sha256

    def _end(self, tenders: list[Held]) -> None:
        """Let the tenders fail at their opening, for want of keys."""
        self.stage.move_to(max(tender.due for tender in tenders) + INSTANT)
        for tender in tenders:
            tender.reach("the end of reception", "closed")
            tender.convene()
        self.stage.move_to(self.stage.client.now() + timedelta(hours=4))
        for tender in tenders:
            self.stage.wait("the end of the tender", tender.has_failed)
