"""Law-abiding defaults for the tests of the draw."""

import hashlib
from collections.abc import Sequence
from datetime import date

from shared.procedure.draw import Commitment, Expert, Reveal, commit
from shared.procedure.recusal import Ground, Tie

DRAW = "T1-draw-1"
PARTIES = ("agency", "platform", "supervisor")
ROOT = hashlib.sha256(b"root").digest()
BIDDER = "CN-USCC:91370500MA0000101A"
STRANGER = "CN-USCC:91370500MA0000999X"
DAY = date(2026, 12, 1)


def expert(name: str = "e1", *employers: str) -> Expert:
    return Expert(id=name, speciality="市政工程", employers=employers, region="370500")


def experts(count: int) -> tuple[Expert, ...]:
    return tuple(expert(f"e{number:03}") for number in range(count))


def nonce(party: str, draw: str = DRAW) -> bytes:
    """Return made-up random bytes of a party, always the same."""
    return hashlib.sha256(f"{draw}|{party}".encode()).digest()


def commitments(parties: Sequence[str] = PARTIES, draw: str = DRAW) -> list[Commitment]:
    return [commit(party, nonce(party, draw), draw) for party in parties]


def reveals(parties: Sequence[str] = PARTIES, draw: str = DRAW) -> list[Reveal]:
    return [Reveal(party=party, nonce=nonce(party, draw).hex()) for party in parties]


def tie(ground: Ground = Ground.EMPLOYMENT, ended: date | None = None, name: str = "e1", party: str = BIDDER) -> Tie:
    return Tie(expert=name, party=party, ground=ground, ended=ended)
