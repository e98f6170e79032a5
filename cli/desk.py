"""A bidder's desk for one tender: its credential, its sealed bids, what it sent, and what the opening will ask for.

All of it lies in the wallet before anything is sent, so that a crash or a lost answer loses nothing.
"""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.client import Asker
from cli.command import Here
from cli.outbox import Keep, Outbox, accepted, nothing
from cli.output import Misused, Refused
from cli.procedures import Announcement, announcement_of
from cli.uploads import Uploads, sha256_of
from cli.wallet import as_wire, make_signing_key
from shared.kernel.canonical import parse_instant
from shared.seal.credential import Credential, sign_delivery
from shared.seal.envelope import Envelope, seal_bid
from shared.seal.handin import hand_in_key
from shared.seal.keys import BidderKeyFile, SigningKeyFile
from shared.seal.sealed import Meaning, Submit, Withdraw, seal_meaning
from shared.seal.statement import Offer, sign_offer
from shared.seal.wire import BidIds, raw, text


@dataclass(frozen=True, slots=True)
class SealedBid:
    """A bid sealed on this machine: its envelope, the bidder's half of its key, and the file with its body."""

    envelope: Envelope
    key: BidderKeyFile
    file: Path


class Desk:
    """One account's bids in one tender."""

    def __init__(self, here: Here, procedure: str) -> None:
        self._here, self.procedure = here, procedure
        self._folder = ("bids", here.who, procedure)

    @cached_property
    def announcement(self) -> Announcement:
        """The tender as announced."""
        return announcement_of(self._here.client, self.procedure)

    @cached_property
    def key(self) -> SigningKeyFile:
        """The one-time key of this tender, made when first asked for."""
        place = (*self._folder, "one-time-key")
        wallet = self._here.wallet
        if not wallet.has(*place):
            wallet.keep(make_signing_key("one-time", self.procedure), *place)
        return as_wire(SigningKeyFile, wallet.read(*place), wallet.path(*place))

    def request_credential(self) -> Credential:
        """Return a credential for the one-time key, fetched from the registry unless a good one is here."""
        place, wallet = (*self._folder, "credential"), self._here.wallet
        if wallet.has(*place):
            kept = as_wire(Credential, wallet.read(*place), wallet.path(*place))
            if parse_instant(kept.valid_until) > self._here.client.now():
                return kept
        body = {"procedure": self.procedure, "public_key": self.key.public_key}
        made = self._here.client.post("/api/credentials", body, self._here.asker())
        credential = as_wire(Credential, made, wallet.path(*place))
        if (credential.tender, credential.public_key) != (self.procedure, self.key.public_key):
            raise Refused("凭证不是为本项目或本密钥签发的", "the credential is not for this tender and key")
        wallet.keep(credential, *place)
        return credential

    @property
    def is_known(self) -> bool:
        """Whether a credential for this procedure is on this machine."""
        return self._here.wallet.has(*self._folder, "credential")

    @cached_property
    def credential(self) -> Credential:
        """The credential that is here. Raise Misused if there is none yet."""
        if not self.is_known:
            command = f"ggzy bid keygen {self.procedure}"
            raise Misused(f"请先执行 {command}", f"do `{command}` first")
        return self.request_credential()

    @property
    def token(self) -> str | None:
        """The bidder's pseudonym here, which whoever records its payments is told; None before it has a credential."""
        return self.credential.token if self._here.wallet.has(*self._folder, "credential") else None

    def seal(self, offer: Mapping[str, Any], files: list[Path]) -> SealedBid:
        """Seal an offer with its files, as `Offer` has its fields but for ids and documents; nothing is sent."""
        ids = {"tender": self.procedure, "lot": self.announcement.lot, "token": self.credential.token}
        ids["bid"] = f"bid-{os.urandom(8).hex()}"
        documents = [{"name": path.name, **_measured(path)} for path in files]
        written = as_wire(Offer, {**offer, **ids, "documents": documents}, "投标内容 / the offer")
        statement = sign_offer(written, self._here.wallet.account_secret(self._here.who))
        target = self._here.wallet.path(*self._folder, ids["bid"], suffix=".sealed")
        part = target.with_suffix(".part")
        with ExitStack() as opened:
            sources = [opened.enter_context(path.open("rb")) for path in files]
            sink = opened.enter_context(part.open("wb"))
            envelope, key = seal_bid(statement, sources, self.announcement.keys, sink, os.urandom)
            sink.flush()
            os.fsync(sink.fileno())
        part.replace(target)
        kept = {"envelope": envelope.model_dump(mode="json"), "key": key.model_dump(mode="json"), "file": str(target)}
        self._here.wallet.write(kept, *self._folder, ids["bid"])
        self._note(draft=ids["bid"])
        return SealedBid(envelope, key, target)

    def submit(self, *, replacing: bool) -> dict[str, Any]:
        """Send the bid sealed last, as the first one or in the place of the standing one; return its receipt."""
        noted, bid = self.noted(), str(self.noted().get("draft") or "")
        if not bid:
            raise Misused("没有待递交的投标文件，请先 bid seal", "no sealed bid waits: do `ggzy bid seal` first")
        replaces = noted.get("standing")
        if replacing and not replaces:
            raise Misused("没有可替换的投标文件，请用 bid submit", "no bid stands yet: use `ggzy bid submit`")
        if not replacing and replaces:
            raise Misused(f"已递交 {replaces}，请用 bid replace", f"{replaces} stands already: use `ggzy bid replace`")
        sealed = self.sealed(bid)
        Uploads(self._here.client, self._here.wallet).send(sealed.file, sealed.envelope.body.sha256, self.asker)
        receipt = self._deliver(bid, Submit(envelope=sealed.envelope, replaces=replaces))
        self._note(standing=bid, draft=None)
        return receipt

    def withdraw(self) -> dict[str, Any]:
        """Take the standing bid back; return the receipt of the message that says so."""
        standing = self.noted().get("standing")
        if not standing:
            raise Misused("没有可撤回的投标文件", "no bid stands that could be withdrawn")
        receipt = self._deliver(f"withdraw-{standing}", Withdraw(replaces=standing))
        self._note(standing=None)
        return receipt

    def unseal(self) -> dict[str, Any]:
        """Sign in at the opening and give the bidder's half of the key; return the outcome of the latter."""
        standing = self.noted().get("standing")
        if not standing:
            raise Misused("本机没有有效投标文件", "no standing bid is on this machine")
        key = self.sealed(standing).key
        self.give({"type": "bidding.sign_in"})
        handed = hand_in_key(BidIds(**key.names()), raw(key.k_b), self.key.private_key)
        command = {"type": "bidding.give_key", "bid": key.bid, "k_b": key.k_b, "signature": handed.signature}
        return self.give(command)

    def sealed(self, bid: str) -> SealedBid:
        """Return a bid that was sealed here."""
        place, wallet = (*self._folder, bid), self._here.wallet
        kept, path = wallet.read(*place), wallet.path(*place)
        envelope = as_wire(Envelope, kept["envelope"], path)
        return SealedBid(envelope, as_wire(BidderKeyFile, kept["key"], path), Path(kept["file"]))

    def receipts(self) -> list[dict[str, Any]]:
        """Return the sent messages with their receipts, oldest first."""
        kept = [self._here.wallet.read(*self._folder, name) for name in self._here.wallet.names(*self._folder)]
        sent = [message for message in kept if "receipt" in message]
        return sorted(sent, key=lambda message: int(message["receipt"]["position"]))

    def noted(self) -> dict[str, Any]:
        """Return which bid stands and which waits to be sent, as far as this machine knows."""
        place = (*self._folder, "state")
        return self._here.wallet.read(*place) if self._here.wallet.has(*place) else {}

    @property
    def asker(self) -> Asker:
        """The bidder behind its token."""
        key = Ed25519PrivateKey.from_private_bytes(raw(self.key.private_key))
        return Asker.token(self.credential.model_dump(mode="json"), key)

    def _deliver(self, name: str, meaning: Meaning) -> dict[str, Any]:
        """Send a sealed message; one that was made before and means the same is the same bytes again."""
        place, wallet = (*self._folder, f"{name}-message"), self._here.wallet
        said = meaning.model_dump(mode="json")
        kept = wallet.read(*place) if wallet.has(*place) else None
        if kept is None or kept["meaning"] != said:
            sealed = seal_meaning(self.announcement.keys.meaning, self.procedure, self.credential.token, meaning)
            signature = sign_delivery(self.key.private_key, self.procedure, self.credential.token, sealed).signature
            kept = {"meaning": said, "sealed": text(sealed), "signature": signature}
            wallet.write(kept, *place)
        if "receipt" in kept:
            return dict(kept["receipt"])
        parts = {"sealed": kept["sealed"], "signature": kept["signature"]}
        credential = self.credential.model_dump(mode="json")

        def keep(outcome: dict[str, Any]) -> None:
            kept["receipt"] = outcome["receipts"][0]
            wallet.write(kept, *place)

        self.give({"type": "bidding.deliver_sealed", "credential": credential, **parts}, keep)
        return dict(kept["receipt"])

    def give(self, command: dict[str, Any], keep: Keep = nothing) -> dict[str, Any]:
        """Give a command behind the token and return its outcome. Raise Refused, Unanswered."""
        outbox, token = Outbox(self._here.wallet, self._here.client), self.credential.token
        return outbox.send(self.asker, token, self.procedure, command, lambda outcome: keep(accepted(outcome)))

    def _note(self, **changes: str | None) -> None:
        self._here.wallet.write({**self.noted(), **changes}, *self._folder, "state")


def _measured(path: Path) -> dict[str, Any]:
    return {"size": path.stat().st_size, "sha256": sha256_of(path)}
