"""Lots, for whoever looks: `auction list|show|watch`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from time import monotonic, sleep
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from cli.auction.bidding import standing, tell_followed, tell_halt
from cli.auction.lots import OVER, QUIET, Lot, desk_of, known_lot, lot_of
from cli.auction.selling import app
from cli.auction.telling import clock, followed
from cli.client import Lost
from cli.command import Here, Procedure, command
from cli.commanded import lines_commanded
from cli.desk import Desk
from cli.output import note, out, table
from cli.procedures import history_of
from cli.times import local
from cli.words import phase_zh
from shared.kernel.canonical import parse_instant
from shared.kernel.money import format_yuan

NOTED = ".identity_noted.v1"

BEAT = 1.0
"""Seconds before a feed that broke off is asked for again."""

COLUMNS = ["项目编号 procedure", "业务线 line", "阶段 phase", "标的名称 title", "开始报价（北京时间）starts"]


@command(app, "list")
def list_(
    here: Here,
    of_line: Annotated[str, typer.Option("--line", help="只列此业务线 / of this line only")] = "",
    after: Annotated[str, typer.Option(help="从此处继续，须指明业务线 / go on from here, with --line")] = "",
) -> None:
    """列出已公告的标的 / list announced lots, newest first."""
    names = [line.name for line in lines_commanded() if line.timed and of_line in {"", line.name}]
    found: list[dict[str, Any]] = []
    more = None
    for name in names:
        query = urlencode({"line": name, **({"after": after} if after else {})})
        page = here.client.get(f"/api/procedures?{query}")
        found += [{"line": name, **one} for one in page["procedures"]]
        more = page["after"] if of_line else None
    rows = [
        [one["stream"], one["line"], phase_zh(one["phase"]), one["title"], clock(one["starts_at"])] for one in found
    ]
    here.show({"procedures": found, "after": more}, "标的 / lots", COLUMNS, rows)


@command(app, "show")
def show(here: Here, procedure: Procedure) -> None:
    """显示标的（不用 --as 时为公众所见）/ show a lot; without --as what the public sees."""
    asker = here.asker() if here.account else None
    lot = lot_of(here, procedure, asker)
    events = list(history_of(here.client, procedure, asker)) if asker or lot.phase not in QUIET else []
    applicants, told = _applicants(events) if asker else [], followed(events)
    if here.as_json:
        here.say({**lot.page, **({"applicants": applicants} if applicants else {}), "followed": told})
        return
    here.say(_told(here, procedure, lot) | winner_of(lot, events))
    tell_halt(lot)
    tell_followed(told)
    if applicants:
        rows = [[one["number"], format_yuan(one["deposit_fen"]), one["stands"]] for one in applicants]
        table("竞买申请人 / applicants", ["竞买号 number", "保证金（元）deposit", "资格 admission"], rows)


def _told(here: Here, procedure: str, lot: Lot) -> dict[str, Any]:
    told = {"procedure": procedure, "phase": phase_zh(lot.phase), "title": lot.draft["title"]}
    if lot.draft.get("attempt_of"):
        told["attempt_of"] = lot.draft["attempt_of"]
    if lot.page.get("announcement"):
        times = lot.page["times"]
        due = {name: times[name] for name in ("applications_due", "deposits_due") if lot.phase == "registration"}
        told |= {**due, "starts": times["starts_at"]}
        told |= {"step": format_yuan(lot.now["step_fen"]), "deposit": format_yuan(lot.terms["deposit_fen"])}
        told |= standing(here, lot)
    return told


def winner_of(lot: Lot, events: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the winner's name under `winner`, once the registry has disclosed it; nothing before."""
    if lot.phase not in OVER:
        return {}
    noted = (one["data"] for one in events if str(one["type"]).endswith(NOTED))
    return next(({"winner": str(data["party"]["name"])} for data in noted if data["won"]), {})


_STANDS = {"bidder_admitted": "已确认 admitted", "bidder_refused": "不予资格 refused", "bidder_barred": "已限制 barred"}


def _applicants(events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return who applied by number, as far as the asker is told: what each has paid, and how it stands."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        name, data = str(event["type"]).split(".")[1], event["data"]
        if name == "applied":
            found[data["number"]] = {"number": data["number"], "deposit_fen": 0, "stands": "—"}
        elif name == "deposit_recorded" and data["counts"]:
            found[data["number"]]["deposit_fen"] += data["amount_fen"]
        elif name in _STANDS:
            found[data["number"]]["stands"] = _STANDS[name]
    return list(found.values())


@command(app, "watch")
def watch(
    here: Here,
    procedure: Procedure,
    *,
    until: Annotated[str, typer.Option(metavar="PHASE", help="直至此阶段，如 timed / until it is in this phase")] = "",
    seconds: Annotated[int | None, typer.Option(min=0, help="至多观看的秒数 / for so long at most")] = None,
) -> None:
    """实时观看：现价、下一口价、剩余时间，直至结束 / watch price, next bid and time left until it is over.

    --json 每次变化一行 / with --json a line for each change.
    """
    known_lot(here, procedure)
    last = None if seconds is None else monotonic() + seconds
    shown: dict[str, Any] = {}
    for name, frame in _frames(here, procedure):
        if name == "lot":
            _show_frame(frame, moved=_moving(frame) != _moving(shown), as_json=here.as_json)
            shown = frame
        elif name == "own":
            note(f"本人报价已记录：{format_yuan(frame['price_fen'])} 元", "your bid is on record")
        if shown.get("phase") in {*OVER, until} or (last is not None and monotonic() >= last):
            return


def _frames(here: Here, procedure: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the frames of a lot's live feed, again and again where it breaks off; to a bidder here its own too."""
    asker = desk_of(here, procedure).asker if here.account and Desk(here, procedure).is_known else None
    while True:
        try:
            yield from here.client.listen(f"/api/procedures/{procedure}/live", asker)
        except Lost as lost:
            note("实时连接中断，正在重连", f"the live feed broke off ({lost}): connecting again")
        sleep(BEAT)


def _moving(frame: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a frame changes by what is done, and not by the passing of time."""
    return {name: value for name, value in frame.items() if name not in {"at", "left_ms"}}


def _show_frame(frame: Mapping[str, Any], *, moved: bool, as_json: bool) -> None:
    """Print a frame: a line for what moved; where people look on, the time that is left runs on the last line."""
    if as_json:
        if moved:
            typer.echo(json.dumps(frame, ensure_ascii=False))
        return
    if not moved and not out.is_terminal:
        return
    price, next_ = (
        "—" if frame.get(name) is None else f"{format_yuan(frame[name])} 元" for name in ("price_fen", "next_fen")
    )
    left = "—" if frame.get("left_ms") is None else _left(timedelta(milliseconds=frame["left_ms"]))
    now, leader = local(parse_instant(frame["at"])), frame["number"] or "—"
    text = (
        f"{now}  {phase_zh(frame['phase'])}  现价 price {price}（{leader}）"
        f"  下一口价 next {next_}  剩余 left {left}  延时 extensions {frame['extensions']}"
        f"{'' if frame['connected'] else '  （可能不是最新 may be out of date）'}"
    )
    out.print(text, markup=False, highlight=False, soft_wrap=True, end="\n" if moved else "\r")


def _left(time: timedelta) -> str:
    """Return the time that is left, in whole seconds: `0:04:59`, or `12天 2:11:23`."""
    clock = str(timedelta(seconds=time.seconds))
    return f"{time.days}天 {clock}" if time.days else clock
