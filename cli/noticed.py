"""What the public was told of a tender on its way: clarifications, moved deadlines, holds, answers to objections."""

from collections.abc import Iterator, Mapping
from typing import Any

from cli.output import blocks, note
from cli.times import local
from shared.kernel.canonical import parse_instant


def show(page: Mapping[str, Any]) -> None:
    """Print whether the tender stands still, and why; then every notice with its time, oldest first."""
    resumed = {one["hold"] for one in page.get("resumptions", ())}
    for held in page.get("suspensions", ()):
        if held["hold"] not in resumed:
            note(f"本项目已暂停（{held['hold']}）：{held['notice']}", f"the tender stands still: {held['article']}")
    if rows := sorted(_rows(page)):
        blocks("公告事项 / notices", [(local(parse_instant(at)), f"{what}：{said}") for at, what, said in rows])


def _rows(page: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield every notice: when, what it is, its words."""
    for one in page.get("clarifications", ()):
        files = "、".join(changed["name"] for changed in one["changed"])
        yield one["issued_at"], f"第{one['number']}号澄清、修改", one["text"] + (f"（随附 {files}）" if files else "")
    for one in page.get("deadline_moves", ()):
        yield one["moved_at"], f"投标截止改为 {local(parse_instant(one['bids_due']))}", one["notice"]
    for one in page.get("suspensions", ()):
        yield one["suspended_at"], "暂停", one["notice"]
    for one in page.get("resumptions", ()):
        yield one["resumed_at"], "恢复" if one["goes_on"] else "解除一项暂停", one["notice"]
    for one in page.get("answers", ()):
        yield one["answered_at"], f"答复第{one['number']}号异议", one["text"]
