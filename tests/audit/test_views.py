"""What the audit answers, asked through the door as the portal asks it."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.kernel.canonical import instant
from shared.ledger import bundle
from shared.ledger.directory import folder
from shared.ledger.errors import LedgerFault
from shared.ledger.merkle import leaf_hash
from shared.ledger.policy import Policy, parse_policy
from shared.ledger.proof import parse_receipt
from shared.ledger.verify import VERIFIED, verify_bundle
from shared.runtime.lines import lines
from tests.audit.bureau import TILL, Bureau
from tests.audit.house import ORIGIN, a_witness
from tests.audit.journal import Journal
from tests.store.till import AT, asked, closing

ONE = "witness.example/w1"


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bureau]:
    monkeypatch.setitem(lines(), "till", TILL)
    bureau = Bureau(tmp_path)
    yield bureau
    bureau.close()


def policy(bureau: Bureau) -> Policy:
    return parse_policy(bureau.told("policy")["policy"].encode())


def test_the_receipt_of_a_record_verifies_offline(bureau: Bureau) -> None:
    bureau.do(asked("a"), asked("b"), asked("c", stream="t2"))
    bureau.relay()

    receipt = parse_receipt(bureau.told("proof", service="till", position=2)["proof"].encode())

    assert receipt.extra is not None
    witnessed = receipt.verify(leaf_hash(receipt.extra), policy(bureau))
    assert (witnessed.checkpoint.origin, witnessed.checkpoint.size) == (ORIGIN, 3)


def test_a_record_that_is_not_covered_yet_has_no_receipt_yet(bureau: Bureau) -> None:
    bureau.do(asked("a"))
    before = bureau.refusal("proof", service="till", position=1)
    bureau.relay()
    bureau.do(asked("b"))

    assert before == "not_yet"
    assert "proof" in bureau.told("proof", service="till", position=1)
    assert bureau.refusal("proof", service="till", position=2) == "not_yet"


def test_with_witnesses_a_receipt_waits_for_them_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(lines(), "till", TILL)
    with a_witness(tmp_path / "w", ONE) as away:
        pass
    bureau = Bureau(tmp_path, [away])
    bureau.do(asked("a"))
    bureau.relay()

    soon = bureau.refusal("proof", service="till", position=1)
    bureau.clock.at += timedelta(minutes=1)
    late = bureau.told("proof", service="till", position=1)
    open_ = bureau.told("unwitnessed", "operator")

    assert soon == "not_yet"
    assert late["witnesses"] == []
    assert open_ == {
        "size": 1, "witnessed": 0, "since": instant(AT), "overdue": False, "positions": {"till": [1, 1]},
    }  # fmt: skip
    bureau.clock.at += timedelta(minutes=1)
    assert bureau.told("unwitnessed", "operator")["overdue"]
    bureau.close()


def test_a_witnessed_receipt_meets_a_policy_that_asks_for_the_witness(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(lines(), "till", TILL)
    signer = Bureau(tmp_path / "keys-only").house.signer
    with a_witness(tmp_path / "w", ONE, [signer]) as one:
        bureau = Bureau(tmp_path, [one])
        bureau.do(asked("a"), asked("b"))
        bureau.relay()

        receipt = parse_receipt(bureau.told("proof", service="till", position=1)["proof"].encode())

        assert receipt.extra is not None
        assert list(receipt.verify(leaf_hash(receipt.extra), policy(bureau)).witnesses) == [ONE]
        assert bureau.told("unwitnessed", "supervisor")["positions"] == {}
        assert bureau.told("checkpoint")["witnesses"] == [ONE]
        bureau.close()


@pytest.mark.parametrize(("quorum", "enough"), [(None, False), (1, True), (2, False)])
def test_of_two_witnesses_one_is_enough_only_where_the_installation_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quorum: int | None, enough: bool
) -> None:
    monkeypatch.setitem(lines(), "till", TILL)
    signer = Bureau(tmp_path / "keys-only").house.signer
    with a_witness(tmp_path / "w", ONE, [signer]) as one:
        with a_witness(tmp_path / "w", "witness.example/w2", [signer]) as away:
            pass
        bureau = Bureau(tmp_path, [one, away], quorum)
        bureau.do(asked("a"))
        bureau.relay()

        soon = bureau.ask("proof", service="till", position=1)
        bureau.clock.at += timedelta(minutes=1)
        late = parse_receipt(bureau.told("proof", service="till", position=1)["proof"].encode())

        assert ("answer" in soon) == enough
        assert (bureau.told("unwitnessed", "operator")["positions"] == {}) == enough
        assert policy(bureau).groups["witnesses"].threshold == (1 if enough else 2)
        if enough:
            late.verify(leaf_hash(late.extra or b""), policy(bureau))
        else:
            with pytest.raises(LedgerFault):
                late.verify(leaf_hash(late.extra or b""), policy(bureau))
        bureau.close()


def test_both_of_two_witnesses_are_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lines(), "till", TILL)
    signer = Bureau(tmp_path / "keys-only").house.signer
    two = "witness.example/w2"
    with a_witness(tmp_path / "w", ONE, [signer]) as one, a_witness(tmp_path / "w", two, [signer]) as other:
        bureau = Bureau(tmp_path, [one, other])
        bureau.do(asked("a"))
        bureau.relay()

        receipt = parse_receipt(bureau.told("proof", service="till", position=1)["proof"].encode())

        assert sorted(receipt.verify(leaf_hash(receipt.extra or b""), policy(bureau)).witnesses) == [ONE, two]
        assert bureau.told("unwitnessed", "operator")["positions"] == {}
        bureau.close()


def test_evidence_makes_a_bundle_that_verifies_with_the_whole_log(bureau: Bureau) -> None:
    bureau.do(*(asked(f"c{number}", stream=f"t{number % 3}") for number in range(40)), closing("end", stream="t1"))
    bureau.relay()

    told = bureau.told("evidence", "system", service="till", stream="t1")
    packed = bundle.make(
        bundle.Evidence(
            service=told["service"],
            stream=told["stream"],
            checkpoint=told["checkpoint"].encode(),
            stream_key=bureau.stream_key("t1"),
            rulebook=b"{}",
            records=[b64decode(item["record"]) for item in told["records"]],
            proofs=[(item["index"], tuple(map(b64decode, item["hashes"]))) for item in told["records"]],
            commands={item["version"]: b64decode(item["request"]) for item in bureau.requests("t1")},
        )
    )

    report = verify_bundle(packed, policy(bureau), folder(bureau.house.data / "ledger"))
    assert report.overall == VERIFIED, report
    assert all(step.ok for step in report.steps)


def test_evidence_is_for_the_entitled(bureau: Bureau) -> None:
    bureau.do(asked("a"))
    bureau.relay()
    key = bureau.stream_key("t1").hex()

    assert [bureau.refusal("evidence", role, stream="t1") for role in ("public", "agency", "supervisor")] == [
        "not_found"
    ] * 3
    assert bureau.refusal("evidence", "agency", stream="t1", key="00" * 32) == "not_found"
    assert bureau.refusal("evidence", "system", stream="t9") == "not_found"
    assert len(bureau.told("evidence", "agency", stream="t1", key=key)["records"]) == 1
    bureau.do(closing("b"))
    bureau.relay()
    assert len(bureau.told("evidence", "public", stream="t1")["records"]) == 2


def test_replay_is_the_fold_of_the_records_alone(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 50), asked("c", 40), closing("d"), asked("e"))
    bureau.relay()
    with bureau.till.read() as connection:
        state = bureau.handler._states.load(connection, ["t1"])["t1"]

    told = bureau.told("replay", "supervisor", service="till", stream="t1", key=bureau.stream_key("t1").hex())

    assert told["state"] == state.state.model_dump(mode="json") == {"held": 100, "open": False}
    assert (told["version"], told["phase"]) == (5, "till")
    assert [event["type"].split(".")[1] for event in told["events"]] == [
        "coin_put", "request_refused", "coin_put", "till_closed", "request_refused",
    ]  # fmt: skip


def test_replay_stops_at_an_instant_and_shows_what_a_role_could_see_then(bureau: Bureau) -> None:
    for number, arrival in enumerate([asked("a", 60), asked("b", 30), closing("c")]):
        bureau.clock.at = AT + timedelta(minutes=number)
        bureau.do(arrival)
    bureau.relay()
    noon, key = instant(AT + timedelta(seconds=90)), bureau.stream_key("t1").hex()

    at_noon = bureau.told("replay", "supervisor", stream="t1", at=noon, role="bidder", key=key)
    first = bureau.told("replay", "supervisor", stream="t1", version=1, key=key)
    whole = bureau.told("replay", "public", stream="t1")

    assert at_noon["state"] == {"held": 90, "open": True}
    assert [event["visible"] for event in at_noon["events"]] == [False, False]
    assert (first["version"], first["state"]) == (1, {"held": 60, "open": True})
    assert [event["visible"] for event in whole["events"]] == [True] * 3
    assert (whole["version"], whole["state"]) == (None, None)
    assert {event["position"] for event in whole["events"]} == {None}


def test_while_it_is_a_secret_nobody_replays_it_but_who_holds_the_key(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 1000))
    bureau.relay()
    key = bureau.stream_key("t1").hex()

    public = bureau.told("replay", "public", stream="t1")
    watched = bureau.told("replay", "supervisor", stream="t1")
    keyed = bureau.told("replay", "agency", stream="t1", key=key)
    own = bureau.told("replay", "agency", "ann", stream="t1")

    for told in (public, watched):
        assert [event["type"] for event in told["events"]] == ["till.request_refused.v1"]
        assert (told["version"], told["state"], told["events"][0]["version"]) == (None, None, None)
    assert (keyed["version"], keyed["state"]) == (2, {"held": 60, "open": True})
    assert len(own["events"]) == 2


def test_where_nothing_is_hidden_numbers_are_told_to_who_holds_the_key_all_the_same(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), closing("b"))
    bureau.relay()

    told = bureau.told("replay", "supervisor", stream="t1")

    assert len(told["events"]) == 2
    assert (told["version"], told["state"], told["events"][0]["position"]) == (None, None, None)


def test_nobody_without_the_key_counts_versions_by_asking_from_which_on_its_own_event_is_there(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 1000, role="supervisor"))
    bureau.relay()

    for version in (1, 2, 3):
        assert bureau.refusal("replay", "supervisor", stream="t1", version=version) == "not_entitled"
        assert bureau.refusal("replay", "supervisor", stream="t9", version=version) == "not_entitled"
        guessed = {"version": version, "key": "00" * 32}
        assert bureau.refusal("replay", "supervisor", stream="t1", **guessed) == "not_found"
        assert bureau.refusal("replay", "supervisor", stream="t9", **guessed) == "not_found"


def test_only_supervision_looks_through_other_eyes_or_counts_versions(bureau: Bureau) -> None:
    bureau.do(asked("a"), closing("b"))
    bureau.relay()

    assert bureau.refusal("replay", "agency", stream="t1", role="supervisor") == "not_entitled"
    assert bureau.refusal("replay", "public", stream="t1", version=1) == "not_entitled"
    assert bureau.told("replay", "supervisor", stream="t1", **{"as": "public"})["role"] == "public"
    assert bureau.refusal("replay", "supervisor", stream="t1", at="yesterday") == "bad_input"
    assert bureau.refusal("replay", "supervisor", stream="nowhere") == "not_found"


def test_without_the_services_own_tables_replay_is_the_same(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), closing("b"))
    bureau.relay()
    before = bureau.told("replay", "supervisor", stream="t1")

    with bureau.till.write() as connection:
        connection.execute(text("DROP TABLE till"))
    with bureau.tools.database.write() as connection:
        for name in ("finding", "waiting", "checkpoint", "cosignature", "tile", "ledger_head"):
            kept = connection.execute(text(f"SELECT positions FROM {name}")).all() if name == "ledger_head" else None
            assert kept is None or len(kept) == 1
            if name != "ledger_head":
                connection.execute(text(f"DROP TABLE {name}"))

    assert bureau.told("replay", "supervisor", stream="t1") == before


def test_decisions_made_again_agree(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 50), asked("c", 40), closing("d"), asked("e", role="public"))
    bureau.relay()

    told = bureau.told("redecide", "supervisor", stream="t1", requests=bureau.requests("t1"))

    assert told == {"service": "till", "stream": "t1", "ok": True, "decisions": 5, "difference": None}


def test_a_plausible_record_that_was_never_decided_is_found(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 30))
    forge(bureau, b'"fen":30', b'"fen":35')
    bureau.relay()

    folded = bureau.told("replay", "system", stream="t1")
    told = bureau.told("redecide", "supervisor", stream="t1", requests=bureau.requests("t1"))

    assert folded["state"]["held"] == 95
    assert not told["ok"]
    assert "decision 1 (b)" in told["difference"]


def test_a_request_that_is_missing_or_not_the_recorded_one_is_found(bureau: Bureau) -> None:
    bureau.do(asked("a", 60), asked("b", 30))
    bureau.relay()
    first, second = bureau.requests("t1")

    missing = bureau.told("redecide", "supervisor", stream="t1", requests=[first])
    swapped = bureau.told("redecide", "supervisor", stream="t1", requests=[first, {**first, "version": 2}])
    later = bureau.told("redecide", "supervisor", stream="t1", requests=[first, second, {**second, "version": 3}])

    assert missing["difference"].startswith("version 2: the request of this decision is missing")
    assert swapped["difference"].startswith("version 2: the stored request is not the one")
    assert later["ok"]
    assert bureau.refusal("redecide", "agency", stream="t1", requests=[]) == "not_entitled"
    assert bureau.refusal("redecide", "supervisor", stream="t1") == "bad_input"


def test_findings_are_for_supervision_and_say_what_was_settled(bureau: Bureau) -> None:
    told = Journal("bank").several(4)
    bureau.house.take([told[0], told[3]])

    open_ = bureau.told("findings", "supervisor")["findings"]
    bureau.house.take(told)
    settled = bureau.told("findings", "supervisor")["findings"]

    assert [(item["code"], item["first"], item["last"], item["settled"]) for item in open_] == [("gap", 2, 3, False)]
    assert settled[0]["settled"]
    assert bureau.told("findings", "supervisor", after=1)["findings"] == []
    assert bureau.refusal("findings", "operator") == "not_entitled"


def test_streams_and_their_versions_are_the_platforms_own(bureau: Bureau) -> None:
    bureau.do(asked("a"), asked("b", stream="t2"), asked("c", stream="t2"))
    bureau.relay()

    assert bureau.told("streams", "supervisor") == {"services": {"till": 3}}
    assert bureau.refusal("streams", "supervisor", service="till") == "not_entitled"
    assert bureau.told("streams", "system", service="till", after="t1") == {
        "streams": [{"stream": "t2", "version": 2}],
        "after": None,
    }
    assert bureau.refusal("streams", "agency") == "not_entitled"


def test_before_the_first_checkpoint_there_is_none(bureau: Bureau) -> None:
    assert bureau.refusal("checkpoint") == "not_yet"
    assert bureau.told("unwitnessed", "supervisor")["since"] is None
    assert policy(bureau).quorum == "none"


def forge(bureau: Bureau, what: bytes, instead: bytes) -> None:
    """Rewrite a record in the service's own journal, digest and leaf included, before it is relayed."""
    from hashlib import sha256

    with bureau.till.write() as connection:
        connection.execute(text("DROP TRIGGER journal_no_UPDATE"))
        for position, record, leaf in connection.execute(text("SELECT position, record, leaf FROM journal")).all():
            if what in record:
                forged = record.replace(what, instead)
                digests = [sha256(data).hexdigest().encode() for data in (record, forged)]
                connection.execute(
                    text("UPDATE journal SET record = :record, leaf = :leaf WHERE position = :position"),
                    {"record": forged, "leaf": leaf.replace(*digests), "position": position},
                )
