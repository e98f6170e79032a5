"""Signed notes and their keys, against Go's and C2SP's published examples."""

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from shared.ledger import note
from shared.ledger.errors import BadSignature, LedgerFault, Malformed, Unsigned
from shared.ledger.keys import COSIGNATURE, ECDSA, ED25519, MLDSA44, Signer, Verifier, parse_skey, parse_vkey
from shared.ledger.note import MAX_SIGNATURES, Note, Signature

VECTORS = json.loads((Path(__file__).parent.parent / "vectors/signed-note/vectors.json").read_text("utf-8"))
GO = VECTORS["go_note"]
PETER, ENOCH = (parse_vkey(vkey) for vkey in GO["vkeys"])
TEXT: str = GO["text"]
SIGNED: bytes = GO["signed"].encode()


def signed_by_peter(text: str = TEXT) -> Note:
    return note.parse(note.sign(text, [parse_skey(GO["skey_peter_test_only"])]))


def signers(data: bytes) -> int:
    """Return how many of the two keys have signed a note; 0 if it does not open."""
    try:
        return len(note.parse(data).verified([PETER, ENOCH]))
    except LedgerFault:
        return 0


def test_gos_published_note_is_made_again_byte_for_byte() -> None:
    peter, enoch = parse_skey(GO["skey_peter_test_only"]), Signer("EnochRoot", ED25519, bytes(32))

    assert note.sign(TEXT, [peter, enoch]) == SIGNED
    assert [peter.verifier, enoch.verifier] == [PETER, ENOCH]


def test_gos_published_note_opens_for_either_key_and_both() -> None:
    for trusted in ([PETER], [ENOCH], [PETER, ENOCH]):
        opened = note.open_note(SIGNED, trusted)

        assert opened.text == TEXT
        assert [verifier for verifier, _ in opened.verified(trusted)] == trusted


def test_c2sps_published_note_opens() -> None:
    example = VECTORS["c2sp_note_example"]

    assert (
        note.open_note(example["note"].encode(), [parse_vkey(example["vkey"])]).text == "This is an example message.\n"
    )


@pytest.mark.parametrize("message", [*(text.encode() for text in GO["bad_messages"]), b"\xff" + SIGNED])
def test_gos_malformed_notes_are_refused(message: bytes) -> None:
    with pytest.raises(Malformed):
        note.open_note(message, [PETER, ENOCH])


@pytest.mark.parametrize(
    "change",
    [
        ("— PeterNeumann ", "- PeterNeumann "),
        ("— PeterNeumann ", "—PeterNeumann "),
        ("— PeterNeumann ", "— Peter+Neumann "),
        ("— PeterNeumann ", "— Peter\u2003Neumann "),
        ("— PeterNeumann ", "—  "),
        ("JnAM=\n— Enoch", "JnAN=\n— Enoch"),  # the same bytes in another spelling
        ("JnAM=\n— Enoch", "JnAM\n— Enoch"),
        ("what your", "what\tyour"),
    ],
)
def test_other_spellings_of_a_note_are_refused(change: tuple[str, str]) -> None:
    assert change[0] in SIGNED.decode()

    with pytest.raises(Malformed):
        note.parse(SIGNED.decode().replace(*change).encode())


def test_a_note_without_a_trusted_signature_is_unsigned() -> None:
    with pytest.raises(Unsigned):
        note.open_note(SIGNED, [parse_vkey(VECTORS["go_sumdb_key"]["vkey"])])


def test_one_bad_signature_of_a_trusted_key_spoils_the_note() -> None:
    spoiled = Note("another text\n", signed_by_peter().signatures).encode()

    with pytest.raises(BadSignature):
        note.open_note(spoiled, [PETER])
    with pytest.raises(Unsigned):
        note.open_note(spoiled, [ENOCH])


def test_a_stranger_with_the_same_name_or_the_same_id_is_passed_over() -> None:
    good = signed_by_peter()
    [signature] = good.signatures
    same_name = Signature(signature.name, b"\0\0\0\0", b"nonsense")
    same_id = Signature("Somebody", signature.key_id, b"nonsense")

    [(verifier, found)] = good.signed_also_by([same_name, same_id]).verified([PETER])

    assert (verifier, found) == (PETER, signature)


def test_two_keys_that_notes_cannot_tell_apart_are_refused() -> None:
    class Twin(Verifier):
        key_id = PETER.key_id  # a collision that would take 2^32 trials to find

    with pytest.raises(Malformed):
        note.open_note(SIGNED, [PETER, Twin("PeterNeumann", ED25519, ENOCH.key)])


def test_a_note_takes_many_signatures_and_not_too_many() -> None:
    [signature] = signed_by_peter().signatures
    strangers = [Signature(f"n{number}", b"abcd", b"x") for number in range(MAX_SIGNATURES - 1)]
    full = Note(TEXT, (*strangers, signature))

    assert note.open_note(full.encode(), [PETER]) == full
    with pytest.raises(Malformed):
        note.parse(full.signed_also_by([Signature("one-more", b"abcd", b"x")]).encode())


def test_a_text_may_hold_empty_lines_and_must_end_in_a_newline() -> None:
    text = "one\n\ntwo\n\n"

    assert note.open_note(note.sign(text, [Signer("EnochRoot", ED25519, bytes(32))]), [ENOCH]).text == text
    with pytest.raises(Malformed):
        note.sign("no newline", [Signer("EnochRoot", ED25519, bytes(32))])
    with pytest.raises(Malformed):
        note.sign("a\ttab\n", [Signer("EnochRoot", ED25519, bytes(32))])


@given(st.binary(max_size=400))
def test_whatever_comes_in_only_ledger_faults_come_out(data: bytes) -> None:
    try:
        parsed = note.parse(data)
    except LedgerFault:
        return

    assert parsed.encode() == data


def test_a_note_with_any_bit_flipped_loses_a_signature_at_least() -> None:
    for bit in range(8 * len(SIGNED)):
        flipped = bytearray(SIGNED)
        flipped[bit // 8] ^= 1 << bit % 8

        assert signers(bytes(flipped)) < 2


@pytest.mark.parametrize("kind", ["ed25519 0x01", "cosignature/v1 0x04"])
def test_published_keys_are_read_and_written(kind: str) -> None:
    vkey = VECTORS["vkeys_to_parse"][kind]

    assert parse_vkey(vkey).vkey == vkey


def test_a_published_key_whose_id_is_wrong_is_refused_and_the_key_itself_is_read() -> None:
    name, _, material = VECTORS["vkeys_to_parse"]["ml-dsa-44 0x06"].split("+", 2)

    with pytest.raises(Malformed):
        parse_vkey(VECTORS["vkeys_to_parse"]["ml-dsa-44 0x06"])
    assert parse_vkey(f"{name}+31236897+{material}").kind == MLDSA44


def test_a_key_of_an_unsupported_type_is_refused_by_name() -> None:
    with pytest.raises(Malformed, match="0x05 is not supported"):
        parse_vkey(VECTORS["vkeys_to_parse"]["rfc6962 0x05"])


def test_every_part_of_a_key_counts() -> None:
    vkey = PETER.vkey
    shortened = [vkey[:end] for end in range(len(vkey))] + [vkey[start:] for start in range(1, len(vkey))]
    changed = [vkey[:at] + chr(ord(vkey[at]) + 1) + vkey[at + 1 :] for at in range(len(vkey))]

    for text in [*GO["bad_vkeys"][:2], *shortened, *changed, vkey.replace("c74f20a3", "C74F20A3")]:
        with pytest.raises(Malformed):
            parse_vkey(text)


def test_a_private_key_reads_back_and_does_not_show_itself() -> None:
    signer = Signer("witness.example/w1", COSIGNATURE, bytes(range(32)))

    assert parse_skey(signer.skey) == signer
    assert b64encode(signer.seed).decode().rstrip("=") not in repr(signer)
    assert signer.verifier.vkey in repr(signer)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PRIVATE+KEY+",
        GO["vkeys"][0],
        GO["skey_peter_test_only"][:-1],
        GO["skey_peter_test_only"].replace("c74f20a3", "c74f20a4"),
        GO["skey_peter_test_only"].replace("Peter", "Paul"),
    ],
)
def test_a_damaged_private_key_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse_skey(text)

    assert "FALVFGyNh" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("", ED25519, bytes(32)),
        ("a b", ED25519, bytes(32)),
        ("a+b", ED25519, bytes(32)),
        ("a\u00a0b", ED25519, bytes(32)),
        ("a", ED25519, bytes(31)),
        ("a", MLDSA44, bytes(32)),
        ("a", ECDSA, b"not DER"),
        ("a", 0xFF, bytes(32)),
    ],
)
def test_what_cannot_be_a_key_is_refused(name: str, kind: int, key: bytes) -> None:
    with pytest.raises(Malformed):
        Verifier(name, kind, key)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()], ids=lambda curve: curve.name)
def test_an_ecdsa_signature_verifies_and_its_key_id_is_that_of_the_key_alone(curve: ec.EllipticCurve) -> None:
    private = ec.generate_private_key(curve)
    spki = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    verifier = Verifier("log.example", ECDSA, spki)
    signature = private.sign(b"text\n", ec.ECDSA(hashes.SHA256()))

    assert verifier.key_id == sha256(spki).digest()[:4]
    assert parse_vkey(verifier.vkey) == verifier
    assert verifier.accepts("text\n", signature)
    assert not verifier.accepts("other\n", signature)
    assert not verifier.accepts("text\n", b"not DER")


def test_an_ecdsa_key_on_another_curve_is_refused() -> None:
    public = ec.generate_private_key(ec.SECP256K1()).public_key()

    with pytest.raises(Malformed):
        Verifier("a", ECDSA, public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def test_an_ml_dsa_44_cosignature_covers_name_time_and_tree() -> None:
    private = MLDSA44PrivateKey.from_seed_bytes(bytes(32))
    verifier = Verifier("w.example", MLDSA44, private.public_key().public_bytes_raw())
    root, time = bytes(range(32)), 1_700_000_000
    text = f"log.example\n300\n{b64encode(root).decode()}\n"
    message = (
        b"subtree/v1\n\0" + b"\x09w.example" + time.to_bytes(8, "big") + b"\x0blog.example"
        + bytes(8) + (300).to_bytes(8, "big") + root
    )  # fmt: skip
    signature = time.to_bytes(8, "big") + private.sign(message)

    assert parse_vkey(verifier.vkey) == verifier
    assert verifier.accepts(text, signature)
    assert not verifier.accepts(text.replace("300", "301"), signature)
    assert not verifier.accepts(text.replace("log", "lag"), signature)
    assert not verifier.accepts(text, (time + 1).to_bytes(8, "big") + signature[8:])
    assert not verifier.accepts("not a checkpoint\n", signature)
    assert not verifier.accepts(text, signature[:8])


def test_key_ids_are_those_of_the_formula() -> None:
    material = b64decode(GO["vkeys"][0].split("+")[2])

    assert PETER.key_id == sha256(b"PeterNeumann\n" + material).digest()[:4]
