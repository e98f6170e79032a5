"""Whom events name and whom they are told to after the end: each type of event has its line in a table."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest

from services.bidding import LINE
from services.bidding.domain.events import EvaluationReported, TenderEvent
from services.bidding.domain.visible import NAMES_ITS_BIDDER, gives
from shared.kernel.message import Event
from tests.bidding import phases
from tests.bidding.naming import AUDIENCES, NAMING, TABLE

SCHEMA = LINE.events.json_schema()
TYPES: Mapping[str, str] = SCHEMA["discriminator"]["mapping"]


INSIDE = ("items", "prefixItems", "anyOf", "oneOf")
"""Where a schema has those of its parts, besides its properties."""


def kinds(union: Any = TenderEvent) -> Iterator[type[Event]]:
    """Yield every type of event in a union of them, or of unions."""
    for one in get_args(union):
        if isinstance(one, type):
            yield one
        else:
            yield from kinds(one)


KINDS = {kind.model_fields["type"].default: kind for kind in kinds()}


def fields(node: Any, seen: frozenset[str] = frozenset()) -> set[str]:
    """Return the names of all fields in a schema, those of the messages inside too."""
    if isinstance(node, list):
        return set().union(*(fields(item, seen) for item in node))
    if not isinstance(node, dict):
        return set()
    name = str(node.get("$ref", "")).rpartition("/")[2]
    found = fields(SCHEMA["$defs"][name], seen | {name}) if name and name not in seen else set()
    inside = [
        *node.get("properties", {}).values(),
        *(node.get(key) for key in ("items", "prefixItems", "anyOf", "oneOf")),
    ]
    return found | set(node.get("properties", {})) | fields(inside, seen)


def made(kind: type[Event]) -> Event:
    """Return an event of a type without its facts: who is told it goes by its type, of a report by its minutes too."""
    event = kind.model_construct()
    return event.model_copy(update={"minutes": None}) if kind is EvaluationReported else event


def ended() -> Any:
    play = phases.awarded()
    play.sign(phases.PRICES[0])
    return play.state


def test_every_type_of_event_has_its_line() -> None:
    assert {f"bidding.{name}" for name in TABLE} == set(TYPES) == set(KINDS)


@pytest.mark.parametrize("name", TABLE)
def test_an_event_names_those_whom_the_table_says_and_is_told_to_those_alone(name: str) -> None:
    naming, audience = TABLE[name]
    kind, state = KINDS[f"bidding.{name}"], ended()
    event = made(kind)

    told = {role for role in AUDIENCES["all"] if LINE.visible(event, role, state)}

    assert sorted(fields({"$ref": TYPES[f"bidding.{name}"]}) & NAMING) == naming.split()
    assert told == AUDIENCES[audience]


@pytest.mark.parametrize("name", TABLE)
def test_a_record_of_what_a_bidder_did_is_the_supervisors_where_the_event_does_not_name_it(name: str) -> None:
    event = KINDS[f"bidding.{name}"].model_construct()
    named = isinstance(event, NAMES_ITS_BIDDER)

    assert {role for role in AUDIENCES["all"] if gives(event, "token", role)} == AUDIENCES[
        "all" if named else "supervisor"
    ]
    assert all(gives(event, "agency", role) for role in AUDIENCES["all"])


def test_only_events_that_hold_a_token_a_party_or_a_bid_count_as_naming_their_bidder() -> None:
    for kind in get_args(NAMES_ITS_BIDDER):
        assert {"token", "party", "bid"} & set(kind.model_fields), kind
