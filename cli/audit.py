"""Looking back and checking: `replay`, `bundle`, `verify`, `policy`; `verify` needs neither network nor trust."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlencode

import typer

from cli import timeline
from cli.command import Here, Local, Procedure, Watching, command
from cli.files import RECEIPT_KEY, read_policy
from cli.moments import moment
from cli.output import Misused, note, steps
from cli.procedures import published_keys
from cli.times import told
from cli.words import phase_zh
from shared.kernel.request import ROLES_ZH
from shared.ledger.directory import folder, signed_by, verify_log
from shared.ledger.errors import Malformed
from shared.ledger.policy import Policy, parse_policy
from shared.ledger.steps import Report
from shared.ledger.verify import VERIFIED, verify_bundle

app = typer.Typer()

Out = Annotated[Path, typer.Option("--out", "-o", dir_okay=False, help="保存到 / where to save it")]
File = Annotated[
    Path | None, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="证据包 / an evidence bundle")
]
Trust = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="信任策略，须取自平台以外的渠道 / your trust policy")
]
Log = Annotated[Path | None, typer.Option(exists=True, file_okay=False, help="全账本目录 / the whole log's folder")]
Key = Annotated[str, typer.Option(help="账本公钥；核验任一 C2SP tlog-tiles 目录 / the log's key")]
Role = Literal["public", "bidder", "tenderer", "agency", "expert", "supervisor", "authority", "operator"]


@command(app, "replay")
def replay(
    here: Watching,
    procedure: Procedure,
    *,
    at: Annotated[str, typer.Option(metavar="TIME", help="回放到此时 / as it stood at this time")] = "",
    version: Annotated[int | None, typer.Option(min=1, help="回放到此版次（监督）/ up to this version")] = None,
    as_role: Annotated[Role | None, typer.Option("--as", help="以何角色所见（监督）/ through whose eyes")] = None,
) -> None:
    """回放项目的全部过程 / replay a procedure as it stood at any time, as a role saw it."""
    if at and version is not None:
        raise Misused("--at 与 --version 只能用其一", "give --at or --version, not both")
    asked = {"at": moment(at) if at else None, "version": version, "as": as_role}
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    path = f"/api/procedures/{procedure}/replay"
    found = here.client.get(f"{path}?{query}" if query else path, here.asker())
    title = f"{procedure}：{phase_zh(found['phase'])}，所见角色：{ROLES_ZH[found['role']]}，{len(found['events'])} 条"
    here.show(found, title, list(timeline.COLUMNS), timeline.rows(found["events"]))


@command(app, "alarms")
def alarms(here: Watching, procedure: Procedure) -> None:
    """项目的预警清单，逐条附法条（监督）/ what a supervisor is warned of in a tender, each with its article."""
    found = here.client.get(f"/api/procedures/{procedure}/alarms", here.asker())
    listed = [[told(item["since"]), f"{item['zh']}\n{item['en']}", item["article"]] for item in found["alarms"]]
    title = f"{procedure}：预警 {len(listed)} 条" if listed else f"{procedure}：没有预警 / no alarms"
    here.show(found, title, ["自何时", "预警", "依据"], listed)


@command(app, "bundle")
def bundle(here: Here, procedure: Procedure, out: Out) -> None:
    """下载项目的证据包 / download the evidence bundle of a procedure."""
    asker = here.asker() if here.account else None
    data = here.client.await_bytes(f"/api/procedures/{procedure}/bundle", asker)
    out.write_bytes(data)
    report = verify_bundle(data)
    if report.failed:
        note(f"注意：证据包自身未通过第 {report.failed.number} 步", f"beware: the bundle {report.overall}")
    shown = {"procedure": procedure, "file": str(out), "size": len(data), "overall": report.overall}
    here.say(shown, f"已保存；请核验：ggzy verify {out} --policy FILE / saved; now verify it")


@command(app, "verify")
def verify(here: Local, file: File = None, *, policy: Trust = None, log: Log = None, vkey: Key = "") -> None:
    """离线核验证据包或整个账本，逐步列出 / verify a bundle, or a whole log, offline and in numbered steps."""
    if file is not None:
        if vkey:
            raise Misused("核验证据包请用 --policy", "a bundle is verified with --policy, not --vkey")
        trusted = read_policy(policy)
        warn_unwitnessed(trusted)
        report = verify_bundle(file.read_bytes(), trusted, folder(log) if log else None)
        steps(report, report.overall, good=report.overall == VERIFIED, as_json=here.as_json)
    elif log is not None:
        whole = _verify_log(log, vkey, policy)
        steps(whole, whole.overall, good=whole.overall == VERIFIED, as_json=here.as_json)
    else:
        raise Misused("请给出证据包，或 --log 目录与 --vkey", "give a bundle, or --log with --vkey or --policy")


def warn_unwitnessed(policy: Policy | None) -> None:
    """Say so where a policy asks for no witness: then one key alone vouches for everything."""
    if policy is not None and policy.quorum == "none":
        note(
            "该策略不要求任何见证：账本运营者可向不同的人出示不同的账本",
            "this policy asks for no witness: who runs the log could show different logs to different people",
        )


def _verify_log(log: Path, vkey: str, policy: Path | None) -> Report:
    """Return the report on a log. Raise Misused without exactly one thing to trust it by."""
    if bool(vkey) == (policy is not None):
        raise Misused("请给出 --vkey 或 --policy 之一", "give one of --vkey and --policy")
    if policy is not None:
        known = read_policy(policy) or Policy()
        warn_unwitnessed(known)
        return verify_log(folder(log), lambda data: known.check(data).checkpoint)
    try:
        trust = signed_by(vkey)
    except Malformed as fault:
        raise Misused("账本公钥有误", f"not a key: {fault}") from fault
    return verify_log(folder(log), trust)


@command(app, "policy")
def policy(
    here: Here,
    out: Annotated[Path, typer.Option("--out", "-o", dir_okay=False, help="保存到 / where to save it")] = Path(
        "ggzy.policy"
    ),
) -> None:
    """取得平台公布的信任策略（应再从其他渠道核对）/ fetch the policy that the platform publishes."""
    data = here.client.fetch("/api/ledger/policy")
    receipts = published_keys(here.client).get("receipts")
    if receipts:
        data += f"{RECEIPT_KEY}{receipts}\n".encode()
    found = parse_policy(data)
    out.write_bytes(data)
    warn_unwitnessed(found)
    note(
        "该策略取自平台自身。请从平台以外的渠道（监督部门、档案馆公告等）核对其中的公钥，否则无法发现平台作假",
        "this policy is the platform's own word: compare its keys through another channel (the supervisor, the"
        " archive); a policy from the platform alone cannot show that the platform lies",
    )
    shown = {
        "file": str(out),
        "receipt_key": receipts,
        "logs": [log.vkey for log in found.logs],
        "quorum": found.quorum,
    }
    here.say({**shown, "witnesses": {name: key.vkey for name, key in found.witnesses.items()}}, "已保存 / saved")
