"""Signed papers: credentials, deliveries, hand-ins and receipts."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from shared.seal.credential import (
    Credential,
    CredentialRefused,
    Facts,
    issue,
    sign_delivery,
    tender_key,
    token_of,
    verify_credential,
    verify_delivery,
)
from shared.seal.handin import BidderHandIn, ShareHandIn, hand_in_key, hand_in_share
from shared.seal.keys import BadSignature, new_signing_key, signing_public
from shared.seal.receipt import Receipt, issue_receipt, verify_receipt
from shared.seal.statement import Party
from shared.seal.wire import SealError, Unreadable
from tests.seal.world import TENDER, dice, sealed_bid, tender

REGISTRY_SECRET = bytes(range(32))
REGISTRY, ONE_TIME, PLATFORM, AGENCY = (new_signing_key(dice(seed)) for seed in (20, 21, 22, 23))
PARTY = Party(scheme="CN-USCC", id="91350000MA347WHE48", name="示例建设有限公司")
UNTIL = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
FACTS = Facts(not_suspended=True, region="350000", deposit=True)
SEALED = b"any sealed message"


def credential(**changes: str) -> Credential:
    fields = {
        "tender": TENDER,
        "token": token_of(tender_key(REGISTRY_SECRET, TENDER), PARTY),
        "public_key": signing_public(ONE_TIME),
    }
    return issue(REGISTRY, facts=FACTS, until=UNTIL, **(fields | changes))


def test_a_token_is_the_hmac_that_the_page_defines() -> None:
    k_t = hmac.new(REGISTRY_SECRET, b"ggzy-token/v1|" + TENDER.encode(), hashlib.sha256).digest()
    token = hmac.new(k_t, b"CN-USCC|91350000MA347WHE48", hashlib.sha256).hexdigest()

    assert tender_key(REGISTRY_SECRET, TENDER) == k_t
    assert token_of(k_t, PARTY) == token
    assert token_of(tender_key(REGISTRY_SECRET, "T2"), PARTY) != token


def test_a_credential_holds_in_its_tender_until_its_end() -> None:
    paper = credential()

    verify_credential(paper, signing_public(REGISTRY), TENDER, UNTIL)

    assert Credential.from_bytes(paper.to_bytes()) == paper
    with pytest.raises(CredentialRefused, match="no longer"):
        verify_credential(paper, signing_public(REGISTRY), TENDER, UNTIL + timedelta(microseconds=1))
    with pytest.raises(CredentialRefused, match="another tender"):
        verify_credential(paper, signing_public(REGISTRY), "T2", UNTIL)
    with pytest.raises(BadSignature):
        verify_credential(paper, signing_public(PLATFORM), TENDER, UNTIL)


def test_no_field_of_a_credential_can_be_changed() -> None:
    paper = credential()
    poorer = FACTS.model_copy(update={"deposit": False})

    for change in (
        {"token": "0" * 64},
        {"public_key": signing_public(PLATFORM)},
        {"facts": poorer},
        {"valid_until": "2027-01-01T00:00:00.000000Z"},
    ):
        with pytest.raises(BadSignature):
            verify_credential(paper.model_copy(update=change), signing_public(REGISTRY), TENDER, UNTIL)


def test_a_delivery_is_of_one_holder_and_one_message() -> None:
    paper = credential()
    delivery = sign_delivery(ONE_TIME, TENDER, paper.token, SEALED)

    verify_delivery(delivery, paper, SEALED)

    with pytest.raises(BadSignature, match="another message"):
        verify_delivery(delivery, paper, SEALED + b"!")
    with pytest.raises(CredentialRefused):
        verify_delivery(delivery, credential(token="0" * 64), SEALED)
    with pytest.raises(BadSignature):
        verify_delivery(sign_delivery(PLATFORM, TENDER, paper.token, SEALED), paper, SEALED)


def test_a_half_is_handed_in_by_its_holder_only() -> None:
    bid = sealed_bid(tender())
    paper = hand_in_key(bid.envelope, bid.k_b, ONE_TIME)

    paper.check(signing_public(ONE_TIME))

    assert BidderHandIn.from_bytes(paper.to_bytes()).value == bid.k_b
    assert paper.context == bid.envelope.context
    with pytest.raises(BadSignature):
        paper.check(signing_public(PLATFORM))
    with pytest.raises(BadSignature):
        paper.model_copy(update={"bid": "bid-2"}).check(signing_public(ONE_TIME))


def test_a_share_or_a_complaint_is_handed_in_by_its_authority_only() -> None:
    bid = sealed_bid(tender())
    papers = [hand_in_share(bid.envelope, "supervisor", share, AGENCY) for share in (bid.shares[2], None)]

    for paper in papers:
        paper.check(signing_public(AGENCY))
        with pytest.raises(BadSignature):
            paper.check(signing_public(PLATFORM))

    assert [ShareHandIn.from_bytes(paper.to_bytes()).value for paper in papers] == [bid.shares[2], None]
    assert {paper.index for paper in papers} == {2}


def receipt() -> Receipt:
    return issue_receipt(
        PLATFORM,
        service="bidding",
        procedure=TENDER,
        token="a" * 64,
        sealed=SEALED,
        received_at=datetime(2026, 11, 30, 8, 59, 59, 999_999, tzinfo=UTC),
        position=41,
        record_digest="b" * 64,
    )


def test_a_receipt_holds_offline_for_the_message_it_was_given_for() -> None:
    paper = Receipt.from_bytes(receipt().to_bytes())

    verify_receipt(paper, signing_public(PLATFORM), SEALED)

    assert (paper.promise, paper.received_at) == (60, "2026-11-30T08:59:59.999999Z")
    with pytest.raises(SealError, match="another message"):
        verify_receipt(paper, signing_public(PLATFORM), b"other")
    with pytest.raises(BadSignature):
        verify_receipt(paper, signing_public(REGISTRY), SEALED)
    late = paper.model_copy(update={"received_at": "2026-11-30T09:00:00.000000Z"})
    with pytest.raises(BadSignature):
        verify_receipt(late, signing_public(PLATFORM), SEALED)


def test_a_receipt_with_a_time_in_another_spelling_is_unreadable() -> None:
    data = receipt().to_bytes().replace(b"59.999999Z", b"59.999Z")

    with pytest.raises(Unreadable):
        Receipt.from_bytes(data)
