"""Whatever is done to a real notice: it is imported, or there is a list of what is wrong. Never a traceback."""

import json
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.bidding.domain.commands import DraftTender
from services.registry.domain.commands import RegisterParty
from tests.cli.notices import DEFENCE, SOCIAL, notice, read

BASES = [json.loads(SOCIAL), json.loads(DEFENCE), notice(tender__lots=[{"id": "1"}]), {"releases": [notice()]}]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, child in children for place in _places(child, (*path, key)))]


def _put(root: Any, path: tuple[Any, ...], value: Any, *, drop: bool) -> Any:
    if not path:
        return value
    place = root
    for key in path[:-1]:
        place = place[key]
    if drop:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return root


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """Draw a real notice with up to four of its members replaced, or taken away."""
    root = json.loads(json.dumps(draw(st.sampled_from(BASES))))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(_places(root)))
        root = _put(root, path, draw(VALUES), drop=draw(st.booleans()))
    return root


def _holds(data: bytes) -> None:
    made = read(data)

    json.dumps([finding.to_json() for finding in made.findings]).encode()
    if made.blocked:
        assert made.tenders == () == made.parties
        return
    for tender in made.tenders:
        DraftTender.model_validate_json(json.dumps({"type": "bidding.draft_tender", **tender.draft})).canonical()
    for party in made.parties:
        body = {"identifier": {"scheme": party.scheme, "id": party.id}, "name": party.name, "kind": party.kind}
        RegisterParty.model_validate_json(json.dumps(body)).canonical()


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_a_notice_changed_anywhere_is_imported_or_listed(notice_: Any) -> None:
    _holds(json.dumps(notice_).encode())


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([SOCIAL, DEFENCE]), st.integers(0, 2**32), st.integers(1, 20))
def test_a_file_with_bytes_turned_over_is_imported_or_listed(data: bytes, seed: int, times: int) -> None:
    chance, changed = random.Random(seed), bytearray(data)
    for _ in range(times):
        changed[chance.randrange(len(changed))] = chance.randrange(256)

    _holds(bytes(changed))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_imported_or_listed(data: bytes) -> None:
    _holds(data)
