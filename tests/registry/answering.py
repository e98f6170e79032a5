"""What the registry answers, on every database: inherited once for SQLite and once for PostgreSQL."""

from base64 import b64decode
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.registry import parties
from services.registry.domain.commands import (
    AddIdentifier,
    BlacklistParty,
    CloseAccount,
    LiftBlacklisting,
    SuspendParty,
)
from shared.kernel.codes import PartyId
from shared.kernel.record import read
from shared.kernel.request import SYSTEM, Actor
from shared.runtime import queries
from shared.runtime.calls import Asked
from tests.registry.office import ONE_TIME, Office, OfficeCases, bidder
from tests.registry.world import (
    ABROAD,
    AT,
    BRIDGE,
    BRIDGE_STREAM,
    INSTANT,
    OPERATOR,
    SUPERVISOR,
    code,
    key,
    open_account,
    register,
)

REAL = [("GB-COH", "926 722 808"), ("GB-COH", "920817521"), ("AS-TENDERNL", "Aberia Omsorg AS")]
"""As they stand in tests/data/ocds-social-services-2024.json: with spaces, and with a name in the place of a number."""


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

    def test_the_blacklist_is_told_to_everyone_while_an_entry_is_in_force(self, office: Office) -> None:
        own, party = bidder(office, 1, BRIDGE)
        entry = BlacklistParty(
            kind="banned", reason="围标串标", article="招标投标法 第五十三条", authority="东营市住建局",
            since=AT + timedelta(minutes=1), until=AT + timedelta(minutes=2),
        )  # fmt: skip
        office.give(entry, SUPERVISOR, stream=party)
        anyone = Actor(account="public", role="public")

        def seen(at: datetime) -> tuple[list[str], str]:
            office.clock.at = at
            listed = office.ask("blacklist", anyone)["answer"]["blacklist"]
            asks: dict[str, Any] = {"tender": "T1", "public_key": ONE_TIME}
            refusal = office.ask("issue_credential", own, **asks).get("refusal", {})
            return [item["identifier"] for item in listed], refusal.get("article", "")

        assert seen(entry.since - INSTANT) == ([], "")
        assert seen(entry.since) == ([BRIDGE.id], "招标投标法 第五十三条")
        assert seen(entry.until - INSTANT) == ([BRIDGE.id], "招标投标法 第五十三条")
        assert seen(entry.until) == ([], "")
        office.clock.at = entry.since
        office.give(LiftBlacklisting(number=1, reason="信用修复", article="平台规则"), SUPERVISOR, stream=party)
        assert seen(entry.since) == ([], "")

    def test_a_party_is_where_its_code_or_the_operator_says(self, office: Office) -> None:
        by_code = office.give(register(code(1))).stream
        by_operator = office.give(register(code(2)).model_copy(update={"region": "370503"})).stream
        suspend = SuspendParty(reason="r", article="a", until=AT + timedelta(days=1))
        county = SUPERVISOR.model_copy(update={"region": "370503"})

        shown = {row["stream"]: row["region"] for row in office.ask("parties")["answer"]["parties"]}
        outcomes = [office.give(suspend, county, stream=stream) for stream in (by_code, by_operator)]

        assert shown == {by_code: "370500", by_operator: "370503"}
        assert [outcome.refusal and outcome.refusal.code for outcome in outcomes] == ["not_entitled", None]

    @pytest.mark.parametrize(("scheme", "id_"), REAL)
    def test_a_party_of_another_scheme_is_kept_and_comes_in_once_it_has_a_chinese_code(
        self, office: Office, scheme: str, id_: str
    ) -> None:
        identifier = PartyId(scheme=scheme, id=id_)
        stream = office.give(register(identifier)).stream
        tenderer = open_account("buyer-1", role="tenderer", party=stream, public_key=key(7))
        office.give(tenderer)
        own = Actor(account="buyer-1", role="bidder", party=stream)
        asks: dict[str, Any] = {"tender": "T1", "public_key": ONE_TIME}

        kept = office.ask("party", scheme=scheme, id=id_)["answer"]
        opened, credential = office.give(open_account(party=stream)), office.ask("issue_credential", own, **asks)
        office.give(AddIdentifier(identifier=BRIDGE), stream=stream)
        after = office.give(open_account(party=stream))

        assert kept["identifiers"] == [{"scheme": scheme, "id": id_}]
        assert opened.refusal is not None
        assert opened.refusal.code == credential["refusal"]["code"] == "not_entitled"
        assert after.refusal is None
        granted = own.model_copy(update={"account": "bridge-1"})
        assert "answer" in office.ask("issue_credential", granted, **asks)
        assert office.ask("party", scheme=scheme, id=id_)["answer"]["identifiers"][0] == {"scheme": scheme, "id": id_}
