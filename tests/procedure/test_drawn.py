"""A draw is made again from its file: the page's vector holds, and whatever is changed fails at its own step."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from shared.ledger import checkpoint
from shared.ledger.policy import parse_policy
from shared.procedure.draw import chosen, commit, pool_digest, pool_record, ranking, score, seed_of
from shared.procedure.drawn import verify_draw
from shared.procedure.recusal import BARS, eligible, exclusions
from tests.ledger.factories import LOG, STRANGER, Log, policy
from tests.procedure.drawn_example import anchored, draw_file, example, hexed, resulting, values

Body = dict[str, Any]
Change = Callable[[Body], object]
SEATED = values()["seated"].split()
ALONE = parse_policy(f"log {LOG.verifier.vkey}\nquorum none\n".encode())


def test_the_pages_vector_is_what_the_code_makes() -> None:
    file, page = draw_file(example()), values()
    left = eligible(file.library, exclusions(file.library, file.ties, file.parties, file.on, BARS[file.line]))
    seed = seed_of(file.draw, bytes.fromhex(file.root or ""), file.commitments, file.reveals)
    ranked = ranking(seed, [expert.id for expert in left])

    assert page == {
        "pool": pool_record(file.draw, left, file.seats, file.reserve).decode(),
        "pool_digest": file.pool_digest,
        "seed": seed.hex(),
        **{f"score {name}": score(seed, name).hex() for name in ranked},
        "drawn": " ".join(chosen(ranked, file.seats, file.reserve)),
        "seated": " ".join(file.chosen),
    }
    assert [name for name in page if name.startswith("score")] == [f"score {name}" for name in ranked]


def test_a_file_with_a_root_alone_is_recomputed_and_no_more() -> None:
    report = verify_draw(draw_file(example()))

    assert (report.overall, report.failed) == ("recomputed", None)
    assert [step.ok for step in report.steps] == [True] * 8 + [None] * 2


def test_with_a_policy_and_evidence_every_step_is_done() -> None:
    report = verify_draw(draw_file(anchored()), policy())

    assert (report.overall, [step.ok for step in report.steps]) == ("verified", [True] * 10)


@pytest.mark.parametrize("left_out", ["policy", "evidence"])
def test_without_a_policy_or_evidence_the_draw_is_not_called_verified(left_out: str) -> None:
    body = anchored() | ({"evidence": []} if left_out == "evidence" else {})

    report = verify_draw(draw_file(body), None if left_out == "policy" else policy())

    assert (report.overall, report.failed) == ("recomputed", None)


def _copy_commitment(body: Body) -> None:
    body["commitments"][1]["digest"] = body["commitments"][0]["digest"]


def _swap_nonce(body: Body) -> None:
    body["reveals"][2]["nonce"] = "00" * 32


def _bind_again(body: Body) -> None:
    """Change a nonce and its commitment together: consistent, but the result is another."""
    made = commit("platform", b"x" * 32, body["draw"])
    body["refused"] = []
    body["reveals"][1]["nonce"] = (b"x" * 32).hex()
    body["commitments"][1]["digest"] = made.digest


CHANGES: dict[str, tuple[int, str, Change]] = {
    "an expert twice": (1, "e01 在专家库中重复", lambda body: body["library"].append(body["library"][0])),
    "a tie of a stranger": (1, "e99 不在专家库中", lambda body: body["ties"][0].update(expert="e99")),
    "a relative kept in": (2, "e07 因与负责人有亲属关系应当回避而未回避", lambda body: body["exclusions"].pop(1)),
    "an expert put out without facts": (
        2,
        "e01 以劳动关系回避，与事实或条文不符",
        lambda body: body["exclusions"].append({**body["exclusions"][0], "expert": "e01"}),
    ),
    "another article": (2, "与事实或条文不符", lambda body: body["exclusions"][0].update(article="民法典 第一条")),
    "an exclusion twice": (2, "重复", lambda body: body["exclusions"].append(body["exclusions"][0])),
    "an employer kept quiet": (2, "e03 以劳动关系回避", lambda body: body["library"][2].update(employers=[])),
    "the pool's digest": (3, "重新计算的摘要为", lambda body: body.update(pool_digest=hexed("other"))),
    "an expert slipped in": (3, "重新计算的摘要为", lambda body: body["library"].append(stranger("e13"))),
    "another reserve": (3, "重新计算的摘要为", lambda body: body.update(reserve=3)),
    "fewer eligible than seats": (3, "不足以抽取 11 人", lambda body: body.update(seats=11, reserve=0)),
    "text that is not NFC": (3, "文本不合规范", lambda body: body["library"][0].update(speciality="e\u0301")),
    "a party twice": (4, "agency 的承诺不止一份", lambda body: body["commitments"].append(body["commitments"][0])),
    "a copied commitment": (4, "agency、platform 的承诺相同", _copy_commitment),
    "two parties": (4, "至少应有 3 方", lambda body: body["commitments"].pop()),
    "no root": (5, "只给其一", lambda body: body.update(root=None)),
    "a note that is none": (5, "格式不符合规范", lambda body: body.update(root=None, checkpoint="x")),
    "a missing reveal": (6, "supervisor 尚未公开随机数", lambda body: body["reveals"].pop()),
    "a reveal twice": (6, "agency 的随机数不止一份", lambda body: body["reveals"].append(body["reveals"][0])),
    "another nonce": (6, "supervisor 公开的随机数与其承诺不符", _swap_nonce),
    "a wrong commitment": (6, "agency 公开的随机数", lambda body: body["commitments"][0].update(digest=hexed("other"))),
    "another root": (7, "应为", lambda body: body.update(root=hexed("other"), refused=[])),
    "nonce and commitment together": (7, "应为", _bind_again),
    "another result": (7, "应为", lambda body: body.update(chosen=["e12", *SEATED[1:]])),
    "another order": (7, "应为", lambda body: body.update(chosen=SEATED[::-1])),
    "a refusal kept quiet": (7, "应为", lambda body: body.update(refused=[])),
    "a refusal of nobody called": (7, "e12 未被抽到", lambda body: body.update(refused=["e08", "e12"])),
    "a reserve used up": (7, "用尽", lambda body: body.update(refused=["e01", "e04", "e08"])),
    "too few experts": (8, "招标投标法 第三十七条", lambda body: body.update(others=4)),
    "an even number": (8, "应为单数", lambda body: body.update(others=1)),
}


def stranger(name: str) -> Body:
    return {"id": name, "speciality": "市政工程", "employers": [], "region": "370500"}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_changed_fails_at_its_step_in_both_languages(name: str) -> None:
    number, told, change = CHANGES[name]
    body = example()
    change(body)

    failed = verify_draw(draw_file(body)).failed

    assert failed is not None
    assert (failed.number, told in failed.detail.zh) == (number, True), failed.detail
    assert re.search(r"[a-z]{3,} [a-z]", failed.detail.en)


def test_a_composition_without_the_other_members_is_left_out_and_said_so() -> None:
    step = verify_draw(draw_file(example() | {"others": None})).steps[7]

    assert (step.ok, step.detail.zh) == (None, "文件未载其他成员人数")


def test_in_procurement_who_left_a_bidder_within_three_years_is_excluded_too() -> None:
    body = example() | {"line": "procurement", "refused": []}
    file = draw_file(body)
    found = exclusions(file.library, file.ties, file.parties, file.on, BARS[file.line])
    left = eligible(file.library, found)
    body["exclusions"] = [one.model_dump(mode="json") for one in found]
    body["pool_digest"] = pool_digest(file.draw, left, file.seats, file.reserve)
    body["chosen"] = resulting(body, bytes.fromhex(body["root"]))

    report = verify_draw(draw_file(body))

    assert {one.expert for one in found} == {"e03", "e07", "e09"}
    assert (report.overall, report.steps[7].detail.zh) == ("recomputed", "此项只核工程建设项目")


ANCHORS: dict[str, tuple[int, str, Change]] = {
    "another log's signature": (
        9,
        "签名",
        lambda body: body.update(checkpoint=Log([b"x"]).note(STRANGER).decode(), chosen=None, evidence=[]),
    ),
    "no note": (9, "没有签名的检查点", lambda body: body.update(example(), evidence=[])),
    "a commitment's record missing": (10, "没有 supervisor 的记录", lambda body: body["evidence"].pop()),
    "the pool's record missing": (10, "没有 pool 的记录", lambda body: body["evidence"].pop(0)),
    "another tag": (10, "记录不在账本", lambda body: body["evidence"][0].update(tag=hexed("other"))),
    "a record changed": (
        10,
        "记录不在账本",
        lambda body: body["evidence"][1].update(record=body["evidence"][1]["record"].replace("agency-7", "agency-8")),
    ),
    "a record that is none": (10, "不是原始记录", lambda body: body["evidence"][1].update(record='{"v":1}')),
    "a receipt of another checkpoint": (
        10,
        "回执的检查点不是",
        lambda body: body["evidence"][0].update(receipt=_receipt_elsewhere()),
    ),
}


def _receipt_elsewhere() -> str:
    return f"c2sp.org/tlog-proof@v1\nindex 0\n\n{Log([b'x']).note().decode()}"


@pytest.mark.parametrize("name", ANCHORS)
def test_evidence_that_does_not_lead_to_the_checkpoint_fails(name: str) -> None:
    number, told, change = ANCHORS[name]
    body = anchored()
    change(body)
    if body["chosen"] is None:
        body["chosen"] = _result_under(body)

    failed = verify_draw(draw_file(body), policy()).failed

    assert failed is not None
    assert (failed.number, told in failed.detail.zh) == (number, True), failed.detail


def _result_under(body: Body) -> list[str]:
    return resulting(body, checkpoint.parse(body["checkpoint"].encode()).root)


def test_records_of_another_draw_bind_nobody_to_this_one() -> None:
    failed = verify_draw(draw_file(anchored(draw="T1-draw-2")), policy()).failed

    assert failed is not None
    assert (failed.number, "没有 pool 的记录" in failed.detail.zh) == (10, True)


def test_a_policy_without_witnesses_is_met_by_the_log_alone() -> None:
    assert verify_draw(draw_file(anchored()), ALONE).overall == "verified"
