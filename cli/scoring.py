"""The evaluation that a committee reports: `tender score`, from a JSON file or from options."""

from typing import Annotated, Any

import typer

from cli.command import Here, Procedure, command
from cli.files import read_object
from cli.law import line
from cli.output import Misused
from cli.tender import Given, app
from cli.terms import fen, readable

__all__ = ["app"]

Scores = Annotated[
    list[str] | None, typer.Option("--score", metavar="BID:FACTOR:0-100", help="评分，可重复 / a score, repeatable")
]
Adjustments = Annotated[
    list[str] | None, typer.Option(metavar="BID:ITEM:[-]YUAN", help="偏差折价（元）/ a deviation as money")
]
Rejections = Annotated[list[str] | None, typer.Option(metavar="BID:CAUSE:WHY", help="否决及理由 / a rejected bid, why")]


@command(app, "score")
def score(
    here: Here,
    procedure: Procedure,
    *,
    file: Given = None,
    given: Scores = None,
    adjust: Adjustments = None,
    reject: Rejections = None,
    no_competition: Annotated[str, typer.Option(help="缺乏竞争而否决全部的理由 / why all are rejected")] = "",
) -> None:
    """提交评标报告 / report the committee's evaluation."""
    body = read_object(file) if file else {}
    body["scores"] = [*body.get("scores", ()), *map(score_of, given or ())]
    body["adjustments"] = [*body.get("adjustments", ()), *map(adjustment_of, adjust or ())]
    body["rejections"] = [*body.get("rejections", ()), *map(rejection_of, reject or ())]
    if no_competition:
        body["no_competition"] = no_competition
    made = readable(line("bidding"), {**body, "type": "bidding.report_evaluation"})
    outcome = here.give(procedure, made)
    here.say({"procedure": procedure, "events": outcome["events"]}, "评标报告已提交 / reported")


def score_of(text: str) -> dict[str, Any]:
    """Return the score that `BID:FACTOR:SCORE` names. Raise Misused."""
    bid, factor, value = _parts(text, "BID:FACTOR:SCORE")
    return {"bid": bid, "factor": factor, "score": value}


def adjustment_of(text: str) -> dict[str, Any]:
    """Return the adjustment that `BID:ITEM:YUAN` names, in fen; a minus takes it from the price. Raise Misused."""
    bid, item, yuan = _parts(text, "BID:ITEM:YUAN")
    amount = -fen(yuan[1:]) if yuan.startswith("-") else fen(yuan)
    return {"bid": bid, "item": item, "amount_fen": amount}


def rejection_of(text: str) -> dict[str, Any]:
    """Return the rejection that `BID:CAUSE:WHY` names. Raise Misused that lists the causes of the law."""
    bid, cause, why = _parts(text, "BID:CAUSE:WHY")
    if cause not in CAUSES:
        listed = "、".join(f"{name}（{zh}）" for name, zh in CAUSES.items())
        raise Misused(f"否决事由应为：{listed}", f"the causes are: {', '.join(CAUSES)} [实施条例 第五十一条]")
    return {"bid": bid, "cause": cause, "explanation": why}


CAUSES = {
    "unsigned": "未经盖章和签字",
    "no_consortium_agreement": "联合体没有提交共同投标协议",
    "unqualified": "不符合资格条件",
    "two_bids": "提交两个以上不同的投标文件或者报价",
    "price": "报价低于成本或者高于最高投标限价",
    "unresponsive": "没有对实质性要求和条件作出响应",
    "collusion": "串通投标、弄虚作假、行贿等违法行为",
}
"""The seven cases of 招标投标法实施条例 第五十一条, in its order."""


def _parts(text: str, form: str) -> list[str]:
    parts = [part.strip() for part in text.split(":", 2)]
    if len(parts) != form.count(":") + 1 or not all(parts):
        raise Misused(f"应写作 {form}：{text}", f"write it as {form}, not {text}")
    return parts
