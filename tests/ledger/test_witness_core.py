"""What a witness decides: each answer of c2sp.org/tlog-witness, without any network."""

from collections.abc import Callable

import pytest

from shared.ledger import checkpoint, note
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.errors import Malformed
from shared.ledger.keys import ED25519, Signer
from shared.ledger.merkle import EMPTY_ROOT, leaf_hash
from shared.ledger.witnessing import encode_request
from tests.ledger.factories import LOG, ORIGIN, STRANGER, WITNESSES, Log
from witness.core import Accepted, NotCosigned, decide, parse_request

TRUSTED = {ORIGIN: [LOG.verifier]}
GROWN = Log([b"entry %d" % number for number in range(20)])
SMALL = Log(GROWN.entries[:13])
FORK = Log([*GROWN.entries[:12], b"forked", *GROWN.entries[13:]])


def head(log: Log) -> Checkpoint:
    return checkpoint.parse(log.note(witnesses=[]))


def follow(old: int, log: Log, *, signer: Signer = LOG) -> bytes:
    """Return the request of a log that knows what the witness last saw."""
    proof = log.prover().consistency(old, len(log.entries)) if old <= len(log.entries) else []
    return encode_request(old, proof, log.note(signer=signer, witnesses=[]))


def remembering(latest: Checkpoint | None) -> Callable[[str], Checkpoint | None]:
    return lambda origin: latest if origin == ORIGIN else None


nothing = remembering(None)


def answered(request: bytes, latest: Checkpoint | None) -> tuple[int, bytes, str]:
    """Return the status, body and type of a refusal."""
    with pytest.raises(NotCosigned) as refused:
        decide(request, TRUSTED, remembering(latest))
    answer = refused.value.answer
    return answer.status.value, answer.body, answer.content_type


def test_the_first_checkpoint_of_a_known_log_is_cosigned() -> None:
    accepted = decide(follow(0, SMALL), TRUSTED, nothing)

    assert accepted == Accepted(parse_request(follow(0, SMALL)), None)
    assert accepted.request.checkpoint == head(SMALL)


@pytest.mark.parametrize("size", range(1, 21))
def test_a_checkpoint_that_follows_the_last_one_is_cosigned(size: int) -> None:
    before = head(Log(GROWN.entries[:size]))

    accepted = decide(follow(size, GROWN), TRUSTED, remembering(before))

    assert accepted.before == before
    assert accepted.request.checkpoint == head(GROWN)


def test_the_empty_log_is_cosigned_with_the_empty_root_only() -> None:
    wrong = checkpoint.sign(Checkpoint(ORIGIN, 0, bytes(32)), LOG)

    assert decide(follow(0, Log()), TRUSTED, nothing).request.checkpoint.root == EMPTY_ROOT
    assert answered(encode_request(0, [], wrong), None)[0] == 422


def test_what_cannot_be_read_is_400() -> None:
    good = follow(0, SMALL)
    unreadable = [
        b"",
        b"old 0\n",
        good.replace(b"old 0", b"old 00"),
        good.replace(b"old 0", b"old -1"),
        good.replace(b"old 0", b"size 0"),
        good.replace(b"old 0\n", b"old 0\nAAAA\n"),
        good.replace(b"old 0\n", b"old 0\n" + (b"A" * 43 + b"=\n") * 64),
        good.replace(b"old 0\n\n", b"old 0\n"),
        good[:-1],
        b"\xff" + good,
        encode_request(0, [], note.sign("not a checkpoint\n", [LOG])),
    ]

    for request in unreadable:
        assert answered(request, None)[0] == 400, request


def test_an_old_size_above_the_checkpoints_is_400() -> None:
    assert answered(follow(14, SMALL), head(SMALL))[0] == 400


def test_an_unknown_log_is_404() -> None:
    other = Signer("unknown.example", ED25519, bytes(32))
    signed = checkpoint.sign(Checkpoint("unknown.example", 1, leaf_hash(b"x")), other)

    assert answered(encode_request(0, [], signed), None)[0] == 404


def test_a_checkpoint_that_its_log_has_not_signed_is_403() -> None:
    forged = note.Note(head(SMALL).text, note.parse(GROWN.note(witnesses=[])).signatures).encode()

    assert answered(follow(0, SMALL, signer=STRANGER), None)[0] == 403
    assert answered(encode_request(0, [], forged), None)[0] == 403


def test_signatures_of_strangers_beside_the_logs_do_no_harm() -> None:
    cosigned = SMALL.note(witnesses=WITNESSES)

    assert decide(encode_request(0, [], cosigned), TRUSTED, nothing).request.note == cosigned


@pytest.mark.parametrize(
    ("old", "latest", "told"), [(5, None, b"0\n"), (0, head(SMALL), b"13\n"), (12, head(SMALL), b"13\n")]
)
def test_another_old_size_is_409_with_the_witnesss_own(old: int, latest: Checkpoint | None, told: bytes) -> None:
    assert answered(follow(old, GROWN), latest) == (409, told, "text/x.tlog.size")


def test_a_log_that_has_shrunk_is_told_the_size_it_once_had() -> None:
    assert answered(follow(5, SMALL), head(GROWN)) == (409, b"20\n", "text/x.tlog.size")


def test_a_tree_that_does_not_follow_is_422() -> None:
    honest = GROWN.prover().consistency(13, 20)
    requests = [
        follow(13, FORK),
        encode_request(13, [], GROWN.note(witnesses=[])),
        encode_request(13, honest[::-1], GROWN.note(witnesses=[])),
        encode_request(13, [*honest, honest[0]], GROWN.note(witnesses=[])),
        encode_request(13, honest[:1], SMALL.note(witnesses=[])),
    ]

    for request in requests:
        assert answered(request, head(SMALL))[0] == 422
    assert answered(encode_request(0, honest, GROWN.note(witnesses=[])), None)[0] == 422


def test_two_trees_of_one_size_are_422() -> None:
    assert answered(follow(20, FORK), head(GROWN))[0] == 422


def test_the_same_checkpoint_is_cosigned_again() -> None:
    assert decide(follow(13, SMALL), TRUSTED, remembering(head(SMALL))).request.checkpoint == head(SMALL)


def test_a_request_reads_as_it_was_written() -> None:
    proof = GROWN.prover().consistency(13, 20)

    request = parse_request(encode_request(13, proof, GROWN.note()))

    assert (request.old, request.proof, request.note) == (13, tuple(proof), GROWN.note())
    with pytest.raises(Malformed):
        parse_request(b"old 1\n\n\n")
