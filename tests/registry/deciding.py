"""What the registry decides, on every database: inherited once for SQLite and once for PostgreSQL."""

from base64 import b64decode

from services.registry import LINE
from services.registry.domain.commands import AddIdentifier, BootstrapOperator, ChangeKey, CloseAccount
from services.registry.domain.values import disclosure_stream
from shared.kernel.canonical import digest
from shared.kernel.decider import Decision, redecide
from shared.kernel.request import SYSTEM, Actor
from tests.registry.office import Office, OfficeCases, bidder, credential, keys_collected, records
from tests.registry.world import ABROAD, BRIDGE, BRIDGE_STREAM, SUPERVISOR, code, key, open_account, register


class Deciding(OfficeCases):
    """Rules that need what other streams hold."""

    def test_there_is_one_first_operator(self, office: Office) -> None:
        again = office.give(BootstrapOperator(account="op-2", public_key=key(51)), SYSTEM)

        assert again.refusal is not None
        assert again.refusal.code == "out_of_phase"

    def test_the_last_operator_stays_until_there_is_another(self, office: Office) -> None:
        close = CloseAccount()

        assert office.give(close, stream="account-op-1").refusal
        office.give(open_account("op-2", role="operator", party=None, region="", public_key=key(51)))
        assert not office.give(close, stream="account-op-2").refusal
        assert office.give(close, stream="account-op-1").refusal

    def test_an_identifier_belongs_to_one_party(self, office: Office) -> None:
        office.give(register(ABROAD))

        taken = office.give(AddIdentifier(identifier=BRIDGE), stream=office.give(register()).stream)
        other = office.give(register(code(3), ABROAD))

        assert taken.refusal is not None
        assert other.refusal is not None
        assert other.refusal.article == "国发〔2015〕33号"

    def test_a_bidder_needs_a_unified_code_which_may_come_later(self, office: Office) -> None:
        stream = office.give(register(ABROAD)).stream
        command = open_account(party=stream)

        refused = office.give(command)
        office.give(AddIdentifier(identifier=BRIDGE), stream=stream)
        granted = office.give(command)

        assert refused.refusal is not None
        assert refused.refusal.code == "not_entitled"
        assert granted.refusal is None

    def test_a_key_once_used_is_used_up(self, office: Office) -> None:
        office.give(register())
        office.give(open_account())
        own = Actor(account="bridge-1", role="bidder", party=BRIDGE_STREAM)
        office.give(ChangeKey(public_key=key(2)), own, stream="account-bridge-1")

        back = office.give(ChangeKey(public_key=key(1)), own, stream="account-bridge-1")
        other = office.give(open_account("bridge-2", public_key=key(2)))

        assert [outcome.refusal and outcome.refusal.article for outcome in (back, other)] == ["电子签名法 第十三条"] * 2

    def test_who_runs_the_platform_does_not_bid_on_it(self, office: Office) -> None:
        office.give(register())
        office.give(open_account("op-2", role="operator"))

        refused = office.give(open_account("bridge-1", public_key=key(2)))
        office.give(CloseAccount(), stream="account-op-2")
        granted = office.give(open_account("bridge-1", public_key=key(2)))

        assert refused.refusal is not None
        assert refused.refusal.article == "电子招标投标办法 第二十三条"
        assert granted.refusal is None

    def test_an_identifier_belongs_to_one_party_even_within_one_batch(self, office: Office) -> None:
        first, second = office.give_all([register(code(1), ABROAD), register(code(2), ABROAD)])

        assert first.refusal is None
        assert second.refusal is not None
        assert second.refusal.article == "国发〔2015〕33号"

    def test_what_was_decided_is_decided_again_the_same(self, office: Office) -> None:
        own, party = bidder(office, 1, BRIDGE)
        office.give(register())
        office.give(AddIdentifier(identifier=ABROAD), stream=party)
        office.give(AddIdentifier(identifier=code(2)), stream=party)
        office.give(ChangeKey(public_key=key(8)), own, stream="account-bidder-1")
        office.give(ChangeKey(public_key=key(9)), SUPERVISOR, stream="account-bidder-1")
        office.give(CloseAccount(), stream="account-nobody")
        office.handled.learn([keys_collected(credential(office, own, "T1").token)])

        for stream in (party, "account-bidder-1", "account-op-1", disclosure_stream("T1"), "refused"):
            made = records(office, stream)
            answer = office.ask("requests", stream=stream)["answer"]["requests"]
            requests = {item["version"]: LINE.requests.validate_json(b64decode(item["request"])) for item in answer}
            decisions = [Decision(requests[record.version], (LINE.event(record),)) for record in made]
            assert len(made) == len(answer) > 0
            assert all(
                record.command_digest == digest(b64decode(item["request"]))
                for record, item in zip(made, answer, strict=True)
            )
            redecide(LINE.audited(), decisions, LINE.refused)
