"""Parties and accounts: `party add|show`, `account keygen|bootstrap|add|show`."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

import typer

from cli import output
from cli.command import Here, command
from cli.output import Misused, Refused
from cli.streams import account_stream, party_of
from shared.kernel.codes import PartyId, party_stream
from shared.platform.settings import load

party = typer.Typer(help="主体登记 / parties", no_args_is_help=True)
account = typer.Typer(help="账户与签名密钥 / accounts and the keys they sign with", no_args_is_help=True)

Role = Literal["bidder", "tenderer", "agency", "expert", "supervisor", "authority", "operator"]
Kind = Literal["enterprise", "public_body"]

PartyText = Annotated[str, typer.Argument(metavar="PARTY", help="统一社会信用代码，或 SCHEME:ID / a 统一社会信用代码")]
AccountName = Annotated[str, typer.Argument(metavar="ACCOUNT", help="账户名 / the account's name")]


@command(party, "add")
def add_party(
    here: Here,
    identifier: PartyText,
    name: Annotated[str, typer.Argument(help="名称 / its name")],
    *,
    kind: Annotated[Kind, typer.Option(help="企业或公共机构 / what it is")] = "enterprise",
    also: Annotated[list[str] | None, typer.Option(help="其他标识 SCHEME:ID / further identifiers")] = None,
    region: Annotated[str, typer.Option(help="管理其登记的行政区划 / which region looks after it")] = "",
) -> None:
    """登记主体（运营账户），发送前先校验 / register a party as an operator; checked before it is sent."""
    first, *others = [read_party(text) for text in (identifier, *(also or ()))]
    body: dict[str, Any] = {"type": "registry.register_party", "name": name.strip(), "kind": kind}
    body |= {"identifier": first.model_dump(), "additional": [other.model_dump() for other in others]}
    body |= {"region": region} if region else {}
    outcome = here.give(party_stream(first), body)
    here.say({"party": str(first), "stream": party_stream(first), "events": outcome["events"]}, "已登记 / registered")


def read_party(text: str) -> PartyId:
    """Return the party that a text names, and say what was changed. Raise Misused if it names none."""
    found, warnings = party_of(text)
    for warning in warnings:
        output.note(f"{found}：{warning.zh}", f"{found}: {warning.en}")
    return found


@command(party, "show")
def show_party(here: Here, identifier: PartyText) -> None:
    """显示主体（运营、监督或其本身）/ show a party, to the office or to itself."""
    here.say(find_party(here, identifier))


def find_party(here: Here, identifier: str) -> dict[str, Any]:
    """Return a registered party, as the registry tells it to who asks."""
    found, _ = party_of(identifier)
    made = find_registered(here, found.model_dump(), here.who)
    if made is None:
        raise Refused(f"没有登记 {found}，或无权查看", f"{found} is not registered, or not for you to see")
    return made


def give_of(here: Here, identifier: str, body: dict[str, Any], title: str) -> None:
    """Give a command in the stream in which the party was registered, whichever of its identifiers is named."""
    found = find_party(here, identifier)
    outcome = here.give(found["stream"], body)
    here.say({"party": found["name"], "events": outcome["events"]}, title)


def find_registered(here: Here, identifier: dict[str, str], account: str) -> dict[str, Any] | None:
    """Return a registered party as the registry tells it to an account, None where it knows none."""
    path = f"/api/parties/{identifier['scheme']}/{quote(identifier['id'], safe='')}"
    data = here.client.find(path, here.asker(account))
    return None if data is None else dict(json.loads(data))


@command(account, "keygen")
def keygen(here: Here, name: AccountName) -> None:
    """在本机生成账户签名密钥并显示公钥；私钥不离开本机 / make an account's key here and print its public half."""
    public = here.wallet.make_account_key(name)
    shown = {"account": name, "public_key": public, "file": str(here.wallet.path("accounts", name))}
    here.say(
        shown, "请将公钥交运营机构开户，并备份密钥文件 / give the public key to the operator; keep a copy of the file"
    )


@command(account, "bootstrap")
def bootstrap_operator(
    here: Here,
    name: AccountName,
    *,
    data: Annotated[Path | None, typer.Option(help="数据目录 / the data directory (GGZY_DATA)")] = None,
) -> None:
    """在平台主机上开立首个运营账户 / open the first operator's account, on the platform's own machine."""
    from cli.bootstrap import bootstrap  # loads the buses; no other command of this group needs them

    settings = load(**({} if data is None else {"data": data}))
    outcome = bootstrap(settings, name, here.wallet.make_account_key(name))
    here.say({"account": name, "role": "operator", "events": outcome["events"]}, "已开户 / opened")


@command(account, "add")
def add_account(
    here: Here,
    name: AccountName,
    *,
    role: Annotated[Role, typer.Option(help="角色 / what it may do")],
    public_key: Annotated[str, typer.Option(help="其公钥；本机有密钥时可省略 / its public key, unless made here")] = "",
    region: Annotated[str, typer.Option(help="行政区划代码 / region, GB/T 2260")] = "",
    of: Annotated[str, typer.Option("--party", help="所属主体 / whom it acts for")] = "",
) -> None:
    """开立账户（运营账户）/ open an account, as an operator."""
    if not public_key and not here.wallet.has("accounts", name):
        raise Misused("请用 --public-key 给出其公钥", "give its public key with --public-key")
    body = {
        "type": "registry.open_account",
        "account": name,
        "role": role,
        "region": region,
        "party": party_stream(read_party(of)) if of else None,
        "public_key": public_key or here.wallet.make_account_key(name),
    }
    outcome = here.give(account_stream(name), body)
    here.say({"account": name, "role": role, "events": outcome["events"]}, "已开户 / opened")


@command(account, "show")
def show_account(
    here: Here,
    name: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="账户，缺省为本人 / the account, one's own if none is named")
    ] = "",
) -> None:
    """显示账户（运营、监督或其本身）/ show an account, to the office or to itself."""
    here.say(here.client.get(f"/api/accounts/{name or here.who}", here.asker()))
