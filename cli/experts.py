"""The expert library: `expert enrol|change|tie|standing|list`. Experts stand here by their accounts' names alone."""

from typing import Annotated, Any, Literal

import typer

from cli.command import Here, command
from cli.output import Misused
from cli.streams import party_of

app = typer.Typer(help="评标专家库 / the library of evaluation experts", no_args_is_help=True)

ExpertName = Annotated[str, typer.Argument(metavar="EXPERT", help="专家账户 / the expert's account")]
Speciality = Annotated[list[str], typer.Option(help="专业，可多次给出 / a speciality, as often as needed")]
Years = Annotated[int, typer.Option(min=0, max=80, help="从事相关领域年数 / years in the field")]
Title = Annotated[Literal["senior", "intermediate"], typer.Option(help="职称：高级、中级 / title")]
Equivalent = Annotated[
    bool, typer.Option("--equivalent", help="具有同等专业水平 / of the same level without the title")
]
Employer = Annotated[list[str] | None, typer.Option(help="现任单位 SCHEME:ID / employers")]
Past = Annotated[list[str] | None, typer.Option(help="曾任单位 SCHEME:ID=离职日 / past employers, with the last day")]
Region = Annotated[str, typer.Option(help="行政区划代码 / region, GB/T 2260")]
Ground = Literal["employment", "board", "control", "kin", "interest", "supervision"]


@command(app, "enrol")
def enrol(
    here: Here,
    name: ExpertName,
    *,
    speciality: Speciality,
    years: Years,
    region: Region,
    title: Title = "senior",
    equivalent: Equivalent = False,
    employer: Employer = None,
    past: Past = None,
) -> None:
    """专家入库（运营账户；须先开立专家账户）/ enter an expert in the library, as an operator."""
    plain = {"title": title, "years": years, "region": region, "equivalent": equivalent}
    found = _qualification(speciality, employer, past, **plain)
    _give(here, name, {"type": "registry.enrol_expert", "expert": name, "qualification": found}, "已入库 / enrolled")


@command(app, "change")
def change(
    here: Here,
    name: ExpertName,
    *,
    speciality: Speciality,
    years: Years,
    region: Region,
    title: Title = "senior",
    equivalent: Equivalent = False,
    employer: Employer = None,
    past: Past = None,
) -> None:
    """变更专家信息，须写全（运营账户）/ state anew all that makes an expert, as an operator."""
    plain = {"title": title, "years": years, "region": region, "equivalent": equivalent}
    found = _qualification(speciality, employer, past, **plain)
    _give(here, name, {"type": "registry.change_expert", "qualification": found}, "已变更 / changed")


@command(app, "tie")
def tie(
    here: Here,
    name: ExpertName,
    party: Annotated[str, typer.Argument(help="主体 SCHEME:ID / the party")],
    ground: Annotated[Ground, typer.Argument(help="关系 / what relation")],
    *,
    ended: Annotated[str, typer.Option(help="终止日 YYYY-MM-DD，缺省为存续 / its last day")] = "",
) -> None:
    """登记利害关系，抽取时据此回避（运营账户或本人）/ put a relation on file, for which a draw leaves out."""
    body = {"type": "registry.tie_expert", "tied_to": _party(party), "ground": ground, "ended": ended or None}
    _give(here, name, body, "已登记 / on file")


@command(app, "standing")
def set_standing(
    here: Here,
    name: ExpertName,
    standing: Annotated[
        Literal["available", "paused", "removed"],
        typer.Argument(help="可抽取、暂停、移出 / may be drawn, not for a while, never again"),
    ],
    *,
    reason: Annotated[str, typer.Option(help="原因 / why")],
    article: Annotated[str, typer.Option(help="依据 / the article")] = "平台规则",
) -> None:
    """设置专家状态：可抽取、暂停或移出 / let an expert be drawn, not for a while, or never again."""
    body = {"type": "registry.set_expert_standing", "standing": standing, "reason": reason, "article": article}
    _give(here, name, body, "已设置 / set")


@command(app, "list")
def list_experts(here: Here) -> None:
    """列出专家库（运营、监督）；专家只见本人 / list the library, to the office; to an expert its own entry."""
    listed: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        page = here.client.get(f"/api/experts{f'?after={after}' if after else ''}", here.asker())
        listed, after = [*listed, *page["experts"]], page["after"]
    rows = [
        [one["expert"], one["standing"], "、".join(one["specialities"]), one["years"], one["region"]] for one in listed
    ]
    here.show({"experts": listed}, "评标专家库 / experts", ["专家", "状态", "专业", "年数", "区划"], rows)


def _qualification(
    specialities: list[str], employers: list[str] | None, past: list[str] | None, **plain: Any
) -> dict[str, Any]:
    bodies = {"employers": [_party(one) for one in employers or ()], "past": [_left(one) for one in past or ()]}
    return {"specialities": specialities, **plain, **bodies}


def _left(text: str) -> dict[str, str]:
    party, equals, ended = text.rpartition("=")
    if not equals:
        raise Misused(f"{text} 应如 CN-USCC:代码=2025-06-30", f"write it as CN-USCC:CODE=2025-06-30: {text}")
    return {"party": _party(party), "ended": ended}


def _party(text: str) -> str:
    return str(party_of(text)[0])


def _give(here: Here, name: str, body: dict[str, Any], title: str) -> None:
    outcome = here.give(f"expert-{name}", body)
    here.say({"expert": name, "events": outcome["events"]}, title)
