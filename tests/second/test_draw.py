"""A second program, which follows docs/draw.md and shares no code, draws the same experts and refuses the same."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.procedure.draw import Reveal, chosen, commit, pool_digest, ranking, seed_of
from shared.procedure.drawn import verify_draw
from tests.procedure.drawing import experts
from tests.procedure.drawn_example import anchored, draw_file, example, values
from tests.procedure.test_drawn import CHANGES

pytestmark = pytest.mark.system  # it needs node, which `make test` installs

PROGRAM = Path(__file__).parent / "draw.js"
FAULTS = {"pool": 3, "too few": 3, "commitments": 4, "reveals": 6, "chosen": 7, "never called": 7, "reserve": 7}
"""The step at which the first verifier finds what the second one calls so."""


def second(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the second program says of each file; it is started once."""
    node = shutil.which("node")
    if node is None:
        pytest.fail("node is missing: install Debian's package nodejs")
    asked = json.dumps(bodies)
    answer = subprocess.run([node, PROGRAM], input=asked, capture_output=True, encoding="utf-8", timeout=60, check=True)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def drawn(source: random.Random) -> dict[str, Any]:
    """Return a draw of random size, parties and refusals, made by the first program."""
    draw, pool = f"draw-{source.randrange(10**6)}", list(experts(source.randint(7, 60)))
    source.shuffle(pool)
    seats, reserve = source.choice([1, 3, 5]), source.randint(0, 2)
    nonces = {f"party-{n}": source.randbytes(32) for n in source.sample(range(20), source.randint(3, 7))}
    made = [commit(party, nonce, draw) for party, nonce in nonces.items()]
    reveals = [Reveal(party=party, nonce=nonce.hex()) for party, nonce in nonces.items()]
    root = source.randbytes(32)
    ranked = ranking(seed_of(draw, root, made, reveals), [expert.id for expert in pool])
    refused = source.sample(ranked[:seats], min(reserve, seats))
    return example() | {
        "draw": draw,
        "library": [expert.model_dump(mode="json") for expert in pool],
        "ties": [],
        "exclusions": [],
        "seats": seats,
        "reserve": reserve,
        "pool_digest": pool_digest(draw, pool, seats, reserve),
        "commitments": [one.model_dump() for one in made],
        "root": root.hex(),
        "reveals": [one.model_dump() for one in reveals],
        "refused": refused,
        "chosen": list(chosen(ranked, seats, reserve, refused)),
        "others": None,
    }


def test_both_make_the_pages_vector() -> None:
    page, [said] = values(), second([example()])

    assert [said["pool_digest"], said["seed"]] == [page["pool_digest"], page["seed"]]
    assert [f"score {name}: {value}" for name, value in said["scores"].items()] == [
        f"{name}: {value}" for name, value in page.items() if name.startswith("score ")
    ]
    assert said["chosen"] == page["seated"].split()


def test_both_take_the_root_from_a_checkpoint() -> None:
    [said] = second([anchored()])

    assert said["chosen"] == anchored()["chosen"]


def test_both_draw_the_same_experts_of_any_pool() -> None:
    seed = random.SystemRandom().randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    source = random.Random(seed)
    bodies = [drawn(source) for _ in range(300)]

    said = second(bodies)

    assert [one.get("chosen", one) for one in said] == [body["chosen"] for body in bodies]
    assert {verify_draw(draw_file(body)).overall for body in bodies} == {"recomputed"}


def test_both_refuse_what_is_changed_in_pool_commitments_reveals_and_result() -> None:
    names = [name for name, (step, _, _) in CHANGES.items() if step in {3, 4, 6, 7} and "NFC" not in name]
    bodies = [example() for _ in names]
    for name, body in zip(names, bodies, strict=True):
        CHANGES[name][2](body)

    said = second(bodies)

    assert {name: FAULTS[one["fault"]] for name, one in zip(names, said, strict=True)} == {
        name: CHANGES[name][0] for name in names
    }
