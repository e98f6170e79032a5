"""Steps 2 to 4 of a bundle's verification: its manifest, records and commands, each damage at its own step."""

from dataclasses import replace
from typing import Any

import pytest

from shared.ledger import bundle, canonical, stored_zip
from shared.ledger.errors import Malformed
from shared.ledger.leaf import digest, parse_leaf
from shared.ledger.verify import verify_bundle
from tests.ledger.evidence import (
    COUNT,
    LEDGER,
    MEMBERS,
    POLICY,
    STREAM,
    Members,
    honest,
    manifest,
    outcome,
    with_member,
    withholding,
    without,
)
from tests.ledger.factories import evidence, ledger, record, record_fields


@pytest.mark.parametrize(
    "damage",
    [
        manifest(v=2),
        manifest(v=True),
        manifest(extra=1),
        manifest(count="5"),
        manifest(count=0),
        manifest(service=None),
        manifest(rulebook="0" * 64),
        with_member("manifest.json", b"[]"),
        with_member("manifest.json", MEMBERS["manifest.json"] + b"\n"),
        with_member("rulebook.json", b'{"line":"bidding","v":2}'),
    ],
)
def test_a_damaged_manifest_or_another_rulebook_is_named_at_step_2(damage: Members) -> None:
    assert outcome(damage) == "failed at step 2"


def instead(number: int, /, **changes: Any) -> Members:
    """Return an honest bundle of a stream one of whose records says something else."""
    stream = list(STREAM)
    position = canonical.decode_object(stream[number - 1])["position"]
    stream[number - 1] = record(number, position, **changes)
    return honest(stream)


def lacking(key: str) -> Members:
    fields = canonical.decode_object(STREAM[1])
    del fields[key]
    return with_member("records/000002.json", canonical.encode(fields))


@pytest.mark.parametrize(
    "damage",
    [
        manifest(service="land"),
        manifest(stream="project-2026-002"),
        manifest(count=COUNT + 1),
        manifest(count=COUNT - 1),
        without("records/000003.json"),
        with_member("records/000002.json", STREAM[1] + b" "),
        with_member("records/000002.json", b"not JSON"),
        with_member("records/000002.json", STREAM[2]),
        instead(2, stream="another"),
        instead(2, version=3),
        instead(2, version="2"),
        instead(2, v=2),
        instead(2, note="one field more"),
        instead(2, salt="short"),
        instead(2, salt=None),
        instead(2, command_digest="short"),
        instead(2, rulebook="0" * 64),
        lacking("salt"),
        lacking("received_at"),
    ],
)
def test_damaged_records_and_gaps_are_named_at_step_3(damage: Members) -> None:
    assert outcome(damage) == "failed at step 3"


@pytest.mark.parametrize("position", [0, 2, 1, -1, "5", None])
def test_positions_that_do_not_rise_are_named_at_step_3(position: Any) -> None:
    changed = canonical.encode(record_fields(2, 5, position=position))

    assert outcome(with_member("records/000002.json", changed)) == "failed at step 3"


def test_a_record_may_be_made_under_no_rulebook() -> None:
    changed = honest([record(1, 2, rulebook=None)])

    assert verify_bundle(stored_zip.pack(changed), POLICY).overall == "verified"


@pytest.mark.parametrize("versions", [(1,), (2, 4), (5,), (1, 2, 3, 4, 5)])
def test_where_records_are_withheld_their_leaves_show_that_nothing_else_is_missing(versions: tuple[int, ...]) -> None:
    members = withholding(*versions)

    report = verify_bundle(stored_zip.pack(members), POLICY, LEDGER.files().get)

    assert report.overall == "verified"
    assert f"{len(versions)} withheld" in report.steps[2].detail.en
    assert not [name for name in members if name in {f"records/{version:06}.json" for version in versions}]


def in_place(data: bytes | None, version: int = 2) -> Members:
    """Return the bundle without record 2, with other bytes in the place of its leaf, or none."""
    members = {name: kept for name, kept in withholding(2).items() if name != "leaves/000002.json"}
    order = bundle.read(bundle.make(evidence(STREAM, LEDGER, records=[None] * COUNT, leaves=LEAVES)))
    leaf = {} if data is None else {f"leaves/{version:06}.json": data}
    records = {name: kept for name, kept in members.items() if not name.startswith("proofs/")}
    return {**records, **leaf, **{name: kept for name, kept in order.items() if name.startswith("proofs/")}}


LEAVES = {version: LEDGER.entries[3 * version - 2] for version in range(1, COUNT + 1)}


@pytest.mark.parametrize(
    ("damage", "step"),
    [
        (in_place(None), 3),
        (in_place(LEAVES[2], 3), 3),
        (in_place(b"{}"), 3),
        (in_place(LEAVES[2] + b"\n"), 3),
        (in_place(LEAVES[2].replace(b"bidding", b"land")), 3),
        (in_place(LEAVES[1]), 3),
        (in_place(LEAVES[3]), 3),
        (in_place(LEDGER.entries[3]), 5),
        (in_place(LEAVES[2].replace(b'"digest":"', b'"digest":"0')), 3),
    ],
)
def test_a_leaf_that_does_not_stand_for_its_record_is_named(damage: Members, step: int) -> None:
    assert outcome(damage) == f"failed at step {step}"


def test_a_leaf_of_another_digest_is_not_under_the_root() -> None:
    leaf = parse_leaf(LEAVES[2])
    other = replace(leaf, digest="0" * 64).encode()

    assert outcome(in_place(other)) == "failed at step 5"


def test_a_bundle_has_a_leaf_for_each_record_that_is_withheld_and_for_no_other() -> None:
    for changes in ({"records": [None, *STREAM[1:]]}, {"leaves": {1: LEAVES[1]}}):
        with pytest.raises(Malformed, match="in the place of each record"):
            bundle.make(evidence(STREAM, LEDGER, **changes))


@pytest.mark.parametrize(
    "damage",
    [
        with_member("commands/000001.json", b"{}"),
        with_member("commands/000001.json", MEMBERS["commands/000003.json"]),
        without("commands/000003.json"),
        {**without("commands/000005.json"), "commands/000004.json": MEMBERS["commands/000005.json"]},
        with_member("commands/000006.json", b"{}"),
    ],
)
def test_commands_that_are_not_those_of_the_records_are_named_at_step_4(damage: Members) -> None:
    assert outcome(damage) == "failed at step 4"


def test_one_command_may_stand_behind_several_records() -> None:
    request = b'{"id":"command-1"}'
    stream = [record(version, 3 * version - 1, command_digest=digest(request)) for version in (1, 2)]
    log = ledger(stream)

    made = bundle.make(evidence(stream, log, {1: request}))
    later = bundle.make(evidence(stream, log, {2: request}))

    assert verify_bundle(made, POLICY).overall == "verified"
    assert verify_bundle(later, POLICY).overall == "failed at step 4"
