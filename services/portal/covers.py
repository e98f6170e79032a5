"""Sending covers: each dummy goes the way of a bidder's message, under a credential and a key of its own."""

import asyncio
import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.portal import trail
from services.portal.commands import WAIT, keep, send
from services.portal.desk import SYSTEM, Desk
from shared.kernel.canonical import encode, instant
from shared.kernel.request import Actor
from shared.messaging.bus import BusTimeout
from shared.platform.logs import logger
from shared.seal.credential import Credential, sign_delivery
from shared.seal.keys import new_signing_key, signing_public
from shared.seal.sealed import Cover, seal_meaning
from shared.seal.wire import raw, text

PAUSE_SECONDS = 2.0


class Covers:
    """What sends the covers of running tenders when they are due."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            for item in (await self._desk.ask("bidding_views", "covers", {}, SYSTEM))["covers"]:
                await self.send(item)
            await asyncio.sleep(PAUSE_SECONDS)

    async def send(self, item: dict[str, Any]) -> None:
        """Send one; one whose answer is lost is sent again by the sweeper, as a bidder's is."""
        tender = str(item["tender"])
        key = new_signing_key(self._desk.random_bytes)
        arguments = {"tender": tender, "public_key": signing_public(key), "cover": str(item["id"])}
        issued = await self._desk.ask_confidentially("registry", "issue_cover", arguments, SYSTEM)
        credential = Credential.from_bytes(encode(issued))
        made = self._command(tender, key, credential, str(item["meaning"]))
        line = self._desk.lines["bidding"]
        actor = Actor(account=credential.token, role="token")
        evidence = self._evidence(tender, made, key)
        fields = {"id": str(item["id"]), "stream": tender, "actor": actor, "evidence": evidence, "command": made}
        fields["origin"] = trail.sealed(self._desk.vault, "-", "")
        kept = await keep(self._desk, line, fields)
        try:
            await send(self._desk, line.name, kept, self._desk.clock.now() + WAIT)
        except BusTimeout:
            logger().info("cover_waits")

    def _command(self, tender: str, key: str, credential: Credential, meaning: str) -> dict[str, Any]:
        sealed = seal_meaning(meaning, tender, credential.token, Cover())
        signature = sign_delivery(key, tender, credential.token, sealed).signature
        parts = {"sealed": text(sealed), "signature": signature}
        return {"type": "bidding.deliver_sealed", "credential": credential.model_dump(mode="json"), **parts}

    def _evidence(self, tender: str, command: dict[str, Any], key: str) -> str:
        """Return what a bidder's request leaves: its instant, the digest of its body and its signature."""
        at = instant(self._desk.clock.now())
        digest = hashlib.sha256(encode({"procedure": tender, "command": command})).hexdigest()
        signed = f"ggzy-request/v1\nPOST\n/api/commands\n{at}\n{digest}"
        signature = Ed25519PrivateKey.from_private_bytes(raw(key)).sign(signed.encode())
        return f"{at} {digest} {text(signature)}"
