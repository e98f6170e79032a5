"""How commands answer: for people a few lines, with `--json` one JSON document; exit 0 good, 1 refused, 2 misuse."""

import json
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.codes import said
from cli.times import told
from cli.words import events_zh
from shared.ledger.steps import Report
from shared.ledger.verify import SIGNER_UNKNOWN, VERIFIED
from shared.procedure.drawn import RECOMPUTED

out = Console()
err = Console(stderr=True)

LABELS = {
    "account": "账户",
    "admitted": "已获资格",
    "announced": "名单已公布",
    "announced_at": "公告时间",
    "applicants": "竞买申请人",
    "applications_due": "报名截止",
    "article": "依据",
    "attempt": "抽取轮次",
    "attempt_of": "上一次未成交的标的",
    "bid": "投标编号",
    "bids_due": "投标截止",
    "buyer": "招标人",
    "chosen": "抽中专家",
    "code": "代码",
    "commitments": "承诺",
    "confirmation": "成交确认书",
    "contents": "内容",
    "contract_at": "签订合同时间",
    "contract_due": "合同订立期限",
    "contract_where": "签订合同地点",
    "data": "数据目录",
    "deposit": "保证金",
    "deposits_due": "保证金到账截止",
    "digest": "摘要",
    "draft": "草稿",
    "drafts": "草稿数",
    "draw": "抽取编号",
    "ends_at": "本阶段截止",
    "events": "记录",
    "expert": "专家",
    "extensions": "延时次数",
    "file": "文件",
    "files": "文件",
    "findings": "发现",
    "fingerprint": "证书指纹",
    "followed": "经过",
    "identifiers": "标识",
    "in_ledger": "已入账本",
    "keys_due": "解密截止",
    "kind": "类别",
    "lawful": "合法",
    "leader": "领先竞买号",
    "logs": "账本公钥",
    "missing": "尚缺",
    "most": "最高出价",
    "name": "名称",
    "named": "所报价格",
    "next": "下一口价",
    "now": "平台时间",
    "number": "竞买号",
    "ok": "正常",
    "open": "有效",
    "overall": "结论",
    "parties": "主体数",
    "parts": "部件",
    "party": "主体",
    "person": "人员",
    "phase": "阶段",
    "placed": "本次报价",
    "pool_digest": "抽取名单摘要",
    "position": "流水序号",
    "price": "报价",
    "procedure": "项目编号",
    "public_key": "公钥",
    "quorum": "法定见证数",
    "receipt": "回执",
    "receipt_key": "回执公钥",
    "receipts": "回执数",
    "received_at": "送达时间",
    "record_digest": "记录摘要",
    "refund": "应退保证金",
    "region": "行政区划",
    "report": "评标报告",
    "resumes_at": "恢复时间",
    "reveal_by": "公开截止",
    "revision": "修订",
    "revisions": "修订数",
    "revoked": "已吊销",
    "rights": "权限",
    "role": "角色",
    "root": "检查点根",
    "rubbish": "无效分片",
    "scores": "打分",
    "sealed_digest": "密封摘要",
    "sealed_not_sent": "待递交",
    "seat": "席位",
    "seconds_left": "剩余秒数",
    "seller": "出让方、转让方",
    "sent": "已发送",
    "serial": "序列号",
    "service": "服务",
    "services": "服务",
    "setting": "平台设置",
    "sha256": "摘要",
    "shares": "分片数",
    "signature_holds": "签名有效",
    "simulated": "模拟时钟",
    "size": "字节数",
    "sold_at": "成交时间",
    "sold_where": "成交地点",
    "stage": "进展",
    "standing": "有效投标",
    "starts": "开始报价",
    "status": "状态码",
    "step": "增价幅度",
    "steps": "步骤",
    "stream": "流",
    "suspended": "已暂停",
    "suspension": "暂停",
    "tender": "项目编号",
    "tenders": "项目数",
    "title": "项目名称",
    "token": "投标代号",
    "token_key": "一次性公钥",
    "units": "份数",
    "valid_until": "有效至",
    "verified": "核验通过",
    "vkey": "见证公钥",
    "winner": "竞得人",
    "witnesses": "见证",
    "year": "年份",
}
"""What people are shown beside the JSON name of a field."""


OVERALL = {
    VERIFIED: "核验通过 / verified",
    SIGNER_UNKNOWN: "内容自洽，但签名人未知（见上面标 – 的步骤）/ consistent in itself, signer unknown",
    RECOMPUTED: "重新计算一致，但承诺在先未予证明（见上面标 – 的步骤）/ the same result; not shown: what is marked –",
}


_FRAMES = 4
"""How many places of a fault are told, the innermost first."""


class Refused(Exception):
    """The platform refused, or something did not verify: exit status 1."""

    def __init__(self, zh: str, en: str, **details: Any) -> None:
        super().__init__(zh, en)
        self.zh, self.en, self.details = zh, en, details


class Unanswered(Refused):
    """The platform gave no answer, so what was asked may or may not have been done; asking again is safe."""


class Misused(Exception):
    """The command was given something that it cannot work with: exit status 2."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en


def answer(data: Mapping[str, Any], *, as_json: bool, title: str = "") -> None:
    """Print an answer: JSON as it is, or its fields one a line."""
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        return
    if title:
        out.print(title, style="bold", markup=False, highlight=False, soft_wrap=True)
    for name, value in data.items():
        label = f"{LABELS[name]} {name}" if name in LABELS else name
        out.print(f"  {label:<20} {_shown(name, value)}", markup=False, highlight=False, soft_wrap=True)


def _shown(name: str, value: Any) -> str:
    if name == "events":
        return events_zh(value)
    if value is None or isinstance(value, bool):
        return {None: "—", True: "是 yes", False: "否 no"}[value]
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str) if value else "—"
    text = str(value)
    if name == "overall":
        return OVERALL.get(text, text)
    zh, _ = said(name, text)
    return told(text) if zh == text else f"{zh} {text}"


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table for people."""
    made = Table(title=title, title_justify="left", header_style="bold", show_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*("" if cell is None else str(cell) for cell in row))
    out.print(made, markup=False)


def blocks(title: str, told: Sequence[tuple[str, str]]) -> None:
    """Print for people what has a short name and several lines to it, wrapped between words in any width."""
    made = Table.grid(padding=(0, 2))
    made.add_column(no_wrap=True, style="bold")
    made.add_column(overflow="fold")
    for name, lines in told:
        made.add_row(Text(name), Text(lines))
    out.print(title, style="bold", markup=False, highlight=False)
    out.print(made)


def steps(report: Report, overall: str, *, good: bool, as_json: bool) -> None:
    """Print a verification as its numbered steps, and end with exit status 1 unless all of it is good."""
    marks = {True: "✓", False: "✗", None: "–"}
    rows = [
        {"number": step.number, "title": str(step.title), "ok": step.ok, "detail": str(step.detail)}
        for step in report.steps
    ]
    if as_json:
        answer({"overall": overall, "verified": good and overall != RECOMPUTED, "steps": rows}, as_json=True)
    else:
        for step in report.steps:
            line = f"{marks[step.ok]} {step.number}. {step.title}\n     {step.detail}"
            out.print(
                line, style=None if step.ok is not False else "red", markup=False, highlight=False, soft_wrap=True
            )
        style = "bold red" if not good else "bold yellow" if overall == RECOMPUTED else "bold green"
        out.print(OVERALL.get(overall, f"未通过 / {overall}"), style=style, markup=False, soft_wrap=True)
    if not good:
        raise typer.Exit(1)


def note(zh: str, en: str) -> None:
    """Say something beside the answer: on standard error, so that a JSON answer stays one document."""
    err.print(f"{zh}\n{en}", style="yellow", markup=False, highlight=False, soft_wrap=True)


def fault(error: Exception) -> Refused:
    """Return what is told of an error that nobody foresaw: where it arose, and no value, for some are secret."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " ← ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    what = f"{type(error).__name__}: {places}"
    return Refused(
        f"程序内部错误，请将此行报告维护者：{what}",
        f"a fault of this program: report this line to who maintains it: {what}",
        code="fault",
    )


def fail(error: Refused | Misused, *, as_json: bool) -> NoReturn:
    """Tell what went wrong in both languages, and end with its exit status."""
    details = error.details if isinstance(error, Refused) else {}
    if as_json:
        document = {"error": {"zh": error.zh, "en": error.en, **details}}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
    else:
        err.print(f"{error.zh}\n{error.en}", style="red", markup=False, highlight=False, soft_wrap=True)
        for name, value in details.items():
            if not isinstance(value, dict | list):  # those are for programs, or have been shown already
                err.print(f"  {LABELS.get(name, name)}: {value}", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1 if isinstance(error, Refused) else 2)
