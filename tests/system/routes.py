"""Every GET route of the door, asked about one tender by everyone; a route that is not here fails the tests."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from cli.demo.stage import Stage
from tests.system.reading import Answer, ask_as

LIVE = "/api/events"
"""Never ends, so it is listened to and not asked."""

OWN = frozenset(
    {"/api/time", "/api/health", "/api/keys", "/api/ledger/policy", "/api/calendars", "/api/calendars/{year}"}
)
"""About the installation and the law there, not about any tender."""

OF_LOG = frozenset({"/ledger/{path}", "/api/ledger/proof", "/api/ledger/unwitnessed", "/api/ledger/findings"})
"""About the public log."""

OF_PARTIES = frozenset(
    {
        "/api/accounts/{id}",
        "/api/parties",
        "/api/parties/{scheme}/{id}",
        "/api/parties/{party}/staff",
        "/api/parties/{party}/relations",
        "/api/people/{person}",
        "/api/blacklist",
        "/api/experts",
    }
)
"""About who is registered, whatever they do."""

ROLES = ("public", "bidder", "tenderer", "agency", "expert", "supervisor", "authority", "operator", "system", "token")


def paths(
    procedure: str,
    *,
    sha256: str = "0" * 64,
    account: str = "nobody",
    party: Mapping[str, str],
    stream: str = "nobody",
    size: int = 1,
) -> dict[str, list[str]]:
    """Return the addresses to ask for, by route."""
    of = f"/api/procedures/{procedure}"
    replays = [f"{of}/replay", f"{of}/replay?version=1", *(f"{of}/replay?as={role}" for role in ROLES)]
    width = size % 256
    tiles = ["checkpoint", *(f"tile/{level}/000.p/{width}" for level in ("0", "entries"))]
    return {
        "/api/procedures": ["/api/procedures?line=bidding", "/api/procedures?line=registry"],
        "/api/procedures/{id}": [of],
        **{f"/api/procedures/{{id}}/{name}": [f"{of}/{name}"] for name in SHOWN},
        "/api/procedures/{id}/replay": [*replays, f"{of}/replay?at=2099-01-01T00:00:00.000000Z"],
        "/api/blobs/{sha256}": [f"/api/blobs/{sha256}?procedure={procedure}", f"/api/blobs/{sha256}"],
        "/api/outcomes/{id}": ["/api/outcomes/anything"],
        "/api/accounts/{id}": [f"/api/accounts/{account}"],
        "/api/parties": ["/api/parties"],
        "/api/parties/{scheme}/{id}": [f"/api/parties/{party['scheme']}/{quote(party['id'], safe='')}"],
        "/api/parties/{party}/staff": [f"/api/parties/{stream}/staff"],
        "/api/parties/{party}/relations": [f"/api/parties/{stream}/relations"],
        "/api/people/{person}": [f"/api/people/{sha256}"],
        "/api/blacklist": ["/api/blacklist"],
        "/api/experts": ["/api/experts"],
        "/api/draws/{draw}": [f"/api/draws/{procedure}"],
        "/api/draws/{draw}/file": [f"/api/draws/{procedure}/file"],
        "/api/calendars": ["/api/calendars"],
        "/api/calendars/{year}": ["/api/calendars/2027", "/api/calendars/1999"],
        "/api/ledger/policy": ["/api/ledger/policy"],
        "/api/ledger/proof": [f"/api/ledger/proof?service=bidding&position={number}" for number in (1, 3, 5)],
        "/api/ledger/findings": ["/api/ledger/findings"],
        "/api/ledger/unwitnessed": ["/api/ledger/unwitnessed"],
        "/ledger/{path}": [f"/ledger/{name}" for name in tiles],
        **{route: [route] for route in ("/api/time", "/api/health", "/api/keys")},
    }


SHOWN = ("history", "opening", "envelopes", "rulebook", "alarms", "redecide", "trail", "bundle", "live")
"""What there is of a procedure; of a tender no live feed, so that the question for it ends."""


def require_all(stage: Stage, known: Mapping[str, Sequence[str]]) -> None:
    """Fail where the door has a GET route that `known` does not name."""
    described = json.loads(stage.client.fetch("/api/openapi.json"))["paths"]
    served = {route for route, methods in described.items() if "get" in methods}
    assert served == {*known, LIVE}, "the door's GET routes are not those that the tests ask"


def answers(
    stage: Stage, askers: Mapping[str, Any], known: Mapping[str, Sequence[str]], wanted: Callable[[str], bool]
) -> Iterator[tuple[str, str, str, Answer]]:
    """Yield role, route, address and answer of everyone's question to every route that is wanted."""
    for role, asker in askers.items():
        for route, addresses in known.items():
            if wanted(route):
                for address in addresses:
                    yield role, route, address, ask_as(stage, address, asker)
