"""A bidder's desk: seal, submit, replace, withdraw and unseal against a door; what it sends really opens."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from cli import bid
from cli.command import Here
from cli.desk import Desk
from cli.output import Misused, Refused, Unanswered
from shared.seal.body import key_of, open_body
from shared.seal.credential import Credential, Delivery, verify_credential, verify_delivery
from shared.seal.envelope import Envelope, open_share
from shared.seal.handin import BidderHandIn
from shared.seal.keys import signing_public
from shared.seal.sealed import Submit, Withdraw, open_meaning
from shared.seal.shamir import combine
from shared.seal.wire import raw
from tests.cli.door import NOW, REGISTRY, Door
from tests.seal.world import LOT, TENDER, TOKEN, tender

WORLD = tender()
OFFER = {
    "party": {"scheme": "CN-USCC", "id": "91350000MA347WHE48", "name": "示例建设有限公司"},
    "price_fen": 920_000_050,
    "days": 300,
    "quality": "合格",
    "factors": [{"code": "staff", "value": 12}],
}


def announced() -> dict[str, Any]:
    authorities = WORLD.announced.authorities.model_dump(mode="json")
    body = {"tender": TENDER, "meaning_public_key": WORLD.announced.meaning, "draft": {"lot": {"id": LOT}}}
    return {"procedure": TENDER, "phase": "accepting", "announcement": {**body, "terms": {"authorities": authorities}}}


@pytest.fixture
def desk(here: Here, door: Door) -> Desk:
    door.pages[f"/api/procedures/{TENDER}"] = announced()
    made = Desk(here, TENDER)
    made.request_credential()
    return made


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "施工方案.txt"
    path.write_text("方案" * 1000)
    return path


def _deliveries(door: Door) -> list[dict[str, Any]]:
    return [command for _, command in door.given if command["type"] == "bidding.deliver_sealed"]


def _meaning(command: dict[str, Any]) -> Any:
    return open_meaning(WORLD.meaning, TENDER, TOKEN, raw(command["sealed"]))


def test_the_credential_is_for_a_key_that_never_leaves_this_machine(desk: Desk, here: Here) -> None:
    kept = Credential.model_validate_json(json.dumps(here.wallet.read("bids", "bidder-1", TENDER, "credential")))

    verify_credential(kept, signing_public(REGISTRY), TENDER, NOW)
    assert kept.public_key == signing_public(desk.key.private_key)
    assert desk.request_credential() == kept


def test_what_is_submitted_opens_with_two_shares_and_the_bidders_half(desk: Desk, door: Door, paper: Path) -> None:
    sealed = desk.seal(OFFER, [paper])
    receipt = desk.submit(replacing=False)

    (command,) = _deliveries(door)
    meaning = _meaning(command)
    assert isinstance(meaning, Submit)
    assert (meaning.envelope, meaning.replaces) == (sealed.envelope, None)
    shares = [open_share(WORLD.private[index], meaning.envelope, index) for index in (1, 3)]
    (body,) = door.uploads.values()
    plain = io.BytesIO()
    key = key_of(raw(sealed.key.k_b), combine(shares))
    opened = open_body(io.BytesIO(bytes(body)), plain, key, meaning.envelope, meaning.envelope.body)
    assert opened.statement.price_fen == 920_000_050
    assert plain.getvalue().endswith(paper.read_bytes())
    assert receipt["sealed_digest"] == desk.receipts()[0]["receipt"]["sealed_digest"]


def test_the_delivery_is_signed_by_the_one_time_key(desk: Desk, door: Door) -> None:
    desk.seal(OFFER, [])
    desk.submit(replacing=False)

    (command,) = _deliveries(door)
    credential = Credential.model_validate_json(json.dumps(command["credential"]))
    sealed = raw(command["sealed"])
    receipt = desk.receipts()[0]["receipt"]
    claims = {"tender": TENDER, "token": TOKEN, "sealed_digest": receipt["sealed_digest"]}
    verify_delivery(Delivery(**claims, signature=command["signature"]), credential, sealed)


def test_the_platform_is_never_sent_account_and_token_together(desk: Desk, door: Door) -> None:
    desk.seal(OFFER, [])
    desk.submit(replacing=False)

    assert all("bidder-1" not in json.dumps(command) for _, command in door.given)


def test_nothing_in_the_wallet_tells_the_price(desk: Desk, here: Here) -> None:
    desk.seal(OFFER, [])

    kept = b"".join(path.read_bytes() for path in here.wallet.home.rglob("*") if path.is_file())
    assert b"920000050" not in kept


def test_after_a_lost_answer_the_very_same_message_goes_again(desk: Desk, here: Here, door: Door) -> None:
    desk.seal(OFFER, [])
    door.lose = 1000
    with pytest.raises(Unanswered):
        desk.submit(replacing=False)
    door.lose = 0

    receipt = Desk(here, TENDER).submit(replacing=False)

    assert len(_deliveries(door)) == 1
    assert receipt["position"] == 1


def test_after_a_crash_behind_the_receipt_nothing_is_sent_again(desk: Desk, here: Here, door: Door) -> None:
    bid = desk.seal(OFFER, []).envelope.bid
    receipt = desk.submit(replacing=False)
    here.wallet.write({"draft": bid}, "bids", "bidder-1", TENDER, "state")

    assert Desk(here, TENDER).submit(replacing=False) == receipt
    assert len(_deliveries(door)) == 1


def test_a_second_bid_must_be_called_a_replacement(desk: Desk, door: Door) -> None:
    first = desk.seal(OFFER, []).envelope.bid
    desk.submit(replacing=False)
    second = desk.seal({**OFFER, "price_fen": 1}, []).envelope.bid
    with pytest.raises(Misused, match="bid replace"):
        desk.submit(replacing=False)

    desk.submit(replacing=True)

    meaning = _meaning(_deliveries(door)[-1])
    assert (meaning.envelope.bid, meaning.replaces) == (second, first)
    assert desk.noted() == {"draft": None, "standing": second}


def test_a_withdrawal_names_the_standing_bid_and_looks_like_any_message(desk: Desk, door: Door) -> None:
    bid = desk.seal(OFFER, []).envelope.bid
    desk.submit(replacing=False)
    desk.withdraw()

    submitted, withdrawn = _deliveries(door)
    assert _meaning(withdrawn) == Withdraw(replaces=bid)
    assert len(submitted["sealed"]) == len(withdrawn["sealed"])
    with pytest.raises(Misused):
        desk.withdraw()


def test_a_bid_refused_on_record_gets_no_receipt_and_does_not_stand(desk: Desk, door: Door) -> None:
    desk.seal(OFFER, [])
    events = [{"type": "bidding.bid_refused.v1", "position": 1, "digest": "0" * 64}]
    door.decide = lambda _procedure, _command: (200, {"id": "x", "events": events, "refusal": None, "receipts": []})

    with pytest.raises(Refused, match="late, or not sealed"):
        desk.submit(replacing=False)
    assert desk.receipts() == []
    assert desk.noted().get("standing") is None


def test_at_the_opening_the_bidder_signs_in_and_gives_its_half(desk: Desk, door: Door) -> None:
    sealed = desk.seal(OFFER, [])
    desk.submit(replacing=False)
    desk.unseal()

    signed_in, given = (command for _, command in door.given[-2:])
    assert signed_in == {"type": "bidding.sign_in"}
    fields = {**sealed.key.names(), "k_b": given["k_b"], "signature": given["signature"]}
    handed = BidderHandIn.model_validate(fields)
    handed.check(desk.key.public_key)


def test_a_wrong_key_is_told_as_a_refusal(desk: Desk, door: Door) -> None:
    desk.seal(OFFER, [])
    desk.submit(replacing=False)
    events = [{"type": "bidding.key_refused.v1", "position": 1, "digest": "0" * 64}]
    door.decide = lambda _procedure, _command: (200, {"id": "x", "events": events, "refusal": None})

    with pytest.raises(Refused, match="not the one committed to"):
        desk.unseal()


@pytest.mark.parametrize("step", ["submit", "replace", "withdraw", "unseal"])
def test_nothing_can_be_done_with_a_bid_that_is_not_there(desk: Desk, step: str) -> None:
    steps = {
        "submit": lambda: desk.submit(replacing=False),
        "replace": lambda: desk.submit(replacing=True),
        "withdraw": desk.withdraw,
        "unseal": desk.unseal,
    }

    with pytest.raises(Misused):
        steps[step]()


def test_without_a_credential_the_bidder_is_told_how_to_get_one(here: Here) -> None:
    with pytest.raises(Misused, match="bid keygen T2026-0001"):
        _ = Desk(here, TENDER).credential


def test_an_announcement_of_another_tender_is_not_sealed_to(here: Here, door: Door) -> None:
    door.pages["/api/procedures/other"] = announced()

    with pytest.raises(Refused, match="of another tender"):
        _ = Desk(here, "other").announcement


def test_before_the_announcement_there_is_nothing_to_seal_to(here: Here, door: Door) -> None:
    door.pages["/api/procedures/draft"] = {"procedure": "draft", "phase": "drafted"}

    with pytest.raises(Refused, match="not announced yet"):
        _ = Desk(here, "draft").announcement


def test_the_envelope_kept_is_the_one_that_was_made(desk: Desk, paper: Path) -> None:
    made = desk.seal(OFFER, [paper])

    kept = desk.sealed(made.envelope.bid)
    assert isinstance(kept.envelope, Envelope)
    assert kept == made
    assert kept.file.stat().st_size == made.envelope.body.size


def test_an_offer_that_no_envelope_takes_is_told_with_its_field(desk: Desk, here: Here) -> None:
    with pytest.raises(Misused, match="days：不得大于 36500"):
        desk.seal({**OFFER, "days": 10**23}, [])

    assert desk.noted() == {}


def test_no_credential_is_asked_for_a_tender_that_nobody_announced(here: Here, door: Door) -> None:
    with pytest.raises(Refused):
        bid.keygen(here, "t9")

    assert here.wallet.names("bids", "bidder-1", "t9") == []
