"""The worked vector of docs/draw.md, and the same draw with evidence in a log made for the tests."""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from shared.ledger.leaf import leaf_of
from shared.ledger.proof import Receipt
from shared.procedure.draw import chosen, ranking, seed_of
from shared.procedure.drawn import DrawFile
from tests.ledger.factories import KEY, Log, record

PAGE = Path(__file__).parents[2] / "docs" / "draw.md"

_FILE = re.compile(r"```json\n(.*?)\n```", re.DOTALL)
_VALUES = re.compile(r"```text\n(.*?)\n```", re.DOTALL)


def example() -> dict[str, Any]:
    """Return the page's file, anew at each call."""
    [text] = _FILE.findall(PAGE.read_text("utf-8"))
    body: dict[str, Any] = json.loads(text)
    return body


def values() -> dict[str, str]:
    """Return the page's values by name, in the page's order."""
    [text] = _VALUES.findall(PAGE.read_text("utf-8"))
    return dict(line.split(": ", 1) for line in text.split("\n"))


def draw_file(body: dict[str, Any]) -> DrawFile:
    return DrawFile.model_validate_json(json.dumps(body))


def anchored(**changes: Any) -> dict[str, Any]:
    """Return the example with its pool and commitments in a witnessed log, and the result that its root gives."""
    body = example()
    facts = [{"pool_digest": body["pool_digest"]}, *body["commitments"]]
    raws = [record(n, n, data={"draw": body["draw"], **fact, **changes}) for n, fact in enumerate(facts, start=1)]
    leaves = [leaf_of("bidding", n, KEY, n, raw) for n, raw in enumerate(raws, start=1)]
    log = Log([leaf.encode() for leaf in leaves])
    size, prover = len(log.entries), log.prover()
    body |= {"root": None, "checkpoint": log.note().decode(), "refused": []}
    body["evidence"] = [
        {
            "record": raw.decode(),
            "tag": leaf.tag,
            "receipt": Receipt(n, tuple(prover.inclusion(n, size)), log.note()).encode().decode(),
        }
        for n, (raw, leaf) in enumerate(zip(raws, leaves, strict=True))
    ]
    body["chosen"] = resulting(body, log.root())
    return body


def resulting(body: dict[str, Any], root: bytes) -> list[str]:
    """Return who sits in a draw that nobody refused, under another root."""
    file = draw_file({**body, "chosen": []})
    barred = {one.expert for one in file.exclusions}
    left = [expert.id for expert in file.library if expert.id not in barred]
    seed = seed_of(file.draw, root, file.commitments, file.reveals)
    return list(chosen(ranking(seed, left), file.seats, file.reserve))


def hexed(text: str) -> str:
    """Return a made-up digest."""
    return sha256(text.encode()).hexdigest()
