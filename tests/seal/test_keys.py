"""Keys, signatures and the one spelling of every value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.seal.keys import (
    AnnouncedKeys,
    AuthorityKeys,
    BadSignature,
    BidderKeyFile,
    NotSealedToMe,
    SigningKeyFile,
    TenderKeyFile,
    hpke_open,
    hpke_public,
    hpke_seal,
    new_hpke_key,
    new_signing_key,
    sign,
    signing_public,
    verify,
)
from shared.seal.wire import SealError, Unreadable, raw, text
from tests.seal.world import TENDER, TOKEN, dice, tender


@given(st.binary(max_size=100))
def test_bytes_have_one_text(data: bytes) -> None:
    assert raw(text(data)) == data
    assert "=" not in text(data)


@pytest.mark.parametrize("spelling", ["AA==", "A", "AB", "A+==", "A/A", "AA\n", "Ａ"])
def test_other_spellings_are_refused(spelling: str) -> None:
    with pytest.raises(Unreadable):
        raw(spelling)


def test_hpke_keys_come_from_the_random_bytes_given() -> None:
    low = new_hpke_key(bytes)
    high = new_hpke_key(lambda size: b"\xff" * size)

    assert raw(low) == (1).to_bytes(32)
    # The generator of P-256 (SP 800-186 section 3.2.1.3), the public key of scalar 1.
    assert raw(hpke_public(low)).hex().startswith("046b17d1f2e12c4247f8bce6e563a440f2")
    assert high == new_hpke_key(lambda size: b"\xff" * size)
    assert high != low


def test_a_message_opens_under_its_key_and_info_only() -> None:
    mine, other = new_hpke_key(dice(1)), new_hpke_key(dice(2))
    sealed = hpke_seal(hpke_public(mine), b"message", b"info")

    assert hpke_open(mine, sealed, b"info") == b"message"
    for key, box, info in (
        (other, sealed, b"info"),
        (mine, sealed, b"else"),
        (mine, sealed[:-1], b"info"),
        (mine, b"", b""),
    ):
        with pytest.raises(NotSealedToMe):
            hpke_open(key, box, info)


@pytest.mark.parametrize("public", ["", "AAAA", text(b"\x04" + bytes(64))])
def test_what_is_no_point_of_the_curve_is_no_key(public: str) -> None:
    with pytest.raises(SealError):
        hpke_seal(public, b"", b"")


@pytest.mark.parametrize("scalar", [0, 2**256 - 1])
def test_a_scalar_outside_the_order_is_no_key(scalar: int) -> None:
    with pytest.raises(SealError):
        hpke_public(text(scalar.to_bytes(32)))


def test_a_signature_holds_for_one_purpose_only() -> None:
    private = new_signing_key(dice())
    public = signing_public(private)
    signature = sign(private, "ggzy-receipt/v1", b"{}")

    verify(public, "ggzy-receipt/v1", b"{}", signature)
    for key, domain, message, claimed in (
        (public, "ggzy-delivery/v1", b"{}", signature),
        (public, "ggzy-receipt/v1", b"[]", signature),
        (signing_public(new_signing_key(dice(2))), "ggzy-receipt/v1", b"{}", signature),
        (public, "ggzy-receipt/v1", b"{}", text(bytes(64))),
        (public, "ggzy-receipt/v1", b"{}", "A"),
        ("", "ggzy-receipt/v1", b"{}", signature),
    ):
        with pytest.raises(BadSignature):
            verify(key, domain, message, claimed)


def test_a_signing_key_has_the_public_key_of_rfc_8032() -> None:
    # RFC 8032 section 7.1, test 2.
    private = text(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))

    assert raw(signing_public(private)).hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"


def test_announced_keys_are_four_distinct_points() -> None:
    keys = tender().announced
    agency = keys.of("agency")

    with pytest.raises(ValidationError, match="distinct"):
        AnnouncedKeys(
            tender=TENDER,
            meaning=keys.meaning,
            authorities=AuthorityKeys(agency=agency, supervisor=agency, platform=keys.of("platform")),
        )
    with pytest.raises(ValidationError, match="P-256"):
        AnnouncedKeys(tender=TENDER, meaning=text(b"\x04" + bytes(64)), authorities=keys.authorities)


def test_a_key_file_is_read_as_written_and_does_not_show_its_secret() -> None:
    private = new_hpke_key(dice())
    signing = new_signing_key(dice())
    files = (
        TenderKeyFile(tender=TENDER, holder="agency", public_key=hpke_public(private), private_key=private),
        SigningKeyFile(use="one-time", tender=TENDER, public_key=signing_public(signing), private_key=signing),
        BidderKeyFile(tender=TENDER, lot="1", bid="b", token=TOKEN, k_b=text(bytes(range(16)))),
    )

    for file in files:
        assert type(file).from_bytes(file.to_bytes()) == file
        secret = file.k_b if isinstance(file, BidderKeyFile) else file.private_key
        assert secret not in repr(file)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"agency":1}',
        b'{"v":1, "tender":"t"}',
    ],
)
def test_bytes_that_are_not_the_value_are_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        AnnouncedKeys.from_bytes(data)


def test_another_spelling_of_the_same_value_is_unreadable() -> None:
    keys = tender().announced.to_bytes()

    assert AnnouncedKeys.from_bytes(keys).to_bytes() == keys
    for other in (keys + b"\n", keys.replace(b'"v":1', b'"v":1,"v":1'), keys.replace(b'"v":1', b'"v": 1')):
        with pytest.raises(Unreadable):
            AnnouncedKeys.from_bytes(other)
