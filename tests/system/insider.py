"""An insider with everything that an installation stores, and some keys, tries in earnest to open its sealed bids.

    python -m tests.system.insider FOLDER TENDER < ATTEMPTS

FOLDER holds copies of data directory (private keys included), database, dump and broker, in any layout. TENDER names
the one whose bids are wanted; others may have been opened already. ATTEMPTS is a JSON list with each attempt's own
keys, a list in base64url: authorities' private keys of the tender, bidders' halves. Answers with a JSON list, for each
attempt what was learnt and what opened.

Every commitment in an envelope is an oracle here: a guess at K_B, K_A or a share is checked by one SHA-256, a guess at
the body's key by the commitment that stands in the body's own header. So no pair of guesses needs to be tried blindly.
"""

import argparse
import hashlib
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import shake_256
from itertools import combinations
from pathlib import Path
from typing import Any

from shared.platform.keys import derived
from shared.seal.body import key_of, open_body
from shared.seal.envelope import Envelope, check_share, commit, share_info
from shared.seal.faults import NotOpenable
from shared.seal.keys import NotSealedToMe, hpke_open, new_hpke_key
from shared.seal.sealed import Meaning, Submit, open_meaning
from shared.seal.shamir import combine, multiply
from shared.seal.wire import SealError, raw, text
from tests.system.loot import SIZE, Loot, gather


@dataclass
class Break:
    """What was learnt of one bid."""

    envelope: Envelope
    shares: dict[int, bytes] = field(default_factory=dict)
    k_a: bytes | None = None
    k_b: bytes | None = None
    statement: dict[str, Any] | None = None
    documents: str = ""


def meaning_keys(loot: Loot, tender: str) -> list[str]:
    """Return every secret that is there as a key, and what the platform would make of it for this tender."""
    secrets = list(loot.scalars())
    seeds = [derived(secret, "meaning-key", tender) for secret in secrets]
    return [*map(text, secrets), *map(_made, seeds)]


def _made(seed: bytes) -> str:
    return new_hpke_key(lambda size: shake_256(seed).digest(size))


def read_meanings(loot: Loot, tender: str) -> list[Meaning]:
    """Open every sealed message with every key that is there: the tender's is made from the vault's."""
    found, keys = [], meaning_keys(loot, tender)
    for token, sealed in loot.messages(tender):
        for key in keys:
            try:
                found.append(open_meaning(key, tender, token, sealed))
                break
            except (NotOpenable, SealError):
                continue
    return found


def open_shares(envelope: Envelope, secrets: Iterable[bytes]) -> dict[int, bytes]:
    """Open every wrap, at every index, with every secret that could be a key of it."""
    found = {}
    for secret in secrets:
        for wrap in envelope.wraps:
            for index in (1, 2, 3):
                try:
                    share = hpke_open(text(secret), raw(wrap.sealed), share_info(envelope, index))
                except (NotSealedToMe, SealError):
                    continue
                if check_share(envelope, index, share):
                    found[index] = share
    return found


def guess(envelope: Envelope, label: str, committed: str, guesses: Iterable[bytes]) -> bytes | None:
    """Return the guess that an envelope commits to under a label, if one is right."""
    start = hashlib.sha256(envelope.labelled(label) + b"\0")
    for value in guesses:
        trial = start.copy()
        trial.update(value)
        if trial.hexdigest() == committed:
            return value
    return None


def halves(broken: Break, guesses: Sequence[bytes]) -> Iterator[bytes]:
    """Yield guesses at K_A: stored values, what pairs of shares give, and what one share gives with any stored value.

    One share (y, x) is y = K_A + c * x, so a stored c would do, and so would a stored y of another authority.
    """
    shares = list(broken.shares.values())
    yield from map(combine, combinations(shares, 2))
    yield from guesses
    for share in shares:
        for constant, table in _lines(share):
            for value in guesses:
                yield (constant ^ int.from_bytes(value.translate(table))).to_bytes(SIZE)


def _lines(share: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the ways in which K_A follows from a share and one more value: a constant, and a table for its bytes."""
    y, x = share[:-1], share[-1]
    yield int.from_bytes(y), bytes(multiply(value, x) for value in range(256))
    for other in {1, 2, 3} - {x}:
        constant = combine([share, bytes(SIZE) + bytes([other])])
        yield (
            int.from_bytes(constant),
            bytes(combine([bytes([0, x]), bytes([value, other])])[0] for value in range(256)),
        )


def widen(broken: Break, guesses: list[bytes]) -> None:
    """Look for further shares among what is stored, by their commitments."""
    for index in {1, 2, 3} - broken.shares.keys():
        found = guess(
            broken.envelope,
            f"share|{index}",
            broken.envelope.commitments.shares[index - 1],
            (value + bytes([index]) for value in guesses),
        )
        if found:
            broken.shares[index] = found


def attack(envelope: Envelope, loot: Loot, guesses: list[bytes]) -> Break:
    """Try everything on one bid."""
    broken = Break(envelope, open_shares(envelope, loot.scalars()))
    widen(broken, guesses)
    own = [envelope.commitments.k_b, envelope.commitments.k_a]
    broken.k_b = guess(envelope, "k_b", own[0], guesses)
    broken.k_a = guess(envelope, "k_a", own[1], halves(broken, guesses))
    keys = [key_of(broken.k_b, broken.k_a)] if broken.k_b and broken.k_a else []
    body = loot.bodies.get(envelope.body.sha256)
    if body is None:
        return broken
    keys += [key for key in guesses if loot.opens(key, envelope.context, body)]
    mixed = (key_of(half, value) for half in (broken.k_a, broken.k_b) if half for value in guesses)
    keys += [key for key in mixed if loot.opens(key, envelope.context, body)]
    for key in keys[:1]:
        sink = io.BytesIO()
        opened = open_body(io.BytesIO(body), sink, key, envelope, envelope.body)
        broken.statement = opened.statement.model_dump(mode="json")
        broken.documents = sink.getvalue().decode(errors="replace")
    return broken


def report(loot: Loot, tender: str, given: Sequence[bytes]) -> dict[str, Any]:
    """Try everything on every bid with some keys besides, and say what came of it."""
    loot.given = given
    meanings = read_meanings(loot, tender)
    guesses = sorted(loot.guesses())
    assert all(len(value) == SIZE for value in guesses)
    broken = [attack(meaning.envelope, loot, guesses) for meaning in meanings if isinstance(meaning, Submit)]
    return {
        "secrets": len(list(loot.scalars())),
        "guesses": len(guesses),
        "kinds": [meaning.kind for meaning in meanings],
        "bids": [_told(one) for one in broken],
    }


def _told(one: Break) -> dict[str, Any]:
    return {
        "bid": one.envelope.bid,
        "token": one.envelope.token,
        "shares": sorted(one.shares),
        "k_a": one.k_a is not None and commit(one.envelope, "k_a", one.k_a) == one.envelope.commitments.k_a,
        "k_b": one.k_b is not None,
        "statement": one.statement,
        "documents": one.documents,
    }


def main() -> None:
    """Read the arguments, try, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("tender")
    wanted = parser.parse_args()
    loot = gather(wanted.folder)
    told = [report(loot, wanted.tender, list(map(raw, keys))) for keys in json.load(sys.stdin)]
    json.dump(told, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
