"""Who is in charge of a party and who controls it: `party relations show|charge|erase|add|end`."""

from typing import Annotated, Any, Literal

import typer

from cli.command import Here, command
from cli.moments import moment
from cli.parties import party
from cli.registry import PartyText, find_party, give_of, read_party

app = typer.Typer(
    help="单位负责人与控股、管理关系（招标投标法实施条例 第三十四条）/ who is in charge, and who controls whom",
    no_args_is_help=True,
)
party.add_typer(app, name="relations")

Side = Literal["controlled_by", "controls"]
Kind = Literal["holding", "management"]
Since = Annotated[str, typer.Option(metavar="TIME", help="起始，缺省为现在 / since when, now if left out")]
Until = Annotated[str, typer.Option(metavar="TIME", help="截止 / until when")]
IN_FORCE = "未终止 in force"


@command(app, "show")
def show(here: Here, identifier: PartyText) -> None:
    """显示单位负责人与控股、管理关系（办公室与本主体管理员）/ show them, to the office and its administrators."""
    page = here.client.get(f"/api/parties/{find_party(here, identifier)['stream']}/relations", here.asker())
    rows = [
        [str(row["number"]), row["side"], f"{row['other']['scheme']}:{row['other']['id']}", row["kind"], row["since"],
         row["until"] or IN_FORCE]
        for row in page["relations"]
    ]  # fmt: skip
    rows += [["", "person_in_charge", row["person"] or "-", "", row["since"], ""] for row in page["persons_in_charge"]]
    here.show(page, "控股、管理关系 / relations", ["编号", "方向", "对方", "类别", "起始", "截止"], rows)


@command(app, "charge")
def declare_person(
    here: Here,
    identifier: PartyText,
    person: Annotated[str, typer.Argument(help="姓名；仅存于可删除的表中 / the person's name, kept erasable")],
    *,
    identity_number: Annotated[str, typer.Option(help="证件号码 / identity number")],
    since: Since = "",
) -> None:
    """申报单位负责人（本主体管理员或办公室）/ declare who is in charge; the record holds a salted digest alone."""
    stream = find_party(here, identifier)["stream"]
    told = {"name": person, "identity_number": identity_number}
    digest = here.client.post("/api/people", told, here.asker())["person"]
    body = {"type": "registry.declare_person_in_charge", "person": digest, "since": moment(since) if since else None}
    outcome = here.give(stream, body)
    here.say({"party": stream, "person": digest, "events": outcome["events"]}, "已登记 / declared")


@command(app, "erase")
def erase_person(
    here: Here, identifier: PartyText, person: Annotated[str, typer.Argument(help="记录中的摘要 / the digest")]
) -> None:
    """删除原单位负责人的信息（运营账户）/ erase who was in charge, as an operator."""
    give_of(here, identifier, {"type": "registry.erase_person_in_charge", "person": person}, "已删除 / erased")


@command(app, "add")
def add(
    here: Here,
    identifier: PartyText,
    side: Annotated[Side, typer.Argument(help="被对方控制，或控制对方 / which way")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="对方主体 / the other party")],
    *,
    kind: Annotated[Kind, typer.Option(help="控股或管理 / holding or management")] = "holding",
    since: Since = "",
    until: Until = "",
) -> None:
    """申报控股、管理关系（本主体管理员或办公室）/ declare a relation of control."""
    begins = moment(since) if since else here.client.get("/api/time")["now"]
    body: dict[str, Any] = {"type": "registry.declare_relation", "side": side, "kind": kind, "since": begins}
    body |= {"other": read_party(other).model_dump(), "until": moment(until) if until else None}
    give_of(here, identifier, body, "已登记 / declared")


@command(app, "end")
def end(
    here: Here,
    identifier: PartyText,
    number: Annotated[int, typer.Argument(min=1, help="关系编号 / the relation's number")],
    *,
    reason: Annotated[str, typer.Option(help="原因 / why")],
    until: Until = "",
) -> None:
    """终止一项关系；缺省自现在起 / declare that a relation ends, now if no time is given."""
    body: dict[str, Any] = {"type": "registry.end_relation", "number": number, "reason": reason}
    body["until"] = moment(until) if until else None
    give_of(here, identifier, body, "已终止 / ended")
