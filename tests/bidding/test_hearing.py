"""An opening goes on when enough witnesses have cosigned a checkpoint that covers it."""

from pathlib import Path
from typing import Any

import pytest

from services.bidding.handlers import AWAITING_WITNESS, WITNESSED
from shared.store import work
from tests.bidding.port import port_of

THREE = tuple(f"https://w{number}.example/add-checkpoint|key" for number in range(3))
NEWS = "audit.checkpoint_witnessed"


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


def test_what_the_checkpoint_does_not_cover_waits_on(tmp_path: Path) -> None:
    assert not heard(tmp_path, ["w0"], covers=6, witnesses=THREE[:1])
