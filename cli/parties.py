"""What is done to parties: `party identify|suspend|lift|blacklist|unlist|blacklisted`."""

from typing import Annotated, Any, Literal

import typer

from cli.accounts import party
from cli.command import Here, command
from cli.moments import moment
from cli.registry import PartyText, give_of, read_party

__all__ = ["party"]

Article = Annotated[str, typer.Option(help="依据的条文 / the article that it rests on")]
Reason = Annotated[str, typer.Option(help="原因 / why")]
Until = Annotated[str, typer.Option(metavar="TIME", help="截止时间，缺省北京时间 / until when, Beijing time")]
Since = Annotated[str, typer.Option(metavar="TIME", help="起始，缺省为现在 / since when, now if left out")]


@command(party, "identify")
def add_identifier(
    here: Here,
    identifier: PartyText,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="补充的标识 / the further identifier")],
) -> None:
    """补充主体标识，如统一社会信用代码（运营账户）/ add an identifier, as a 统一社会信用代码 to log in with."""
    body = {"type": "registry.add_identifier", "identifier": read_party(other).model_dump()}
    give_of(here, identifier, body, "已补充 / added")


@command(party, "suspend")
def suspend(here: Here, identifier: PartyText, *, until: Until, article: Article, reason: Reason) -> None:
    """暂停投标资格（监督账户）/ suspend a party from bidding, as a supervisor."""
    body = {"type": "registry.suspend_party", "reason": reason, "article": article, "until": moment(until)}
    give_of(here, identifier, body, "已暂停 / suspended")


@command(party, "lift")
def lift(here: Here, identifier: PartyText, *, article: Article, reason: Reason) -> None:
    """解除暂停（监督账户）/ lift a suspension, as a supervisor."""
    body = {"type": "registry.lift_suspension", "reason": reason, "article": article}
    give_of(here, identifier, body, "已解除 / lifted")


@command(party, "blacklist")
def blacklist(
    here: Here,
    identifier: PartyText,
    kind: Annotated[Literal["discredited", "banned"], typer.Argument(help="失信或禁入 / discredited or banned")],
    *,
    authority: Annotated[str, typer.Option(help="作出决定的机关 / whose decision it is")],
    until: Until,
    article: Article,
    reason: Reason,
    since: Since = "",
) -> None:
    """列入失信、禁入名单（监督账户）/ enter a party in the blacklist, as a supervisor."""
    begins = moment(since) if since else here.client.get("/api/time")["now"]
    body = {"type": "registry.blacklist_party", "kind": kind, "authority": authority, "since": begins}
    body |= {"until": moment(until), "article": article, "reason": reason}
    give_of(here, identifier, body, "已列入 / entered")


@command(party, "unlist")
def unlist(
    here: Here,
    identifier: PartyText,
    number: Annotated[int, typer.Argument(min=1, help="记录编号 / the entry's number")],
    *,
    article: Article,
    reason: Reason,
) -> None:
    """移出失信、禁入名单（监督账户）/ take an entry off the blacklist, as a supervisor."""
    body = {"type": "registry.lift_blacklisting", "number": number, "article": article, "reason": reason}
    give_of(here, identifier, body, "已移出 / lifted")


@command(party, "blacklisted")
def list_blacklist(here: Here) -> None:
    """列出现行失信、禁入名单（公开）/ list the blacklist as it is in force; for everyone."""
    listed: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        page = here.client.get(f"/api/blacklist{f'?after={after}' if after else ''}")
        listed, after = [*listed, *page["blacklist"]], page["after"]
    rows = [[row["party"], row["kind"], row["authority"], row["article"], row["until"]] for row in listed]
    here.show({"blacklist": listed}, "失信、禁入名单 / blacklist", ["主体", "类别", "机关", "依据", "截止"], rows)
