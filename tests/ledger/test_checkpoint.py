"""Checkpoints: one spelling each, signed by logs and cosigned by witnesses."""

import pytest

from shared.ledger import checkpoint, note
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.errors import BadSignature, Malformed, Unsigned
from shared.ledger.keys import signed_time
from tests.ledger.factories import LOG, ORIGIN, TIME, WITNESSES, Log
from tests.ledger.test_note import VECTORS

HEAD = Checkpoint("log.example/1", 20852163, bytes(range(32)))


def test_a_checkpoint_is_three_lines() -> None:
    assert HEAD.text == "log.example/1\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    assert checkpoint.parse_text(HEAD.text) == HEAD


def test_gos_published_tree_head_is_read() -> None:
    published = VECTORS["go_format_tree"]

    head = checkpoint.parse_text(published["text"])

    assert (head.origin, head.size) == ("go.sum database tree", published["n"])
    assert head.text == published["text"]


def test_extension_lines_are_kept() -> None:
    extended = Checkpoint(HEAD.origin, HEAD.size, HEAD.root, ("one", "two three"))

    assert checkpoint.parse_text(extended.text) == extended


ROOT_LINE = HEAD.text.split("\n")[2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n1\n",
        f"log\n1\n{ROOT_LINE}",
        f"\n1\n{ROOT_LINE}\n",
        f"log\n01\n{ROOT_LINE}\n",
        f"log\n-1\n{ROOT_LINE}\n",
        f"log\n+1\n{ROOT_LINE}\n",
        f"log\n1 \n{ROOT_LINE}\n",
        f"log\n١\n{ROOT_LINE}\n",
        f"log\n9223372036854775808\n{ROOT_LINE}\n",
        f"log\n1\n{ROOT_LINE[:-1]}\n",
        f"log\n1\n{ROOT_LINE[4:]}\n",
        f"log\n1\n{ROOT_LINE[:-2]}9=\n",
        f"log\n1\n{ROOT_LINE}\n\nextension\n",
        f"log\n1\n{ROOT_LINE}\n\n",
    ],
)
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(Malformed):
        checkpoint.parse_text(text)


def test_a_signed_checkpoint_opens_for_its_log_and_its_witnesses() -> None:
    data = Log([b"one", b"two"]).note()

    for trusted in (LOG.verifier, *(witness.verifier for witness in WITNESSES)):
        assert checkpoint.open_checkpoint(data, [trusted]) == checkpoint.parse(data)
    assert checkpoint.parse(data).origin == ORIGIN


def test_a_cosignature_signs_its_time_and_the_whole_text() -> None:
    data = checkpoint.sign(HEAD, LOG)
    witness = WITNESSES[0]

    cosignature = checkpoint.cosign(data, witness, TIME)

    assert signed_time(cosignature.value) == TIME
    assert witness.verifier.accepts(HEAD.text, cosignature.value)
    assert cosignature.value[8:] == witness.sign(f"cosignature/v1\ntime {TIME}\n{HEAD.text}".encode())
    later = (TIME + 1).to_bytes(8, "big") + cosignature.value[8:]
    assert not witness.verifier.accepts(HEAD.text, later)
    assert not witness.verifier.accepts(HEAD.text + "extension\n", cosignature.value)


def test_a_cosignature_of_another_checkpoint_spoils_the_note() -> None:
    other = checkpoint.sign(Checkpoint("log.example/1", 1, bytes(32)), LOG)
    spoiled = checkpoint.with_cosignatures(checkpoint.sign(HEAD, LOG), [checkpoint.cosign(other, WITNESSES[0], TIME)])

    with pytest.raises(BadSignature):
        checkpoint.open_checkpoint(spoiled, [WITNESSES[0].verifier])
    with pytest.raises(Unsigned):
        checkpoint.open_checkpoint(spoiled, [WITNESSES[1].verifier])


def test_a_cosignature_is_added_once() -> None:
    data = checkpoint.sign(HEAD, LOG)
    cosignature = checkpoint.cosign(data, WITNESSES[0], TIME)

    once = checkpoint.with_cosignatures(data, [cosignature])

    assert checkpoint.with_cosignatures(once, [cosignature]) == once


def test_keys_are_used_for_their_own_purpose_only() -> None:
    data = checkpoint.sign(HEAD, LOG)

    with pytest.raises(Malformed):
        checkpoint.cosign(data, LOG, TIME)
    with pytest.raises(Malformed):
        checkpoint.sign(HEAD, WITNESSES[0])
    with pytest.raises(Malformed):
        checkpoint.cosign(data, WITNESSES[0], -1)


def test_what_is_not_a_checkpoint_is_not_cosigned() -> None:

    with pytest.raises(Malformed):
        checkpoint.cosign(note.sign("any text\n", [LOG]), WITNESSES[0], TIME)
