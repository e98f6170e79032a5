"""Random single-bit flips over an evidence bundle: every one is found, wherever it falls."""

import random
import sys

import pytest

from shared.ledger import bundle, stored_zip
from shared.ledger.verify import verify_bundle
from tests.ledger.factories import LOG, WITNESSES, commands, evidence, ledger, policy, records

STREAM = records(5)
LEDGER = ledger(STREAM)
MADE = bundle.make(evidence(STREAM, LEDGER, commands(5)))
MEMBERS = bundle.read(MADE)
UNANIMOUS = policy(
    "".join(
        [
            f"log {LOG.verifier.vkey}\n",
            *(f"witness w{n} {witness.verifier.vkey}\n" for n, witness in enumerate(WITNESSES, start=1)),
            "group everybody all w1 w2 w3\nquorum everybody\n",
        ]
    )
)


@pytest.fixture
def draw() -> random.Random:
    """Return a generator whose seed stands in the test's output."""
    seed = random.SystemRandom().randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    return random.Random(seed)


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_any_flipped_bit_is_found_without_any_key(draw: random.Random) -> None:
    for bit in draw.sample(range(8 * len(MADE)), 2_000):
        found = verify_bundle(flipped(MADE, bit))

        assert found.overall == "failed at step 1", f"bit {bit}"


def test_any_bit_flipped_inside_a_member_is_found_though_the_zip_is_made_anew(draw: random.Random) -> None:
    for _ in range(1_000):
        name = draw.choice(list(MEMBERS))
        bit = draw.randrange(8 * len(MEMBERS[name]))
        members = {**MEMBERS, name: flipped(MEMBERS[name], bit)}

        found = verify_bundle(stored_zip.pack(members), UNANIMOUS).failed

        assert found is not None, f"{name}, bit {bit}"
        assert found.number > 1, f"{name}, bit {bit}"


def test_any_file_cut_short_is_found(draw: random.Random) -> None:
    for length in draw.sample(range(len(MADE)), 300):
        assert verify_bundle(MADE[:length]).overall == "failed at step 1", f"length {length}"
