"""What the registry answers, on every database: inherited once for SQLite and once for PostgreSQL."""

from base64 import b64decode
from datetime import timedelta

import pytest

from services.registry import parties
from services.registry.domain.commands import CloseAccount, SuspendParty
from shared.kernel.record import read
from shared.kernel.request import SYSTEM
from shared.runtime import queries
from shared.runtime.calls import Asked
from tests.registry.office import Office, OfficeCases, bidder
from tests.registry.world import ABROAD, AT, BRIDGE, BRIDGE_STREAM, INSTANT, OPERATOR, SUPERVISOR, code, key, register


class Answering(OfficeCases):
    """Queries: to whom, and nothing to anyone else."""

    def test_the_door_learns_an_account(self, office: Office) -> None:
        bidder(office, 1, BRIDGE)

        assert office.ask("account", SYSTEM, id="bidder-1") == {
            "answer": {
                "account": "bidder-1", "role": "bidder", "region": "370502", "party": BRIDGE_STREAM,
                "public_key": key(101), "open": True, "suspended": False, "rights": ["act", "administer", "read"],
            }
        }  # fmt: skip

    def test_the_door_sees_a_suspension_while_it_lasts_and_a_closed_account(self, office: Office) -> None:
        own, party = bidder(office, 1, BRIDGE)
        until = AT + timedelta(minutes=2)
        office.give(
            SuspendParty(reason="串通投标", article="招标投标法 第五十三条", until=until), SUPERVISOR, stream=party
        )
        office.give(CloseAccount(), own, stream="account-bidder-1")

        shown = [office.ask("account", SYSTEM, at, id="bidder-1")["answer"] for at in (until - INSTANT, until)]

        assert [answer["suspended"] for answer in shown] == [True, False]
        assert not shown[0]["open"]

    def test_an_account_is_shown_to_itself_and_the_office_alone(self, office: Office) -> None:
        one, _ = bidder(office, 1, code(1))
        other, _ = bidder(office, 2, code(2))

        assert "answer" in office.ask("account", one, id="bidder-1")
        assert office.ask("account", other, id="bidder-1") == office.ask("account", other, id="nobody")
        assert "answer" in office.ask("party", one, scheme="CN-USCC", id=code(1).id)
        assert office.ask("party", other, scheme="CN-USCC", id=code(1).id) == office.ask(
            "party", other, scheme="CN-USCC", id=code(9).id
        )
        assert office.ask("parties", one)["refusal"]["code"] == "not_entitled"

    def test_parties_are_listed_for_the_office(self, office: Office) -> None:
        for number in range(5):
            office.give(register(code(number), ABROAD) if number == 0 else register(code(number)))

        answer = office.ask("parties", OPERATOR)["answer"]

        assert len(answer["parties"]) == 5
        assert answer["next"] is None
        (both,) = [party for party in answer["parties"] if len(party["identifiers"]) == 2]
        assert {"scheme": "GB-COH", "id": "01234567"} in both["identifiers"]

    def test_pages_follow_each_other_without_a_gap(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in range(5):
            office.give(register(code(number)))
        whole = office.ask("parties")["answer"]["parties"]
        rows = office.ask("records", SYSTEM, first=1, last=6)["answer"]["records"]
        monkeypatch.setattr(parties, "PAGE", 2)
        monkeypatch.setattr(queries, "PAGE", 4)

        first = office.ask("parties")["answer"]
        second = office.ask("parties", after=first["next"])["answer"]
        third = office.ask("parties", after=second["next"])["answer"]
        some = office.ask("records", SYSTEM, first=1, last=6)["answer"]
        more = office.ask("records", SYSTEM, first=some["next"], last=6)["answer"]

        assert first["parties"] + second["parties"] + third["parties"] == whole
        assert (third["next"], some["next"], more["next"]) == (None, 5, None)
        assert some["records"] + more["records"] == rows

    def test_requests_come_in_pages_too(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        for _ in range(3):
            office.give(register(), stream="party-0")
        monkeypatch.setattr(queries, "PAGE", 2)

        first = office.ask("requests", stream="refused")["answer"]
        rest = office.ask("requests", stream="refused", first=first["next"])["answer"]

        assert [item["version"] for item in first["requests"] + rest["requests"]] == [1, 2, 3]
        assert rest["next"] is None

    def test_an_outcome_is_told_to_who_gave_the_command(self, office: Office) -> None:
        outcome = office.give(register())

        assert office.ask("outcome", OPERATOR, id=outcome.id) == {"answer": outcome.model_dump(mode="json")}
        assert office.ask("outcome", SUPERVISOR, id=outcome.id) == office.ask("outcome", SUPERVISOR, id="none")

    def test_a_stream_key_opens_the_tags_of_a_stream_to_those_entitled(self, office: Office) -> None:
        own, party = bidder(office, 1, code(1))
        other, _ = bidder(office, 2, code(2))

        answer = office.ask("stream_key", own, stream=party)["answer"]

        assert (len(bytes.fromhex(answer["key"])), answer["version"]) == (32, 1)
        assert office.ask("stream_key", other, stream=party) == office.ask("stream_key", other, stream="none")

    def test_nobody_is_answered_for_a_stream_that_is_not_there(self, office: Office) -> None:
        for name in ("stream_key", "requests"):
            for actor in (SUPERVISOR, OPERATOR, SYSTEM):
                assert office.ask(name, actor, stream="T-1")["refusal"]["code"] in {"not_found", "not_entitled"}

    def test_the_platform_alone_reads_journals_and_supervision_the_requests_of_a_stream(self, office: Office) -> None:
        own, party = bidder(office, 1, BRIDGE)

        listed = office.ask("records", SYSTEM, first=1, last=2)["answer"]["records"]

        assert [read(b64decode(item["record"])).position for item in listed] == [1, 2]
        for name, arguments in (("records", {"first": 1, "last": 2}), ("requests", {"stream": party})):
            assert office.ask(name, own, **arguments)["refusal"]["code"] == "not_entitled"
        assert office.ask("records", first=1, last=2)["refusal"]["code"] == "not_entitled"
        assert "answer" in office.ask("requests", stream=party)

    def test_an_unsigned_unknown_or_stale_query_is_refused(self, office: Office) -> None:
        late = AT - timedelta(minutes=5)

        assert "answer" in office.ask("parties", at=late)
        assert office.ask("parties", at=late - INSTANT)["refusal"]["code"] == "not_yet"
        assert office.ask("nothing")["refusal"]["code"] == "not_found"
        assert office.ask("account", identity="x")["refusal"]["code"] == "bad_input"
        forged = office.viewed.answer(Asked("{}", "AAAA"))
        assert forged is not None
        assert forged["refusal"]["code"] == "not_entitled"
