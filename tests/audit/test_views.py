"""What the audit answers, asked through the door as the portal asks it."""

from base64 import b64decode
from datetime import timedelta
from pathlib import Path

import pytest

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
