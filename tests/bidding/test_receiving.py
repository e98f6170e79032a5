"""Reception: the deadline to the microsecond, what is turned away on record, and what stands at the end."""

from typing import Any

import pytest

from services.bidding.domain.events import BidRefused, RequestRefused, SealedReceived
from services.bidding.domain.facts import Secrets
from services.bidding.domain.state import Accepting, Closed
from shared.kernel.errors import BadInput, NotEntitled
from shared.kernel.request import Actor
from shared.procedure.asking import FactMissing
from shared.seal.keys import AnnouncedKeys, hpke_public
from shared.seal.sealed import Cover, Withdraw, seal_meaning
from tests.bidding import factories as make
from tests.bidding.phases import accepting, closed
from tests.bidding.play import Play


def test_a_bid_a_microsecond_before_the_deadline_is_received() -> None:
    play = accepting(instant_counts=False)

    (event,) = play.bid(make.CRANE, at=make.DUE - make.MICROSECOND)

    assert isinstance(event, SealedReceived)
    assert event.received_at == make.DUE - make.MICROSECOND


@pytest.mark.parametrize(("counts", "kind"), [(True, SealedReceived), (False, BidRefused)])
def test_a_bid_at_the_very_instant_counts_as_declared(counts: bool, kind: type) -> None:
    play = accepting(instant_counts=counts)

    (event,) = play.bid(make.CRANE, at=make.DUE)

    assert isinstance(event, kind)


def test_a_bid_a_microsecond_after_is_refused_on_record_with_its_articles() -> None:
    play = accepting(instant_counts=True)

    (event,) = play.bid(make.CRANE, at=make.DUE + make.MICROSECOND)

    assert isinstance(event, BidRefused)
    assert event.ground == "late"
    assert event.token == make.CRANE.token
    assert "招标投标法实施条例 第三十六条" in event.article
    assert "电子招标投标办法 第二十七条" in event.article


def test_a_late_bid_is_refused_on_record_in_every_later_phase() -> None:
    play = closed()

    (event,) = play.bid(make.STORK, at=make.DUE + make.DAY)

    assert isinstance(event, BidRefused)
    assert play.at(Closed)


def test_withdrawal_and_cover_look_like_a_bid() -> None:
    play = accepting()
    play.bid(make.CRANE)

    (withdrawal,) = play.deliver(make.CRANE, Withdraw(replaces="bid-of-crane"))
    (cover,) = play.deliver(make.HERON, Cover())
    (bid,) = play.bid(make.EGRET)

    shapes = {(type(event), len(getattr(event, "sealed", ""))) for event in (withdrawal, cover, bid)}
    assert len(shapes) == 1


@pytest.mark.parametrize(
    "credential",
    [
        {"tender": "tender-2"},
        {"until": make.SALE_ENDS - make.MICROSECOND},
        {"not_suspended": False},
    ],
)
def test_a_credential_of_another_tender_expired_or_of_a_suspended_party_entitles_to_nothing(
    credential: dict[str, Any],
) -> None:
    play, bid = accepting(), make.CRANE.bid()

    with pytest.raises(NotEntitled):
        play.ask(
            make.CRANE.deliver(make.submit(bid), credential=make.CRANE.credential(**credential)),
            make.CRANE.actor,
            make.SALE_ENDS,
            make.delivery_facts(),
        )


def test_a_credential_is_good_through_its_last_microsecond() -> None:
    play, bid = accepting(), make.CRANE.bid()
    credential = make.CRANE.credential(until=make.SALE_ENDS)

    (event,) = play.ask(
        make.CRANE.deliver(make.submit(bid), credential=credential), make.CRANE.actor, make.SALE_ENDS,
        make.delivery_facts(),
    )  # fmt: skip

    assert isinstance(event, SealedReceived)


def test_a_party_suspended_since_its_credential_is_not_entitled() -> None:
    with pytest.raises(NotEntitled):
        accepting().deliver(make.CRANE, Cover(), not_suspended=False)


def test_another_tokens_credential_and_anothers_signature_entitle_to_nothing() -> None:
    play, bid = accepting(), make.CRANE.bid()

    with pytest.raises(NotEntitled):
        play.ask(make.CRANE.deliver(make.submit(bid)), make.HERON.actor, make.SALE_ENDS, make.delivery_facts())
    stolen = make.HERON.deliver(Cover(), credential=make.CRANE.credential())
    with pytest.raises(NotEntitled):
        play.ask(stolen, make.CRANE.actor, make.SALE_ENDS, make.delivery_facts())


def not_sealed(play: Play, sealed: bytes) -> BidRefused:
    """Return the recorded refusal of bytes that a genuine bidder hands in."""
    (event,) = play.ask(make.CRANE.deliver_bytes(sealed), make.CRANE.actor, make.SALE_ENDS, make.delivery_facts())
    assert isinstance(event, BidRefused)
    assert event.ground == "not_sealed"
    assert "电子招标投标办法 第二十六条" in event.article
    assert "重新加密" in event.zh
    assert "announced keys" in event.en
    return event


def test_what_is_not_encrypted_as_required_is_refused_on_record_and_says_what_to_do() -> None:
    play = accepting()
    good = seal_meaning(make.KEYS.announced.meaning, make.STREAM, make.CRANE.token, Cover())
    wrong_key = seal_meaning(hpke_public(make.KEYS.of("agency")), make.STREAM, make.CRANE.token, Cover())
    other_token = seal_meaning(make.KEYS.announced.meaning, make.STREAM, make.HERON.token, Cover())

    not_sealed(play, b"a plain bid")
    not_sealed(play, good[:-1])
    not_sealed(play, good + b"\0")
    not_sealed(play, wrong_key)
    not_sealed(play, other_token)
    assert len(play.at(Accepting).received) == 0


def test_a_bid_for_another_lot_or_sealed_to_keys_not_announced_is_refused_on_record() -> None:
    play, own = accepting(), make.Keys("another")
    swapped = AnnouncedKeys(tender=make.STREAM, meaning=make.KEYS.announced.meaning, authorities=own.authorities)

    for bid in (make.CRANE.bid(lot="lot-2"), make.CRANE.bid(announced=swapped)):
        meaning = make.submit(bid)
        sealed = seal_meaning(make.KEYS.announced.meaning, make.STREAM, make.CRANE.token, meaning)
        not_sealed(play, sealed)


def test_a_body_not_uploaded_in_full_is_no_bid_yet() -> None:
    play, bid = accepting(), make.CRANE.bid()

    with pytest.raises(BadInput, match="上传中断"):
        play.deliver(make.CRANE, make.submit(bid), complete=False)
    (event,) = play.deliver(make.CRANE, make.submit(bid))

    assert isinstance(event, SealedReceived)


def test_a_second_bid_names_the_one_it_replaces() -> None:
    play = accepting()
    play.bid(make.CRANE)
    better = make.CRANE.bid(99_000_000_00, bid="better")

    with pytest.raises(BadInput, match="names the standing bid"):
        play.deliver(make.CRANE, make.submit(better))
    with pytest.raises(BadInput):
        play.deliver(make.CRANE, make.submit(better, replaces="bid-of-heron"))
    play.deliver(make.CRANE, make.submit(better, replaces="bid-of-crane"))

    assert len(play.at(Accepting).received) == 2


def test_a_replaced_bid_cannot_be_withdrawn_and_a_withdrawn_one_not_brought_back() -> None:
    play = accepting()
    play.bid(make.CRANE)
    first, better = play.bids["crane"], make.CRANE.bid(bid="better")
    play.deliver(make.CRANE, make.submit(better, replaces="bid-of-crane"))

    with pytest.raises(BadInput):
        play.deliver(make.CRANE, Withdraw(replaces="bid-of-crane"))
    play.deliver(make.CRANE, Withdraw(replaces="better"))
    with pytest.raises(BadInput):
        play.deliver(make.CRANE, Withdraw(replaces="better"))
    with pytest.raises(BadInput):
        play.deliver(make.CRANE, make.submit(first))


def test_the_record_of_a_refusal_does_not_tell_what_was_sent() -> None:
    play = accepting()
    play.bid(make.CRANE)
    truncated = make.submit(make.CRANE.bid(bid="third"), replaces="bid-of-crane")
    answers = set()
    for meaning, complete in (
        (Withdraw(replaces="other"), True),
        (make.submit(make.CRANE.bid(bid="second")), True),
        (truncated, False),
    ):
        with pytest.raises(BadInput) as refused:
            play.deliver(make.CRANE, meaning, complete=complete)
        answers.add(str(refused.value))

    told = {
        (event.command_type, event.code, event.article) for event in play.events if isinstance(event, RequestRefused)
    }

    assert told == {("bidding.deliver_sealed", "bad_input", "平台规则")}
    assert len(answers) == 1
    assert "上传中断" in answers.pop()


def test_the_stored_request_does_not_tell_whether_a_body_was_missing_but_can_be_decided_again() -> None:
    play, bid = accepting(), make.CRANE.bid()
    with pytest.raises(BadInput):
        play.deliver(make.CRANE, make.submit(bid), complete=False)
    play.deliver(make.CRANE, make.submit(bid))
    play.deliver(make.HERON, Cover())

    facts = [decision.request.facts.model_dump(mode="json") for decision in play.record[-3:]]

    assert len({item.pop("uploaded") for item in facts}) == 3
    assert facts[0] == facts[1] == facts[2]
    play.close()
    assert play.audit() == play.state


def test_what_is_wrong_with_a_seal_is_not_said_for_it_would_tell_what_was_sent() -> None:
    play = accepting()
    lot = seal_meaning(
        make.KEYS.announced.meaning, make.STREAM, make.CRANE.token, make.submit(make.CRANE.bid(lot="lot-2"))
    )

    assert not_sealed(play, lot).en == not_sealed(play, b"a plain bid").en


def test_without_the_tenders_own_secret_nothing_is_decided() -> None:
    play = accepting()
    sealed = make.CRANE.deliver(Cover())

    for key in (None, make.KEYS.of("agency")):
        with pytest.raises(FactMissing):
            play.ask(sealed, make.CRANE.actor, make.SALE_ENDS, make.delivery_facts(), secrets=Secrets(meaning_key=key))

    assert len(play.record) == 2


def test_only_a_token_hands_in() -> None:
    agency = Actor(account=make.CRANE.token, role="agency")

    with pytest.raises(NotEntitled):
        accepting().ask(make.CRANE.deliver(Cover()), agency, make.SALE_ENDS, make.delivery_facts())
