"""One procedure of the full scenario, step by step; which steps, and when, a scene says."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cli import authority, bid
from cli.demo import made
from cli.demo.cast import SEATS
from cli.demo.play import Ended
from cli.demo.procedure import Procedure
from cli.desk import Desk
from cli.uploads import sha256_of
from shared.kernel.canonical import instant, parse_instant
from shared.seal.wire import AUTHORITIES

INSTANT = timedelta(seconds=1)
MEDIUM, ADDRESS = "中国招标投标公共服务平台", "https://media.example"
NOTICE = {
    "project": "项目名称、内容、规模、资金来源见招标文件（演示用）",
    "qualifications": "市政公用工程施工总承包二级以上资质，接受联合体",
    "obtaining": "在本平台下载",
    "submitting": "在本平台加密递交",
    "contacts": "东营市公共资源交易代理有限公司（虚构）",
    "platform": "本平台",
    "other": "无",
}
"""What the notices say, item by item (招标公告和公示信息发布管理办法 第五条)."""


class Lot(Procedure):
    """A prequalification or a lot: each step is the commands that an actor gives, or a move of the clock."""

    def announce(self, draft: Mapping[str, Any], **terms: Any) -> None:
        """Draft it, and announce it on lawful terms, here and on a named medium; `terms` go before the usual ones."""
        self._put_out(draft, {"notice": NOTICE, **terms})
        self._publish_elsewhere("notice")

    def agency(self, what: str, **fields: Any) -> None:
        """Give a command as the agency that runs it, by the command's name without the line's."""
        self._agency.give(self.procedure, {"type": f"bidding.{what}", **fields})

    def office(self, account: str, what: str, **fields: Any) -> None:
        """Give a command as another office."""
        self._stage.player(account).give(self.procedure, {"type": f"bidding.{what}", **fields})

    def bidder(self, account: str, what: str, **fields: Any) -> None:
        """Give a command as a bidder, whom its token stands for."""
        self.desk(account).give({"type": f"bidding.{what}", **fields})

    def desk(self, account: str) -> Desk:
        """Return a bidder's desk, with its credential."""
        desk = Desk(self._stage.player(account), self.procedure)
        desk.request_credential()
        return desk

    def bid(self, account: str, price_fen: int | None = None) -> None:
        """Seal and submit a bid, or an application, which has no price; a consortium brings its agreement."""
        desk, party = self.desk(account), self._cast.party(account)
        offer: dict[str, Any] = {"party": party, "days": made.DAYS, "quality": made.QUALITY, "factors": []}
        if price_fen is not None:
            offer["price_fen"] = price_fen
        files = [self._file(f"{self.procedure}-{account}-方案.txt", f"方案（演示用）{party['name']}\n")]
        if members := self._cast.members(account):
            files.append(self._file(f"{self.procedure}-{account}-联合体协议.txt", f"联合体协议（演示用）{members}\n"))
            offer["consortium"] = {"members": members, "agreement": files[-1].name}
        desk.seal(offer, files)
        desk.submit(replacing=False)

    def document(self, name: str, text: str) -> dict[str, Any]:
        """Write a document, upload it, and return it as a tender names it."""
        return self._published(name, text)

    def close(self) -> None:
        """Move the clock past the deadline and wait for the end of reception."""
        self.go_on_at(self.due + INSTANT)
        self._reach("the end of reception", "closed", "failed")

    def open(self, giving: Sequence[str], *, all_of_them: bool = True) -> None:
        """Hold the opening; where not all give their keys it goes on when the time for keys is over."""
        self.agency("start_opening")
        page = self._reach("the witnesses", "collecting")
        for seat in AUTHORITIES[:2]:
            authority.share(self._stage.player(SEATS[seat]), self.procedure, seat)
        for account in giving:
            bid.unseal(self._stage.player(account), self.procedure)
        if not all_of_them:
            self.go_on_at(parse_instant(page["key_collection"]["keys_due"]) + INSTANT)
        self._reach("the opening record", "opened")

    def publicise(self) -> list[str]:
        """Publicise the candidates and return their bids, best first."""
        document = self.document(
            "中标候选人公示.txt", "项目负责人及其证书、资格能力条件、提出异议的渠道和方式（演示用）\n"
        )
        self.agency("publish_candidates", document=document)
        self._publish_elsewhere("candidates")
        return [one["bid"] for one in self._page()["candidates"]["candidates"]]

    def end_publicity(self) -> None:
        """Move the clock past the publicity."""
        self.go_on_at(parse_instant(self._page()["candidates"]["ends"]) + INSTANT)

    def contract(self, winner: str) -> None:
        """Sign the contract that was awarded, as the tenderer and as the winner, and report to the supervisor."""
        file = self._file(f"{self.procedure}-合同.txt", f"合同（演示用）{self._cast.name(winner)}\n")
        price, sha256 = self._page()["award"]["price_fen"], sha256_of(file)
        self.agency("sign_contract", contract_sha256=sha256, price_fen=price)
        self.bidder(winner, "countersign_contract", contract_sha256=sha256)
        report = self._file(f"{self.procedure}-书面报告.txt", "招标投标情况书面报告（演示用）\n")
        self.agency("report_to_supervisor", report_sha256=sha256_of(report))
        self._publish_elsewhere("result")

    def rows(self) -> dict[str, dict[str, Any]]:
        """Return the rows of the opening record by the bidder's name."""
        return {row["party"]["name"]: row for row in self._page()["opening_record"]["rows"]}

    def parties(self) -> list[dict[str, Any]]:
        """Return everyone who bids, the members of consortia too."""
        return [party for row in self.rows().values() for party in (row["party"], *row.get("members", ()))]

    def bid_of(self, account: str) -> str:
        """Return the name of a bidder's bid, which the opening record tells."""
        return str(self.rows()[self._cast.name(account)]["bid"])

    def bidder_of(self, bid: str) -> str:
        """Return the account of the bidder whose bid it is."""
        name = next(name for name, row in self.rows().items() if row["bid"] == bid)
        return self._cast.account(name)

    def told(self, account: str, what: str) -> list[dict[str, Any]]:
        """Return what an office is told by the events of one type, oldest first."""
        who, path, after = self._stage.player(account), f"/api/procedures/{self.procedure}/history", ""
        found: list[dict[str, Any]] = []
        while True:
            page = who.client.get(path + after, who.asker())
            found += [event["data"] for event in page["events"] if event["type"] == f"bidding.{what}.v1"]
            if page["after"] is None:
                return found
            after = f"?after={page['after']}"

    def go_on_at(self, moment: datetime) -> None:
        """Move the clock to a moment."""
        self._stage.move_to(moment)

    def _publish_elsewhere(self, kind: str) -> None:
        """Put on record that a notice is on a named medium too."""
        told = {"medium": MEDIUM, "address": f"{ADDRESS}/{self.procedure}/{kind}", "published_at": instant(self.now)}
        self.agency("note_publication", kind=kind, **told)

    @property
    def due(self) -> datetime:
        """The deadline as it stands."""
        return parse_instant(self._page()["announcement"]["terms"]["bids_due"])

    @property
    def now(self) -> datetime:
        """What the platform's clock says."""
        return self._stage.client.now()

    def ended(self, bidders: int) -> Ended:
        """Return how it ended."""
        page = self._page()
        rows = page.get("opening_record", {"rows": []})["rows"]
        opened, award = sum(row["outcome"] == "unsealed" for row in rows), page.get("award")
        ended = (self.procedure, page["phase"], bidders, opened)
        return Ended(*ended, award["party"]["name"], award["price_fen"]) if award else Ended(*ended)
