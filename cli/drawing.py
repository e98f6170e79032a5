"""Taking part in a draw of experts: `draw request|commit|reveal|decline|status|file`."""

import json
import os
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from cli.command import Here, command
from cli.draw import app
from cli.output import Misused
from cli.streams import party_of
from shared.procedure.draw import NONCE_SIZE, commit

__all__ = ["app"]

NONCES = "draws"
"""Where this machine keeps the nonce of each attempt that it committed to."""

DrawName = Annotated[str, typer.Argument(metavar="DRAW", help="抽取编号 / the draw")]


@command(app, "request")
def request(
    here: Here,
    name: DrawName,
    *,
    tender: Annotated[str, typer.Option(help="项目编号 / the tender")],
    speciality: Annotated[str, typer.Option(help="专业 / the speciality")],
    seats: Annotated[int, typer.Option(min=1, max=99, help="抽取人数 / how many sit")],
    on: Annotated[str, typer.Option(help="评标开始日 YYYY-MM-DD / the day of the evaluation")],
    region: Annotated[str, typer.Option(help="行政区划代码 / from which region")],
    reserve: Annotated[int, typer.Option(min=0, max=99, help="候补人数 / how many in reserve")] = 0,
    avoid: Annotated[
        list[str] | None, typer.Option(help="须回避的主体 SCHEME:ID / whom they must not be tied to")
    ] = None,
    line: Annotated[
        Literal["construction", "procurement"], typer.Option(help="适用的回避规则 / whose rules")
    ] = "construction",
) -> None:
    """申请抽取专家（代理机构）：先回避，平台随即承诺 / ask for a draw, as the agency: recusal first."""
    wanted: dict[str, Any] = {
        "draw": name,
        "tender": tender,
        "line": line,
        "on": on,
        "speciality": speciality,
        "region": region,
    }
    wanted |= {
        "seats": seats,
        "reserve": reserve,
        "others": None,
        "parties": [str(party_of(one)[0]) for one in avoid or ()],
    }
    _give(here, name, {"type": "registry.request_draw", "wanted": wanted}, "已申请 / asked for")


@command(app, "commit")
def commit_nonce(here: Here, name: DrawName) -> None:
    """承诺：在本机生成随机数，只提交其摘要 / make a nonce on this machine and commit to it by its digest."""
    attempt, role = _attempt(here, name), _role(here)
    place = NONCES, f"{here.who}-{attempt}"
    if not here.wallet.has(*place):
        here.wallet.write({"attempt": attempt, "nonce": os.urandom(NONCE_SIZE).hex()}, *place)
    nonce = bytes.fromhex(here.wallet.read(*place)["nonce"])
    body = {"type": "registry.commit_draw", "attempt": attempt, "digest": commit(role, nonce, attempt).digest}
    _give(here, name, body, "已承诺，请保管本机随机数文件 / committed; keep the nonce's file")


@command(app, "reveal")
def reveal(here: Here, name: DrawName) -> None:
    """各方承诺齐备并经见证后，公开本方随机数 / reveal the nonce, once all are bound and the root is named."""
    attempt = _attempt(here, name)
    nonce = here.wallet.read(NONCES, f"{here.who}-{attempt}")["nonce"]
    _give(here, name, {"type": "registry.reveal_draw", "attempt": attempt, "nonce": nonce}, "已公开 / revealed")


@command(app, "decline")
def decline(
    here: Here,
    name: DrawName,
    expert: Annotated[str, typer.Argument(help="专家 / the expert")],
    *,
    reason: Annotated[str, typer.Option(help="原因 / why")],
) -> None:
    """专家不能参加，依次递补（运营账户或本人）/ say that an expert does not come; the next in reserve does."""
    _give(here, name, {"type": "registry.decline_seat", "expert": expert, "reason": reason}, "已递补 / replaced")


@command(app, "status")
def status(here: Here, name: DrawName) -> None:
    """显示抽取进展，不含名单 / show how a draw stands; it names nobody."""
    here.say(_status(here, name))


@command(app, "file")
def fetch(
    here: Here,
    name: DrawName,
    *,
    out: Annotated[Path, typer.Option(help="写入的文件 / where it goes")],
) -> None:
    """取得抽取文件，供 draw verify 离线核验 / fetch a draw's file, for `draw verify` to make it again offline."""
    found = here.client.get(f"/api/draws/{name}/file", here.asker() if here.account else None)
    here.wallet.save(out, json.dumps(found, ensure_ascii=False, indent=1))
    here.say({"draw": found["draw"], "file": str(out)}, "已取得 / fetched")


def _status(here: Here, name: str) -> dict[str, Any]:
    return dict(here.client.get(f"/api/draws/{name}", here.asker()))


def _attempt(here: Here, name: str) -> str:
    return str(_status(here, name)["attempt"])


def _role(here: Here) -> str:
    """Return the name under which who asks commits. Raise Misused for anyone but an agency or a supervisor."""
    role = str(here.client.get(f"/api/accounts/{here.who}", here.asker())["role"])
    if role not in {"agency", "supervisor"}:
        raise Misused("仅代理机构和监督部门作承诺", "an agency and a supervisor commit, nobody else")
    return role


def _give(here: Here, name: str, body: dict[str, Any], title: str) -> None:
    outcome = here.give(f"draw-{name}", body)
    here.say({"draw": name, "events": outcome["events"]}, title)
