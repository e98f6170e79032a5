"""The leak canary: nothing of a sealed bid, and nobody behind it, is anywhere before the opening.

Where is looked. Everything the data directory holds but the actors' own machines (`wallets`, and the witness's key):
blobs, ledger, keys, logs, and in the embedded mode the databases with their write-ahead logs. On one host also every
file of every table, index and toast of all services after a checkpoint, `pg_wal`, a dump, PostgreSQL's log, the whole
directory of RabbitMQ (which holds a copy of every message, as a spy's queue is bound to both exchanges), and each
message by itself. Every answer of every GET route to everyone, and the live events.

What must not be there. What is *in* the bid (document, quality, price; of the bid that stands and of the one that it
replaced) nowhere at all. *Who* bids (name, code, account, account key, stream of its party, serial number and
fingerprint of its certificate) is registered, as law asks, and so stands in the registry's schema and, as records of
its journal, in the audit's, in the broker and in `pg_wal`, which the schemas share. It must not stand in any line's
schema, blobs, ledger, logs or live events, and no row, message or answer anywhere may hold it together with the
tender, the token or the one-time key. What remains to a broker's operator is time: an account is looked up when it
asks for a credential, and a token first appears later.
"""

from collections.abc import Callable, Iterable

import pytest

from tests.system.canary import Mark, Sighting, search
from tests.system.own_host import OwnHost
from tests.system.routes import OF_PARTIES
from tests.system.watched import SERIAL, Overheard, Seen, Watched, look

pytestmark = pytest.mark.system

REGISTERED = (
    "data/db/registry.",
    "data/db/audit.",
    "database/registry/",
    "database/audit/",
    "database/wal/",
    "database/dump.sql",
    "broker/",
)
"""Where a registered party may stand, whatever it does."""

MODES = ("embedded", "host")
OF_PROCEDURE = "/api/procedures/{id}"


@pytest.fixture(params=MODES)
def watched(request: pytest.FixtureRequest) -> Watched:
    found: Watched = request.getfixturevalue(f"{request.param}_watched")
    return found


@pytest.fixture(scope="module")
def embedded_after(embedded_watched: Watched, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return _after(embedded_watched, tmp_path_factory, lambda route: route == OF_PROCEDURE)


@pytest.fixture(scope="module")
def host_after(host_watched: Watched, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return _after(host_watched, tmp_path_factory)


def _after(
    watched: Watched, folders: pytest.TempPathFactory, wanted: Callable[[str], bool] = lambda _route: True
) -> Seen:
    tender = watched.tender
    with Overheard(tender.stage) as overheard:
        tender.open(watched.bidders)
        return look(tender, watched.company, folders.mktemp("after"), overheard, wanted=wanted)


def places(sightings: Iterable[Sighting]) -> set[str]:
    """Return the beginnings of the places where something was found, as far as they tell what it is."""
    return {"/".join(sighting.place.split("/")[:2]) for sighting in sightings}


def test_nothing_that_is_in_a_bid_is_stored_anywhere(watched: Watched) -> None:
    assert search(watched.before.stored(), watched.content) == []
    assert search(((row.table, row.content) for row in watched.before.rows), watched.content) == []


def test_the_search_finds_what_is_public_wherever_it_is_stored(watched: Watched) -> None:
    found = places(search(watched.before.stored(), [watched.open]))

    if isinstance(watched.scene.stage, OwnHost):
        assert {"database/bidding", "database/audit", "database/wal", "database/dump.sql"} <= found
        assert any(place.startswith("broker/") for place in found)
        assert search(((message.key, message.text()) for message in watched.before.messages), [watched.open])
    else:
        assert {"data/db"} <= found
    assert search([("frames", watched.before.frames)], [watched.open])
    assert search((("answer", answer.text()) for *_, answer in watched.before.answers), [watched.open])


def test_who_bids_is_stored_where_parties_are_registered_and_nowhere_else(watched: Watched) -> None:
    found = search(watched.before.stored(), watched.identity)

    assert [sighting for sighting in found if not sighting.place.startswith(REGISTERED)] == []
    assert {"name", "code", "account", SERIAL} <= {sighting.mark for sighting in found}, "registered, so to be found"


def test_no_row_of_a_lines_schema_names_who_bids(watched: Watched) -> None:
    offices = {"registry", "audit"}
    own = [(f"{row.schema}.{row.table}", row.content) for row in watched.before.rows if row.schema not in offices]

    assert {"bidding.journal", "bidding.command", "bidding.arrival"} <= {table for table, _ in own}
    assert search(own, watched.identity) == []


def test_no_row_of_the_registrys_schema_names_a_tender_or_a_token(watched: Watched) -> None:
    own = [(row.table, row.content) for row in watched.before.rows if row.schema == "registry"]

    assert {"journal", "command", "party", "account"} <= {table for table, _ in own}
    assert search(own, watched.project) == []


def tied(seen: Seen, watched: Watched) -> list[str]:
    """Return the tables of rows, and the keys of messages, that hold who bids together with tender or pseudonym."""
    pieces = [(f"{row.schema}.{row.table}", row.content) for row in seen.rows]
    pieces += [(message.key, message.text()) for message in seen.messages]
    return [name for name, content in pieces if _has(content, watched.identity) and _has(content, watched.project)]


def _has(content: bytes, marks: list[Mark]) -> bool:
    return bool(search([("", content)], marks))


def test_no_row_and_no_message_ties_who_bids_to_the_tender(watched: Watched) -> None:
    assert isinstance(watched.scene.stage, OwnHost) == bool(watched.before.messages)
    assert tied(watched.before, watched) == []


def test_the_public_log_names_neither_the_tender_nor_a_token(watched: Watched) -> None:
    log = [piece for piece in watched.before.stored() if piece[0].startswith("data/ledger/")]

    assert log
    assert search(log, [*watched.project, *watched.identity, *watched.content, watched.open]) == []


def test_no_answer_to_anyone_tells_of_the_bid_or_ties_who_bids_to_the_tender(watched: Watched) -> None:
    pseudonym = [mark for mark in watched.project if mark.name != "tender"]  # the tender itself is public
    for role, route, address, answer in watched.before.answers:
        asked = [(f"{role} {address}", answer.text())]
        tender_told = search(asked, watched.project) and route in OF_PARTIES
        who_told = search(asked, watched.identity) and route not in OF_PARTIES

        assert search(asked, [*watched.content, *pseudonym]) == []
        assert not tender_told, f"{role} learns of the tender from {address}"
        assert not who_told, f"{role} learns who bids from {address}"


def test_live_events_tell_nothing_of_a_bid(watched: Watched) -> None:
    token = [mark for mark in watched.project if mark.name != "tender"]

    assert search([("frames", watched.before.frames)], [*watched.content, *watched.identity, *token]) == []


@pytest.fixture(params=MODES)
def both(request: pytest.FixtureRequest) -> tuple[Watched, Seen]:
    return request.getfixturevalue(f"{request.param}_watched"), request.getfixturevalue(f"{request.param}_after")


def test_after_the_opening_all_of_it_is_found_where_it_should_be(both: tuple[Watched, Seen]) -> None:
    watched, after = both
    standing = [mark for mark in watched.content if mark.name != "first"]
    opened = (piece for piece in after.stored() if piece[0].startswith("data/opened/"))
    page = [
        (route, answer.text()) for role, route, _, answer in after.answers if (role, route) == ("public", OF_PROCEDURE)
    ]

    assert {sighting.mark for sighting in search(opened, standing)} == {mark.name for mark in standing}
    assert {"price", "quality"} <= {sighting.mark for sighting in search(page, standing)}
    assert SERIAL in {sighting.mark for sighting in search(after.stored(), watched.identity)}
    assert {"name", "code"} <= {sighting.mark for sighting in search(page, watched.identity)}
    assert {"bidding.journal", "bidding.command", "registry.journal"} <= set(tied(after, watched))


def test_after_the_opening_the_search_finds_a_bid_in_files_too(host_watched: Watched, host_after: Seen) -> None:
    quality = [mark for mark in host_watched.content if mark.name == "quality"]

    found = places(search(host_after.stored(), quality))

    assert {"database/bidding", "database/audit", "database/wal", "database/dump.sql", "data/opened"} <= found
    assert any(place.startswith("broker/") for place in found)
    assert search(((message.key, message.text()) for message in host_after.messages), quality)
    assert any(key.startswith("registry.") for key in tied(host_after, host_watched))


def test_what_was_replaced_is_never_opened(host_watched: Watched, host_after: Seen) -> None:
    first = [mark for mark in host_watched.content if mark.name == "first"]

    assert search(host_after.stored(), first) == []
    assert search((("answer", answer.text()) for *_, answer in host_after.answers), first) == []
