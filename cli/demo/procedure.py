"""One procedure on the stage: what every play of one needs, whatever its scenario."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli import authority
from cli.demo import made
from cli.demo.cast import AGENCY, SEATS, Cast
from cli.demo.stage import Stage
from cli.output import Refused
from cli.terms import document_of
from cli.uploads import Uploads, sha256_of
from shared.seal.wire import AUTHORITIES


class Procedure:
    """One procedure and the agency that runs it. Its papers lie in the demo's directory."""

    def __init__(self, stage: Stage, cast: Cast, procedure: str) -> None:
        self._stage, self._cast, self.procedure = stage, cast, procedure
        self._agency = stage.player(AGENCY)

    def _put_out(self, draft: Mapping[str, Any], terms: Mapping[str, Any]) -> None:
        """Draft it, and announce it on lawful terms; `terms` stand in the place of the usual ones."""
        self._agency.give(self.procedure, {**draft, "type": "bidding.draft_tender"})
        document = self._published("招标文件.txt", f"招标文件（演示用，内容为虚构）\n{draft['title']}\n")
        usual = made.terms(self._stage.client.now(), self._authority_keys(), document)
        self._agency.give(self.procedure, {**usual, **terms})

    def _authority_keys(self) -> dict[str, str]:
        keys: dict[str, str] = {}
        for seat in AUTHORITIES:
            player = self._stage.player(SEATS[seat])
            authority.keygen(player, self.procedure, seat)
            keys[seat] = str(player.said["public_key"])
        return keys

    def _page(self) -> dict[str, Any]:
        page: dict[str, Any] = self._agency.client.get(f"/api/procedures/{self.procedure}", self._agency.asker())
        return page

    def _reach(self, what: str, *phases: str) -> dict[str, Any]:
        """Wait until the tender is in one of these phases; raise Refused if it ends elsewhere."""

        def look() -> dict[str, Any] | None:
            page = self._page()
            if page["phase"] == "failed" and "failed" not in phases:
                told = page["failure"]
                raise Refused(told["zh"], told["en"], article=told["article"])
            return page if page["phase"] in phases else None

        return self._stage.wait(what, look)

    def _published(self, name: str, text: str) -> dict[str, Any]:
        """Write a file and upload it; return it as a document of the tender."""
        file = self._file(f"{self.procedure}-{name}", text)
        sha256 = sha256_of(file)
        Uploads(self._agency.client, self._agency.wallet).send(file, sha256, self._agency.asker())
        return document_of(file, sha256)

    def _file(self, name: str, text: str) -> Path:
        path = self._stage.data / "papers" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path
