"""The work of a committee's member that needs more than fields: `committee bids|sheet|score|report|sign`."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.command import Here, Procedure, command
from cli.opened import Bids
from cli.output import Misused, Refused, table
from cli.verbs import group
from shared.kernel.canonical import digest, encode
from shared.kernel.money import format_yuan
from shared.seal.report import sign_report

app = group("评标委员会、资格审查 / evaluation and screening")

BID = "bid"
"""The head of the column that names the bids of a sheet; the others are the factors."""

Dissent = Annotated[str, typer.Option(metavar="WORDS", help="不同意见及其理由 / written dissent, with the reasons")]


@command(app, "bids")
def bids(
    here: Here,
    procedure: Procedure,
    *,
    bid: Annotated[list[str] | None, typer.Option(help="投标编号，缺省为全部 / by default all; repeatable")] = None,
    to: Annotated[Path, typer.Option("--to", file_okay=False, help="存放的目录 / where they go")] = Path(),
) -> None:
    """下载并在本机开启投标文件，查阅留痕 / fetch the bids, which is put on record, and open them on this machine."""
    found = Bids(here, procedure)
    files = {one: found.save(one, to / one) for one in bid or found.opened()}
    here.say({"procedure": procedure, "files": files}, "已下载 / downloaded")


@command(app, "report")
def report(here: Here, procedure: Procedure) -> None:
    """显示待签字的评标报告：全部内容及其摘要，签字前在本机核对 / show the report, checked against its digest."""
    contents, found = _report(here, procedure)
    if here.as_json:
        here.say({"procedure": procedure, "report": found, "contents": contents})
        return
    here.say({"procedure": procedure, "report": found}, "评标报告，内容与摘要相符 / the report, which its digest holds")
    rows = [
        [row["rank"], row["bid"], format_yuan(row["price_fen"]), _result(row)] for row in contents["comparison"]["rows"]
    ]
    table("排序 / ranking", ["名次", "投标编号", "报价（元）", "评审结果"], rows)
    rejected = [[one["bid"], one["cause"], one["explanation"]] for one in contents["rejected"]["rejections"]]
    table("否决 / rejected", ["投标编号", "事由", "理由"], rejected)


@command(app, "sign")
def sign(here: Here, procedure: Procedure, *, dissent: Dissent = "") -> None:
    """签署评标报告：核对内容与摘要，以本人密钥签字 / sign the report with one's own key, its digest made anew."""
    _, found = _report(here, procedure)
    signature = sign_report(found, dissent or None, here.wallet.account_secret(here.who))
    body = {"type": "bidding.sign_report", "dissent": dissent or None, "signature": signature}
    outcome = here.give(procedure, body)
    here.say({"procedure": procedure, "report": found, "events": outcome["events"]}, "已签字 / signed")


@command(app, "sheet")
def sheet(
    here: Here,
    procedure: Procedure,
    *,
    out: Annotated[Path, typer.Option("-o", "--out", help="写入的 CSV 文件 / the file to write")],
) -> None:
    """生成空白打分表：每份投标一行，每个评审因素一列 / write an empty sheet: a row a bid, a column a factor."""
    if out.exists():
        raise Misused(f"{out} 已存在，请另选文件名", f"{out} is there already: choose another name")
    page = _page(here, procedure)
    factors = [one["factor"] for one in page["announcement"]["terms"]["method"].get("factors", ())]
    bids = [row["bid"] for row in page["opening_record"]["rows"] if row["outcome"] == "unsealed"]
    with out.open("w", encoding="utf-8-sig", newline="") as file:  # spreadsheets know UTF-8 by its mark
        csv.writer(file).writerows([[BID, *factors], *([bid, *("" for _ in factors)] for bid in bids)])
    here.say({"procedure": procedure, "file": str(out)}, "请逐项填写 0 至 100 / fill in 0 to 100")


@command(app, "score")
def score(
    here: Here,
    procedure: Procedure,
    file: Annotated[Path, typer.Argument(metavar="SHEET.csv", exists=True, dir_okay=False, help="打分表 / the sheet")],
) -> None:
    """成员独立打分：打分表中每份投标的每个因素；整行空白的略去 / give one's own scores; an empty row is left out."""
    scores = list(scores_of(file))
    outcome = here.give(procedure, {"type": "bidding.score_bids", "scores": scores})
    here.say({"procedure": procedure, "scores": len(scores), "events": outcome["events"]}, "已打分 / scored")


def _result(row: Mapping[str, Any]) -> str:
    """Return a bid's score, or the price that its evaluation came to."""
    if row["score"] is not None:
        return str(row["score"])
    return "" if row["evaluated_fen"] is None else format_yuan(row["evaluated_fen"])


def scores_of(file: Path) -> Iterator[dict[str, str]]:
    """Yield the scores of a sheet. Raise Misused that names the place of what is missing."""
    try:
        rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines(), restval="", restkey=""))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Misused(f"{file} 不是 UTF-8 编码的 CSV 文件", f"{file} is not a CSV file in UTF-8") from error
    if not rows or BID not in rows[0] or "" in rows[0]:
        raise Misused(f"{file} 的首行应为 {BID} 与各评审因素", f"{file}: the first row is {BID} and the factors")
    for number, row in enumerate(rows, start=2):
        bid, marks = row.pop(BID), {factor: mark.strip() for factor, mark in row.items()}
        if any(marks.values()):
            yield from _scores(bid, marks, f"{file} 第 {number} 行", f"{file}, line {number}")


def _scores(bid: str, marks: Mapping[str, str], zh: str, en: str) -> Iterator[dict[str, str]]:
    for factor, mark in marks.items():
        if not mark:
            raise Misused(f"{zh}：{factor} 未打分", f"{en}: {factor} has no score")
        yield {"bid": bid, "factor": factor, "score": mark}


def _report(here: Here, procedure: str) -> tuple[dict[str, Any], str]:
    """Return the contents of the report and their digest, made here. Raise Refused if it is not the one on record."""
    page = _page(here, procedure)
    contents = page.get("report_contents")
    if not contents:
        raise Refused("没有可供您签署的评标报告", "there is no report, or none that you may sign")
    found = digest(encode(contents))
    if found != page["report"]["contents_sha256"]:
        raise Refused("报告内容与其摘要不符，请勿签字", "the contents are not what its digest says: do not sign")
    return contents, found


def _page(here: Here, procedure: str) -> dict[str, Any]:
    return dict(here.client.get(f"/api/procedures/{procedure}", here.asker()))
