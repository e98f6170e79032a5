"""An opening goes on when enough witnesses have cosigned a checkpoint that covers it."""

import os
from pathlib import Path
from typing import Any

import pytest

from services.bidding import views
from services.bidding.domain.committee.commands import FormCommittee
from services.bidding.domain.facts import Facts
from services.bidding.domain.state import Unborn
from services.bidding.handlers import AWAITING_WITNESS, EXPERTS_DRAWN, MAY_SIT, MEMBERS, WITNESSED, BiddingPort
from shared.kernel.request import Arrival
from shared.platform import keys
from shared.platform.settings import Settings
from shared.runtime.handling import Tools
from shared.store import work
from shared.store.migrate import migrate
from tests.bidding import committee as sit
from tests.bidding import factories as make

THREE = tuple(f"https://w{number}.example/add-checkpoint|key" for number in range(3))
NEWS = "audit.checkpoint_witnessed"


def port_of(data: Path, **given: Any) -> tuple[BiddingPort, Tools]:
    """Return the service's port over a database of its own."""
    wanted = [keys.DOOR, keys.RECEIPTS, keys.CREDENTIALS, keys.EVENTS, keys.vault("bidding")]
    keys.Keyring(data / "keys").make(wanted, os.urandom)
    (data / "db").mkdir()
    tools = Tools("bidding", Settings(data=data, **given))
    migrate(tools.database, views=views.metadata)
    return BiddingPort(tools), tools


def heard(data: Path, names: list[str], *, covers: int = 7, **given: Any) -> bool:
    """Whether an opening whose start is at position 7 goes on when these witnesses are told of."""
    port, tools = port_of(data, **given)
    said = {"origin": "o", "size": 9, "root": "cm9vdA==", "witnesses": names, "heads": {"bidding": covers}}
    with tools.database.write() as connection:
        work.put(connection, AWAITING_WITNESS, "t1", b"7")
        commands = list(port.hear(connection, NEWS, said))
        kept = work.get(connection, WITNESSED, "t1")
    tools.database.close()
    assert bool(commands) == (kept is not None)
    return bool(commands)


@pytest.mark.parametrize(
    ("names", "given", "goes_on"),
    [
        ([], {}, False),
        (["w0"], {"witnesses": THREE[:1]}, True),
        (["w0"], {"witnesses": THREE[:2]}, False),
        (["w0"], {"witnesses": THREE}, False),
        (["w0", "w0"], {"witnesses": THREE}, False),
        (["w0", "w2"], {"witnesses": THREE}, True),
        (["w0"], {"witnesses": THREE, "quorum": 1}, True),
        (["w0", "w2"], {"witnesses": THREE, "quorum": 3}, False),
        ([], {"witnesses": THREE, "quorum": 1}, False),
    ],
)
def test_as_many_witnesses_are_needed_as_the_installation_says(
    tmp_path: Path, names: list[str], given: dict[str, Any], goes_on: bool
) -> None:
    assert heard(tmp_path, names, **given) == goes_on


def test_a_committee_is_formed_of_what_the_registry_told(tmp_path: Path) -> None:
    command = FormCommittee(representatives=(sit.CLERK.name,), until=sit.UNTIL)
    arrival = Arrival(id="c1", stream="t1", actor=make.AGENCY, received_at=sit.BEGINS, command={})
    port, tools = port_of(tmp_path)
    with tools.database.write() as connection:
        before, _ = port.facts(connection, arrival, command, Unborn())
        work.put(connection, EXPERTS_DRAWN, "t1", sit.draw().canonical())
        work.put(connection, MAY_SIT, "t1", MEMBERS.dump_json(sit.KNOWN))
        after, _ = port.facts(connection, arrival, command, Unborn())
    tools.database.close()

    assert before == Facts()
    assert after == sit.facts()


def test_what_the_checkpoint_does_not_cover_waits_on(tmp_path: Path) -> None:
    assert not heard(tmp_path, ["w0"], covers=6, witnesses=THREE[:1])
