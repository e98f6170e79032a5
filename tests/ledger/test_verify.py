"""Evidence bundles verified: the honest one, and every kind of damage at the step that must name it."""

from collections.abc import Callable

import pytest

from shared.ledger import bundle, checkpoint, stored_zip
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.leaf import Leaf, digest, leaf_of, tag
from shared.ledger.text import encode_base64
from shared.ledger.verify import verify_bundle
from tests.ledger.evidence import (
    COUNT,
    LEDGER,
    MADE,
    MEMBERS,
    POLICY,
    STREAM,
    Members,
    manifest,
    outcome,
    with_member,
    without,
)
from tests.ledger.factories import (
    KEY,
    LOG,
    ORIGIN,
    STRANGER,
    TIME,
    WITNESSES,
    Log,
    evidence,
    policy,
    record,
)


def test_an_honest_bundle_is_verified_in_seven_steps() -> None:
    report = verify_bundle(MADE, POLICY, LEDGER.files().get)

    assert report.overall == "verified"
    assert report.overall_text.zh == "核验通过"
    assert [(step.number, step.ok) for step in report.steps] == [(number, True) for number in range(1, 8)]
    assert all(text.zh and text.en for step in report.steps for text in (step.title, step.detail))


def test_without_a_policy_the_signer_is_unknown() -> None:
    report = verify_bundle(MADE)

    assert report.overall == "consistent, signer unknown"
    assert "未核对签名人" in report.overall_text.zh
    assert [step.ok for step in report.steps] == [True] * 5 + [None] * 2


def test_without_a_policy_the_whole_log_can_still_be_compared() -> None:
    report = verify_bundle(MADE, log=LEDGER.files().get)

    assert report.overall == "consistent, signer unknown"
    assert [step.ok for step in report.steps] == [True] * 5 + [None, True]


def test_a_bundle_without_commands_is_verified_and_says_so() -> None:
    report = verify_bundle(bundle.make(evidence(STREAM, LEDGER)), POLICY)

    assert report.overall == "verified"
    assert report.steps[3].ok is None


def test_a_bundle_of_one_record_alone_in_its_log_is_verified() -> None:
    only = record(1, 1)
    log = Log([leaf_of("bidding", 1, KEY, 1, only).encode()])
    made = bundle.make(evidence([], log, records=[only], proofs=[(0, ())]))

    assert verify_bundle(made, POLICY, log.files().get).overall == "verified"


def test_a_log_that_has_grown_since_still_shows_the_bundle_complete() -> None:
    grown = Log([*LEDGER.entries, *(Leaf("land", n, f"{n:064x}", f"{n:064x}").encode() for n in range(1, 300))])

    assert verify_bundle(MADE, POLICY, grown.files().get).overall == "verified"


def one_proof_more() -> Members:
    members: Members = {}
    for name, data in MEMBERS.items():
        members[name] = data
        if name == "proofs/000005.txt":
            members["proofs/000006.txt"] = data
    return members


def reproved(version: int, change: Callable[[bundle.Proof], bundle.Proof]) -> Members:
    name = bundle.member("proofs", version)
    return with_member(name, bundle.encode_proof(change(bundle.decode_proof(MEMBERS[name]))))


@pytest.mark.parametrize(
    "damage",
    [
        manifest(origin="another.example"),
        manifest(size=len(LEDGER.entries) + 1),
        with_member("checkpoint", b"not a note"),
        with_member("checkpoint", MEMBERS["checkpoint"].replace(b"\n17\n", b"\n18\n")),
        with_member("stream.key", bytes(32).hex().encode() + b"\n"),
        with_member("stream.key", KEY.hex().encode()),
        without("proofs/000003.txt"),
        one_proof_more(),
        with_member("proofs/000002.txt", MEMBERS["proofs/000003.txt"]),
        with_member("proofs/000002.txt", MEMBERS["proofs/000002.txt"] + b"\n"),
        reproved(2, lambda proof: (proof[0] + 1, proof[1])),
        reproved(2, lambda proof: (proof[0], proof[1][:-1])),
        reproved(2, lambda proof: (proof[0], proof[1][::-1])),
        with_member("records/000002.json", record(2, 5, data={"title": "改动的标题", "number": 2})),
        with_member("records/000002.json", record(2, 6)),
    ],
)
def test_what_is_not_shown_to_be_in_the_ledger_is_named_at_step_5(damage: Members) -> None:
    assert outcome(damage) == "failed at step 5"


def test_two_leaves_of_one_stream_stand_in_order() -> None:
    first, second = record(1, 2), record(2, 3)
    leaves = [leaf_of("bidding", 3, KEY, 2, second).encode(), leaf_of("bidding", 2, KEY, 1, first).encode()]
    log = Log(leaves)
    proofs = [(1, tuple(log.prover().inclusion(1, 2))), (0, tuple(log.prover().inclusion(0, 2)))]

    made = bundle.make(evidence([], log, records=[first, second], proofs=proofs))

    assert verify_bundle(made, POLICY).overall == "failed at step 5"


def with_note(data: bytes) -> Members:
    return with_member("checkpoint", data)


@pytest.mark.parametrize(
    "damage",
    [
        with_note(LEDGER.note(signer=STRANGER)),
        with_note(LEDGER.note(witnesses=WITNESSES[:1])),
        with_note(LEDGER.note(witnesses=[])),
        with_note(
            checkpoint.with_cosignatures(
                LEDGER.note(witnesses=WITNESSES[:2]), [checkpoint.cosign(Log([b"x"]).note(), WITNESSES[2], TIME)]
            )
        ),
        with_note(checkpoint.sign(Checkpoint(ORIGIN, len(LEDGER.entries), LEDGER.root(), ("an extension",)), STRANGER)),
    ],
)
def test_a_checkpoint_that_the_policy_does_not_believe_is_named_at_step_6(damage: Members) -> None:
    assert outcome(damage) == "failed at step 6"


def test_a_bundle_of_another_log_is_named_at_step_6() -> None:
    text = f"log {STRANGER.verifier.vkey}\nquorum none\n"

    assert verify_bundle(MADE, policy(text)).overall == "failed at step 6"


def forked() -> Log:
    return Log([*LEDGER.entries[:-1], leaf_of("bidding", 17, bytes(32), 1, b"another last entry").encode()])


@pytest.mark.parametrize(
    "log",
    [
        Log(LEDGER.entries[:-1]),
        forked(),
        Log([*LEDGER.entries, Leaf("bidding", 18, tag(KEY, COUNT + 1), digest(b"a hidden version")).encode()]),
        Log([*LEDGER.entries, Leaf("bidding", 18, tag(KEY, 2), digest(b"a second version")).encode()]),
        Log([*LEDGER.entries, b"no leaf"]),
        Log(),
    ],
)
def test_a_log_in_which_the_stream_is_not_complete_is_named_at_step_7(log: Log) -> None:
    assert verify_bundle(MADE, POLICY, log.files().get).overall == "failed at step 7"


def test_a_damaged_unsigned_or_foreign_log_is_named_at_step_7() -> None:
    files = LEDGER.files()
    name = next(path for path in files if path.startswith("tile/0/"))
    elsewhere = checkpoint.sign(Checkpoint("elsewhere.example", len(LEDGER.entries), LEDGER.root()), LOG)

    for damaged in (
        files | {name: bytes(len(files[name]))},
        files | {"checkpoint": LEDGER.note(witnesses=[])},
        files | {"checkpoint": elsewhere},
        {},
    ):
        assert verify_bundle(MADE, POLICY, damaged.get).overall == "failed at step 7"
    assert verify_bundle(MADE, log=(files | {"checkpoint": elsewhere}).get).overall == "failed at step 7"


def test_a_hidden_last_version_is_found_only_in_the_whole_log() -> None:
    shortened = bundle.make(evidence(STREAM[:-1], LEDGER))

    assert verify_bundle(shortened, POLICY).overall == "verified"
    assert verify_bundle(shortened, POLICY, LEDGER.files().get).overall == "failed at step 7"


def test_a_failed_step_says_what_it_found_in_both_languages() -> None:
    report = verify_bundle(stored_zip.pack(with_member("commands/000001.json", b"{}")), POLICY)

    assert report.failed is not None
    assert report.failed.detail == ("第 1 号指令与记录不符", "command 1 is not the one that record 1 names")
    assert report.overall_text == ("第 4 步未通过", "failed at step 4")
    assert [step.detail.en for step in report.steps[4:]] == ["not reached: an earlier step failed"] * 3


def test_proof_lines_are_the_hashes_from_the_leaf_up() -> None:
    lines = MEMBERS["proofs/000001.txt"].decode().split("\n")

    assert lines[0] == "1"
    assert lines[1] == encode_base64(LEDGER.hashes[0])
