"""Accounts beyond the first: `account staff|close|rekey|lost|erase|password|certify|revoke`."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from cli.ca import KeyFile, read_certificate, signed_by
from cli.command import Here, command
from cli.output import Misused
from cli.registry import AccountName, PartyText, Role, account, party, read_party
from cli.streams import account_stream
from cli.wallet import make_signing_key
from shared.kernel.codes import party_stream
from shared.seal.wire import text

__all__ = ["account", "party", "read_password"]


class RightName(StrEnum):
    """What an account of a member of staff may do."""

    ACT = "act"
    ADMINISTER = "administer"
    READ = "read"


Reason = Annotated[str, typer.Option(help="原因 / why")]
PASSWORD = "GGZY_PASSWORD"  # noqa: S105 - the name of a variable


@command(account, "staff")
def add_staff(
    here: Here,
    name: AccountName,
    person: Annotated[str, typer.Argument(help="姓名；仅存于可删除的表中 / the person's name, kept erasable")],
    *,
    role: Annotated[Role, typer.Option(help="角色，与管理员账户相同 / what it may be")],
    of: Annotated[str, typer.Option("--party", help="所属主体 / whom it acts for")] = "",
    right: Annotated[list[RightName] | None, typer.Option(help="权限：办理、管理、查看 / what it may do")] = None,
    phone: Annotated[str, typer.Option(help="电话 / phone")] = "",
    identity_number: Annotated[str, typer.Option(help="证件号码 / identity number")] = "",
    region: Annotated[str, typer.Option(help="行政区划代码 / region, GB/T 2260")] = "",
    public_key: Annotated[str, typer.Option(help="其公钥；本机有密钥时可省略 / its public key, unless made here")] = "",
) -> None:
    """为一名工作人员开立账户（运营账户或本主体管理员）/ open an account for one member of staff."""
    told = {"name": person, "phone": phone, "identity_number": identity_number}
    digest = here.client.post("/api/people", told, here.asker())["person"]
    body = {
        "type": "registry.open_staff_account",
        "account": name,
        "role": role,
        "region": region,
        "party": party_stream(read_party(of)) if of else None,
        "public_key": public_key or here.wallet.make_account_key(name),
        "person": digest,
        "rights": [one.value for one in right or (RightName.ACT, RightName.READ)],
    }
    _told(here, name, body, "已开户 / opened", person=digest)


@command(account, "close")
def close_account(here: Here, name: AccountName) -> None:
    """注销账户（本账户、本主体管理员或运营账户）/ close an account for good; its party's others go on."""
    _told(here, name, {"type": "registry.close_account"}, "已注销 / closed")


@command(account, "erase")
def erase_person(here: Here, name: AccountName) -> None:
    """删除已注销账户的人员信息（运营账户）/ erase who a closed account belonged to, as an operator."""
    _told(here, name, {"type": "registry.erase_person"}, "已删除 / erased")


@command(account, "rekey")
def change_key(
    here: Here,
    name: AccountName,
    *,
    public_key: Annotated[
        str, typer.Option(help="新公钥；省略则在本机生成 / the new public key, or one made here")
    ] = "",
) -> None:
    """更换签名密钥；原密钥签过的仍然有效 / renew an account's key; what the old one signed stays valid."""
    if public_key:
        _told(here, name, {"type": "registry.change_key", "public_key": public_key}, "已更换 / changed")
        return
    made = make_signing_key("account")
    waiting = here.wallet.keep(made, "accounts-next", name)
    _told(here, name, {"type": "registry.change_key", "public_key": made.public_key}, "已更换 / changed")
    here.wallet.keep(made, "accounts", name)
    waiting.unlink()


@command(account, "lost")
def report_lost(here: Here, name: AccountName, *, reason: Reason) -> None:
    """密钥挂失：自此刻起所签无效，此前所签仍有效 / report a key lost: from now on it signs nothing."""
    _told(here, name, {"type": "registry.report_key_lost", "reason": reason}, "已挂失 / revoked")


@command(account, "password")
def set_password(here: Here) -> None:
    """设置本账户密码（至少 12 位；取自 GGZY_PASSWORD 或询问）/ set the account's password, 12 characters or more."""
    here.client.post("/api/passwords", {"password": read_password(confirm=True)}, here.asker())
    _told(here, here.who, {"type": "registry.set_password"}, "已设置 / set")


@command(account, "certify")
def bind_certificate(
    here: Here,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="证书 PEM，其后可附上级 / the certificate")],
    *,
    key: KeyFile,
    of: Annotated[str, typer.Option("--account-of", metavar="ACCOUNT", help="绑定到的账户 / whose it is")] = "",
) -> None:
    """绑定数字证书（与原证书并存，即为更新）/ bind a certificate; beside an older one it is its renewal."""
    name, found = of or here.who, read_certificate(file)
    fingerprint = found.fingerprint(SHA256()).hex()
    proof = signed_by(key, found, f"ggzy-certificate/v1\n{name}\n{fingerprint}".encode())
    shown = {"account": name, "certificate": file.read_text("ascii"), "proof": text(proof)}
    here.client.post("/api/certificates", shown, here.asker())
    body = {"type": "registry.bind_certificate", "fingerprint": fingerprint}
    _told(here, name, body, "已绑定 / bound", fingerprint=fingerprint, subject=_subject(found))


@command(account, "revoke")
def revoke_certificate(
    here: Here,
    name: AccountName,
    fingerprint: Annotated[str, typer.Argument(help="证书指纹 / the certificate's fingerprint")],
    *,
    reason: Reason,
) -> None:
    """数字证书挂失：自此刻起不再代表本账户 / report a certificate lost: it stands for nothing from now on."""
    body = {"type": "registry.revoke_certificate", "fingerprint": fingerprint, "reason": reason}
    _told(here, name, body, "已挂失 / revoked")


@command(party, "staff")
def list_staff(here: Here, identifier: PartyText) -> None:
    """列出主体的账户（办公室与本主体管理员）/ list a party's accounts, to the office and its administrators."""
    page = here.client.get(f"/api/parties/{party_stream(read_party(identifier))}/staff", here.asker())
    rows = [
        [row["account"], row["role"], " ".join(row["rights"]), "是" if row["open"] else "否"] for row in page["staff"]
    ]
    here.show(page, "人员账户 / staff", ["账户", "角色", "权限", "有效"], rows)


def read_password(*, confirm: bool = False) -> str:
    """Return the password from the environment, or as it is typed. Raise Misused for none."""
    password = os.environ.get(PASSWORD) or typer.prompt("密码 / password", hide_input=True, confirmation_prompt=confirm)
    if not password:
        raise Misused("请给出密码", "give the password")
    return str(password)


def _told(here: Here, name: str, body: dict[str, Any], title: str, **more: Any) -> None:
    outcome = here.give(account_stream(name), body)
    here.say({"account": name, **more, "events": outcome["events"]}, title)


def _subject(found: x509.Certificate) -> str:
    return found.subject.rfc4514_string()
