"""The command `ggzy demo`: plays the notices that ship with the program and tells how each ended."""

import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Annotated, Any, Literal

import typer

from cli.command import Local, command
from cli.demo.cast import AGENCY, SUPERVISOR, Cast
from cli.demo.full import chronicle, draws
from cli.demo.full import scenario as full
from cli.demo.play import Ended, Play
from cli.demo.stage import Stage
from cli.ocds import Defaults, Plan, plan
from cli.output import Refused, err, table
from cli.words import phase_zh
from shared.kernel.codes import load_regions
from shared.kernel.money import format_yuan
from shared.ledger.bundle import numbered, read
from shared.ledger.checkpoint import parse
from shared.ledger.directory import folder, verify_log
from shared.ledger.policy import Policy, parse_policy
from shared.ledger.verify import BundleReport, verify_bundle

NOTICES = Path(__file__).parents[1] / "data"
FILES = ("ocds-social-services-2024.json", "ocds-defence-framework-2024.json")


SETTINGS = "settings.sh"

Scenario = Literal["notices", "full"]
"""What is played: the notices that ship with the program, or a made-up project in which most of the law is needed."""

app = typer.Typer()


@command(app, "demo")
def demo(
    here: Local,
    data: Annotated[Path, typer.Option(help="演示目录，每次重建 / the demo's directory, made anew")] = Path("var/demo"),
    scenario: Annotated[
        Scenario, typer.Option(help="真实公告，或全流程两标段 / real notices, or a whole project of two lots")
    ] = "notices",
) -> None:
    """演示全流程并离线核验 / play real notices, or a whole project, and verify their record offline."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that what was started ends as well
    with Stage(data.absolute()) as stage:
        told = _Progress(quiet=here.as_json)
        told("启动平台与见证人 / the platform and a witness are up")
        cast = Cast(stage)
        cast.assemble()
        results = _notices(stage, cast, told) if scenario == "notices" else full.play(stage, cast, told)
        shown = [_evidence(stage, ended, told) for ended in results]
        more = _further(stage, shown) if scenario == "full" else {}
        size = _log_size(stage)
        (stage.data / SETTINGS).write_text(_settings(stage))
    document = {"procedures": shown, "ledger": {"size": size, "directory": str(stage.data / "ledger")}, **more}
    _end(here, stage, document)


class _Progress:
    """Says what is going on, on standard error."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def __call__(self, text: str) -> None:
        if not self._quiet:
            err.print(f"· {text}", markup=False, highlight=False)


def _notices(stage: Stage, cast: Cast, told: _Progress) -> list[Ended]:
    return [_play(stage, cast, NOTICES / name, told) for name in FILES]


def _play(stage: Stage, cast: Cast, file: Path, told: _Progress) -> Ended:
    told(f"导入 / importing {file.name}")
    found = _plan(file)
    bidders = cast.bidders([party for party in found.parties if party.kind == "enterprise"])
    return Play(stage, cast, found.tenders[0], told).run(bidders)


def _plan(file: Path) -> Plan:
    """Return the plan of a notice; what it lacks, the play makes up and marks as made."""
    schema = json.loads((NOTICES / "ocds-release-schema-1.1.json").read_text())
    found = plan(file.read_bytes(), schema, load_regions(), Defaults(region="370500", category="works"))
    if found.blocked:
        raise Refused(f"{file.name} 无法导入", f"{file.name} cannot be imported", findings=found.findings)
    return found


def _evidence(stage: Stage, ended: Ended, told: _Progress) -> dict[str, Any]:
    told(f"核验 / verifying {ended.procedure}")
    supervisor = stage.player(SUPERVISOR)
    bundles = stage.data / "bundles"
    bundles.mkdir(exist_ok=True)
    bundle, policy = bundles / f"{ended.procedure}.zip", bundles / "policy.txt"
    policy.write_bytes(supervisor.client.fetch("/api/ledger/policy"))
    trust = parse_policy(policy.read_bytes())
    report = stage.wait("the evidence", lambda: _whole(stage, ended, bundle, trust))
    return {
        "procedure": ended.procedure,
        "phase": ended.phase,
        "bidders": ended.bidders,
        "opened": ended.opened,
        "winner": ended.winner,
        "price": ended.price_fen,
        "events": len(numbered(read(bundle.read_bytes()), "records")),
        "bundle": str(bundle),
        "policy": str(policy),
        "verified": report.failed is None,
        "result": report.overall,
    }


def _whole(stage: Stage, ended: Ended, bundle: Path, trust: Policy) -> BundleReport | None:
    """Return the report of a bundle that holds the whole tender; None while the ledger has not all of it yet."""
    # Who applied is not public. The supervisor would have the requests too, which is put on the stream's own record.
    asker = stage.player(AGENCY).asker() if ended.phase == "qualified" else None
    data = stage.client.fetch(f"/api/procedures/{ended.procedure}/bundle", asker)
    bundle.write_bytes(data)
    report = verify_bundle(data, trust, folder(stage.data / "ledger"))
    return report if report.failed is None else None


def _log_size(stage: Stage) -> int:
    """Verify the whole log and return how many leaves it holds."""
    policy, log = parse_policy(stage.client.fetch("/api/ledger/policy")), folder(stage.data / "ledger")
    report = verify_log(log, lambda note: policy.check(note).checkpoint)
    if report.failed is not None:
        raise Refused("账本未通过核验", f"the log did not verify: {report.overall}")
    return parse((stage.data / "ledger" / "checkpoint").read_bytes()).size


def _settings(stage: Stage) -> str:
    """Return what makes a shell use the demo's installation: with another name for its ledger it would not go on."""
    given = {**stage.given, "GGZY_URL": stage.url}
    path = f"export PATH={quote(str(Path(sys.executable).parent))}:$PATH\n"
    return path + "".join(f"export {name}={quote(value)}\n" for name, value in given.items())


def _further(stage: Stage, shown: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what the full scenario shows besides: its steps as the supervisor's records tell them, its draws again.

    Deposits, objections and complaints are not everyone's: in the bundles that anyone is given their leaves stand.
    """
    bundles = {entry["procedure"]: Path(entry["bundle"]) for entry in shown}
    whole = {name: path.with_name(f"{name}-supervisor.zip") for name, path in bundles.items()}
    for name, path in whole.items():
        asker = stage.player(SUPERVISOR).asker()
        path.write_bytes(stage.client.fetch(f"/api/procedures/{name}/bundle", asker))
    return {"steps": chronicle.found(whole), "draws": draws.shown(stage, bundles)}


def _end(here: Local, stage: Stage, document: dict[str, Any]) -> None:
    """Answer, and end with what went wrong if anything did: a record that does not verify, a step that is not in it."""
    missing = [step["step"] for step in document.get("steps", ()) if not step["found"]]
    verified = all(entry["verified"] for entry in document["procedures"])
    verified &= all(draw["agrees"] for draw in document.get("draws", ()))
    if not here.as_json:
        _tell(stage, document)
    if not verified:
        raise Refused("有项目未通过核验", "a record did not verify", **document)
    if missing:
        named = "、".join(missing)
        raise Refused(f"记录中没有：{named}", f"the records do not show: {named}", **document)
    if here.as_json:
        here.say({**document, "data": str(stage.data)})


def _tell(stage: Stage, document: dict[str, Any]) -> None:
    size, shown = document["ledger"]["size"], document["procedures"]
    rows: list[list[Any]] = [
        ["投标 bidders", *(entry["bidders"] for entry in shown)],
        ["开标 opened", *(entry["opened"] for entry in shown)],
        ["中标 winner", *(entry["winner"] or phase_zh(entry["phase"]) for entry in shown)],
        ["价格 price", *(_yuan(entry["price"]) for entry in shown)],
        ["事件 events", *(entry["events"] for entry in shown)],
        ["账本 ledger", *(size for _ in shown)],
        ["核验 verified", *("是 yes" if entry["verified"] else "否 no" for entry in shown)],
    ]
    table("演示结果 / what was played", ["项目 tender", *(entry["procedure"] for entry in shown)], rows)
    if "steps" in document:
        chronicle.tell(document["steps"])
        chronicle.tell_draws(document["draws"])
    first, data = next((entry for entry in shown if entry["winner"]), shown[0]), stage.data
    witness = f"--key {data}/witness.key --logs {data}/witness.logs --state {data}/witness.state"
    lines = (
        "进一步查看 / look further:",
        f"  . {data / SETTINGS}      # 本终端使用这一平台 / this shell uses the demo's installation",
        f"  ggzy verify {first['bundle']} --policy {first['policy']} --log {data / 'ledger'}",
        "进一步办理 / go on by hand:",
        f"  ggzy witness run {witness} --port {stage.witness_port} &",
        "  ggzy up &",
        f"  ggzy replay {first['procedure']} --as public --home {data}/wallets/{SUPERVISOR}",
    )
    for line in lines:
        err.print(line, markup=False, highlight=False, soft_wrap=True)


def _yuan(price: int | None) -> str:
    return "—" if price is None else f"{format_yuan(price)} 元"
