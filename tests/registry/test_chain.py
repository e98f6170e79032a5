"""Certificates: which can be trusted, by whom issued, until when, and what they say."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from services.registry.domain.chain import SM2_CURVE, Trust, Untrusted, describe, read, require_trusted, signed
from tests.registry.authority import RSA, Body, root
from tests.registry.world import AT, BRIDGE, INSTANT

ROOT = root()
TRUST = Trust(roots=(ROOT.certificate,))


def revoked(data: bytes) -> x509.CertificateRevocationList:
    return x509.load_pem_x509_crl(data)


def refused(leaf: Body, trust: Trust = TRUST, at: object = AT, given: tuple[Body, ...] = ()) -> str:
    with pytest.raises(Untrusted) as error:
        require_trusted(leaf.certificate, [one.certificate for one in given], trust, at)  # type: ignore[arg-type]  # an instant
    return error.value.en


@pytest.mark.parametrize("key", [None, ec.generate_private_key(ec.SECP256R1()), RSA], ids=["ed25519", "p256", "rsa"])
def test_a_certificate_of_a_trusted_root_stands_for_its_party(key: object) -> None:
    leaf = ROOT.issue(key=key)

    require_trusted(leaf.certificate, [], TRUST, AT)
    found = describe(read(leaf.certificate.public_bytes(Encoding.DER)))

    assert (found.identifier, found.organisation) == (BRIDGE.id, "东营路桥有限公司")
    assert (found.public_key is None) == (key is not None)
    assert signed(leaf.certificate, b"m", leaf.sign(b"m"))
    assert not signed(leaf.certificate, b"n", leaf.sign(b"m"))


@pytest.mark.parametrize(
    "carrier", [NameOID.ORGANIZATION_IDENTIFIER, NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.COMMON_NAME]
)
def test_the_code_is_found_wherever_the_authority_writes_it(carrier: x509.ObjectIdentifier) -> None:
    assert describe(ROOT.issue(f"统一社会信用代码:{BRIDGE.id}", carrier=carrier).certificate).identifier == BRIDGE.id


@pytest.mark.parametrize("code", ["", BRIDGE.id[:-1] + ("0" if BRIDGE.id[-1] != "0" else "1"), "x" + BRIDGE.id[1:]])
def test_a_certificate_without_a_code_that_holds_stands_for_nobody(code: str) -> None:
    with pytest.raises(Untrusted, match="统一社会信用代码"):
        describe(ROOT.issue(code).certificate)


def test_another_root_is_not_trusted_even_under_the_same_name() -> None:
    assert "no trusted authority" in refused(root().issue())
    assert "no trusted authority" in refused(root())


def test_a_path_may_lead_over_authorities_between_that_came_with_the_certificate() -> None:
    between = ROOT.issue("", name="试验中级机构", authority=True)
    leaf = between.issue()

    require_trusted(leaf.certificate, [between.certificate], TRUST, AT)
    require_trusted(leaf.certificate, [], Trust(roots=TRUST.roots, between=(between.certificate,)), AT)
    assert "no trusted authority" in refused(leaf)


def test_a_party_issues_nothing() -> None:
    party = ROOT.issue()

    assert "no trusted authority" in refused(party.issue(name="冒名有限公司"), given=(party,))


@pytest.mark.parametrize(("length", "good"), [(0, False), (1, True)])
def test_a_path_is_no_longer_than_an_authority_allows(length: int, *, good: bool) -> None:
    top = ROOT.issue("", name="一级", authority=True, path_length=length)
    below = top.issue("", name="二级", authority=True)
    leaf, given = below.issue(), [top.certificate, below.certificate]

    if good:
        require_trusted(leaf.certificate, given, TRUST, AT)
    else:
        assert "no trusted authority" in refused(leaf, given=(top, below))


def test_a_certificate_is_good_from_its_first_second_to_its_last() -> None:
    leaf = ROOT.issue(since=AT, until=AT + timedelta(days=1))

    require_trusted(leaf.certificate, [], TRUST, AT)
    require_trusted(leaf.certificate, [], TRUST, AT + timedelta(days=1))
    assert "not valid" in refused(leaf, at=AT - INSTANT)
    assert "not valid" in refused(leaf, at=AT + timedelta(days=1) + INSTANT)


def test_an_expired_root_ends_what_it_issued() -> None:
    old = ROOT.issue("", name="旧根", authority=True, until=AT - INSTANT * 1_000_000)

    assert "not valid" in refused(old.issue(), Trust(roots=(ROOT.certificate,), between=(old.certificate,)))


def test_what_is_revoked_is_trusted_until_then_and_not_from_then_on() -> None:
    leaf, other = ROOT.issue(), ROOT.issue()
    trust = Trust(roots=TRUST.roots, revoked=(revoked(ROOT.revoke(leaf)),))

    require_trusted(leaf.certificate, [], trust, AT - timedelta(seconds=1))
    require_trusted(other.certificate, [], trust, AT)
    assert "revoked" in refused(leaf, trust)


def test_a_list_that_another_signed_revokes_nothing() -> None:
    leaf = ROOT.issue()

    require_trusted(leaf.certificate, [], Trust(roots=TRUST.roots, revoked=(revoked(root().revoke(leaf)),)), AT)


def test_a_list_out_of_date_tells_nothing_good() -> None:
    leaf = ROOT.issue()
    trust = Trust(roots=TRUST.roots, revoked=(revoked(ROOT.revoke(until=AT + timedelta(days=1))),))

    require_trusted(leaf.certificate, [], trust, AT + timedelta(days=1))
    assert "out of date" in refused(leaf, trust, at=AT + timedelta(days=1, seconds=1))


def test_a_certificate_that_is_not_for_signatures_or_demands_the_unknown_is_not_trusted() -> None:
    assert "digital signatures" in refused(ROOT.issue(signing=False))
    assert "1.2.3.4" in refused(ROOT.issue(critical=True))


@pytest.mark.parametrize("key", [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP384R1())])
def test_weak_and_other_keys_are_not_taken(key: object) -> None:
    with pytest.raises(Untrusted, match="P-256"):
        describe(ROOT.issue(key=key).certificate)


def test_an_sm2_certificate_is_told_to_be_unsupported() -> None:
    p256 = bytes.fromhex("06082a8648ce3d030107")
    der = ROOT.issue(key=ec.generate_private_key(ec.SECP256R1())).certificate.public_bytes(Encoding.DER)
    assert len(SM2_CURVE) == len(p256)
    assert der.count(p256) == 1

    with pytest.raises(Untrusted, match="SM2") as refused:
        read(der.replace(p256, SM2_CURVE))
    assert "请向认证机构申领本主体的 RSA" in refused.value.zh
    assert "ask the certification authority for one" in refused.value.en


@pytest.mark.parametrize("data", [b"", b"\x30\x03\x02\x01\x01", b"text"])
def test_anything_else_is_no_certificate(data: bytes) -> None:
    with pytest.raises(Untrusted, match=r"X\.509"):
        read(data)
