"""Credentials and their disclosure, on every database: inherited once for SQLite and once for PostgreSQL."""

from datetime import timedelta
from typing import Any

from services.registry.domain.commands import ChangeKey, CloseAccount, SuspendParty
from services.registry.domain.values import disclosure_stream
from shared.kernel.request import Actor
from shared.platform import keys
from shared.runtime.calls import Told
from shared.seal.credential import tender_key, token_of, verify_credential
from shared.seal.statement import Party
from shared.seal.wire import raw
from tests.registry.office import ONE_TIME, Office, OfficeCases, asked, bidder, credential, keys_collected, records
from tests.registry.world import AT, BRIDGE, BRIDGE_STREAM, SUPERVISOR, code, key, open_account


class Credentials(OfficeCases):
    """Who bids is computed, vouched for, and disclosed once; before that it stands nowhere."""

    def test_the_same_party_and_tender_give_the_same_token(self, office: Office) -> None:
        own, party = bidder(office, 1, BRIDGE)
        office.give(open_account("bidder-1b", party=party, public_key=key(5)))
        second = own.model_copy(update={"account": "bidder-1b"})

        tokens = [credential(office, actor, "T1").token for actor in (own, own, second)]

        assert len(set(tokens)) == 1
        assert credential(office, own, "T2").token != tokens[0]

    def test_two_parties_have_two_tokens(self, office: Office) -> None:
        one, _ = bidder(office, 1, code(1))
        other, _ = bidder(office, 2, code(2))

        assert credential(office, one, "T1").token != credential(office, other, "T1").token

    def test_a_credential_is_the_registrys_word_on_a_one_time_key(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        given = credential(office, own, "T1")
        registry = office.tools.keyring.public_text(keys.CREDENTIALS)

        verify_credential(given, registry, "T1", AT + timedelta(days=90))
        assert given.public_key == ONE_TIME
        facts = given.facts
        assert (facts.not_suspended, facts.region, facts.deposit, facts.not_blacklisted) == (
            True, "370502", False, True,
        )  # fmt: skip

    def test_a_credential_is_for_an_open_bidders_account(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        office.give(open_account("agency-1", role="agency", public_key=key(6)))
        agency = Actor(account="agency-1", role="agency", party=BRIDGE_STREAM)
        unknown = Actor(account="nobody", role="bidder")
        as_agency, before = asked(office, agency), asked(office, own)

        office.give(CloseAccount(), own, stream="account-bidder-1")

        assert "answer" in before
        for answer in (as_agency, asked(office, own), asked(office, unknown)):
            assert answer["refusal"]["code"] == "not_entitled"
        assert "refusal" in asked(office, agency.model_copy(update={"role": "bidder"}))

    def test_a_bidders_account_asks_as_a_bidder(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)

        assert asked(office, own.model_copy(update={"role": "agency"}))["refusal"]["code"] == "not_entitled"

    def test_a_suspended_party_gets_no_credential(self, office: Office) -> None:
        own, party = bidder(office, 1, BRIDGE)
        until = AT + timedelta(days=1)
        office.give(
            SuspendParty(reason="串通投标", article="招标投标法 第五十三条", until=until), SUPERVISOR, stream=party
        )

        refused = asked(office, own)
        office.clock.at = until
        granted = asked(office, own)

        assert refused["refusal"]["article"] == "招标投标法 第五十三条"
        assert "answer" in granted

    def test_nothing_holds_a_token_before_the_disclosure(self, office: Office, capfd: Any, caplog: Any) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        before = office.everything()

        given = credential(office, own, "T1")

        k_t = tender_key(office.tools.keyring.secret(keys.TOKENS), "T1")
        logged = "".join(capfd.readouterr()) + caplog.text
        after = office.everything()
        assert after == before
        for trace in (given.token, ONE_TIME, k_t.hex(), given.signature):
            assert trace not in after + logged
        assert "refusal" in office.ask("outcome", own, id=given.token)

    def test_tokens_are_disclosed_when_the_keys_are_collected_and_only_once(self, office: Office) -> None:
        one, _ = bidder(office, 1, code(1))
        bidder(office, 2, code(2))
        token = credential(office, one, "T1").token
        told = keys_collected(token, "f" * 64, token)

        office.handled.learn([told])
        office.handled.learn([told, told])

        (record,) = records(office, disclosure_stream("T1"))
        assert record.type == "registry.credentials_disclosed.v1"
        assert record.cause == "bidding-7"
        assert record.data["unknown"] == ["f" * 64]
        assert record.data["holders"] == [
            {
                "token": token, "scheme": "CN-USCC", "id": code(1).id, "name": "第1工程有限公司",
                "account_keys": [key(101)],
            }
        ]  # fmt: skip

    def test_anyone_computes_a_disclosed_token_again(self, office: Office) -> None:
        one, _ = bidder(office, 1, code(1))
        token = credential(office, one, "T1").token
        office.handled.learn([keys_collected(token)])

        (record,) = records(office, disclosure_stream("T1"))

        (holder,) = record.data["holders"]
        party = Party(scheme=holder["scheme"], id=holder["id"], name=holder["name"])
        assert token_of(raw(record.data["tender_key"]), party) == token
        assert credential(office, one, "T2").token not in office.everything()

    def test_the_keys_of_a_partys_bidders_are_disclosed_oldest_first_and_no_others(self, office: Office) -> None:
        own, party = bidder(office, 1, BRIDGE)
        office.give(open_account("buyer-1", role="tenderer", party=party, public_key=key(7)))
        office.give(ChangeKey(public_key=key(8)), own, stream="account-bidder-1")
        token = credential(office, own, "T1").token

        office.handled.learn([keys_collected(token)])

        (record,) = records(office, disclosure_stream("T1"))
        assert record.data["holders"][0]["account_keys"] == [key(101), key(8)]

    def test_who_asked_for_a_credential_and_did_not_bid_stands_nowhere(self, office: Office) -> None:
        one, _ = bidder(office, 1, code(1))
        other, _ = bidder(office, 2, code(2))
        tokens = [credential(office, actor, "T1").token for actor in (one, other)]

        office.handled.learn([keys_collected(tokens[0])])

        assert tokens[0] in office.everything()
        assert tokens[1] not in office.everything()

    def test_other_events_disclose_nothing(self, office: Office) -> None:
        told = keys_collected("f" * 64)
        other = Told("x", {"kind": "record"}, told.body.replace(b"keys_collected", b"bids_unsealed"))

        office.handled.learn([other, Told("registry.head", {"kind": "head"}, b'{"position":1,"service":"x"}')])

        assert not records(office, disclosure_stream("T1"))

    def test_a_disclosure_is_held_back_for_no_stream_that_is_too_long_to_name(self, office: Office) -> None:
        own, _ = bidder(office, 1, BRIDGE)
        longest = asked(office, own, "t" * 53)
        longer = asked(office, own, "t" * 54)

        assert "answer" in longest
        assert longer["refusal"]["code"] == "bad_input"
