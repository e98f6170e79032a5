"""The bids themselves, for who evaluates or watches: fetched, which is put on record, and opened on this machine."""

from os import SEEK_END
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from urllib.parse import urlencode

from cli.command import Here
from cli.output import Refused
from cli.procedures import history_of
from cli.wallet import as_wire
from shared.procedure.opening import handed_in
from shared.seal.body import open_body
from shared.seal.envelope import Envelope
from shared.seal.recovery import HandedIn, recover_key
from shared.seal.wire import raw

PIECE = 2**20


class Bids:
    """The bids of a tender whose opening is over, as the record that the asker is given tells of them."""

    def __init__(self, here: Here, procedure: str) -> None:
        self._here, self.procedure = here, procedure
        self._told: dict[str, list[dict[str, Any]]] = {}
        for event in history_of(here.client, procedure, here.asker()):
            self._told.setdefault(event["type"].split(".")[1], []).append(event["data"])

    def opened(self) -> list[str]:
        """Return the bids that were opened, in their order. Raise Refused before the opening is over."""
        if "opening_completed" not in self._told:
            raise Refused("开标尚未结束，或您不得查阅投标文件", "the opening is not over, or the bids are not for you")
        rows = self._told["opening_completed"][-1]["rows"]
        return [row["bid"] for row in rows if row["outcome"] == "unsealed"]

    def save(self, bid: str, folder: Path) -> list[str]:
        """Open a bid and put its documents into a folder; return their paths. Raise Refused, NotOpenable."""
        found = [one for one in self._told.get("reception_closed", [{"bids": ()}])[-1]["bids"] if one["bid"] == bid]
        if not found:
            raise Refused(f"没有投标 {bid}，或您不得查阅", f"there is no bid {bid}, or it is not for you")
        envelope = as_wire(Envelope, found[0]["envelope"], bid)
        key = recover_key(envelope, self._given_key(bid), self._shares(bid)).key
        query = urlencode({"procedure": self.procedure})
        with TemporaryFile() as sealed, TemporaryFile() as plain:
            self._here.client.download(f"/api/blobs/{envelope.body.sha256}?{query}", sealed, self._here.asker())
            statement = open_body(sealed, plain, key, envelope, envelope.body).statement
            plain.seek(-sum(document.size for document in statement.documents), SEEK_END)
            folder.mkdir(parents=True, exist_ok=True)
            return [_copied(plain, document.size, folder / document.name) for document in statement.documents]

    def _given_key(self, bid: str) -> bytes | None:
        keys = [raw(one["k_b"]) for one in self._told.get("key_given", ()) if one["bid"] == bid]
        return keys[-1] if keys else None

    def _shares(self, bid: str) -> HandedIn:
        given = self._told.get("shares_given", ())
        of_bid = {one["authority"]: share["share"] for one in given for share in one["shares"] if share["bid"] == bid}
        return handed_in(of_bid)


def _copied(source: BinaryIO, size: int, path: Path) -> str:
    """Write the next bytes of a source to a file and return its path."""
    with path.open("wb") as file:
        while size > 0:
            piece = source.read(min(size, PIECE))
            file.write(piece)
            size -= len(piece)
    return str(path)
