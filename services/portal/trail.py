"""Where each request came from (电子招标投标办法 第四十九条): sealed at the door, and shown to the supervisor alone.

The address would tell a bidder from its token, so it is encrypted under a key that the door alone holds, always to the
same length, and goes with the stored request; what is shown later is itself on record.
"""

from typing import Any

import orjson
from fastapi import Request

from shared.ledger.text import decode_base64
from shared.store.vault import Vault

ROOM = 240
"""Bytes of what is sealed; a longer name of a program is cut."""


def sealed(vault: Vault, address: str, program: str) -> str:
    """Return what is kept of where a request came from."""
    said = orjson.dumps({"address": address[:45], "program": ""})
    left = ROOM - len(said)
    program = program.encode("ascii", "replace").decode()
    while len(orjson.dumps(program)) - 2 > left:
        program = program[:-1]
    whole = orjson.dumps({"address": address[:45], "program": program})
    return vault.close(whole.ljust(ROOM)).decode("ascii")


def of(vault: Vault, request: Request) -> str:
    """Return what is kept of where an HTTP request came from."""
    address = request.client.host if request.client else "-"
    return sealed(vault, address, request.headers.get("user-agent", ""))


def shown(vault: Vault, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each stored request with its time, its asker and where it came from; null where nothing was kept."""
    return [_shown(vault, orjson.loads(decode_base64(item["request"])), int(item["version"])) for item in requests]


def _shown(vault: Vault, request: dict[str, Any], version: int) -> dict[str, Any]:
    kept = request.get("origin")
    origin = orjson.loads(vault.open(kept.encode("ascii"))) if kept else {"address": None, "program": None}
    return {
        "version": version,
        "command": request["command"]["type"],
        "at": request["received_at"],
        "account": request["actor"]["account"],
        "role": request["actor"]["role"],
        **origin,
    }
