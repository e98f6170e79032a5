"""The command `ggzy demo`: plays what ships with the program and tells how each procedure ended."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Annotated, Any, Literal

import typer

from cli.command import Local, command
from cli.demo import evidence, notices
from cli.demo.cast import SUPERVISOR, Cast
from cli.demo.full import chronicle, draws
from cli.demo.full import scenario as full
from cli.demo.land import scenario as land
from cli.demo.stage import Stage
from cli.demo.telling import Progress, tell
from cli.output import Refused

SETTINGS = "settings.sh"

Scenario = Literal["notices", "land", "full"]
"""What is played: all that is real and ships with the program, tender notices and land contracts; the latter alone;
or a made-up project in which most of the law is needed."""

PARTS = {"notices": (notices.play, land.play), "land": (land.play,), "full": (full.play,)}
"""What each scenario is made of."""

app = typer.Typer()


@command(app, "demo")
def demo(
    here: Local,
    data: Annotated[Path, typer.Option(help="演示目录，每次重建 / the demo's directory, made anew")] = Path("var/demo"),
    scenario: Annotated[
        Scenario,
        typer.Option(help="真实公告与土地合同、仅土地、或全流程两标段 / real ones, land alone, or a whole project"),
    ] = "notices",
) -> None:
    """演示全流程并离线核验 / play real notices and contracts, or a whole project, and verify their record offline."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that what was started ends as well
    with Stage(data.absolute()) as stage:
        told = Progress(quiet=here.as_json)
        told("启动平台与见证人 / the platform and a witness are up")
        cast = Cast(stage)
        cast.assemble()
        results = [ended for play in PARTS[scenario] for ended in play(stage, cast, told)]
        shown = evidence.gathered(stage, results, told)
        more = _further(stage, shown) if scenario == "full" else {"land": land.explained()}
        size = evidence.log_size(stage)
        (stage.data / SETTINGS).write_text(_settings(stage))
    document = {"procedures": shown, "ledger": {"size": size, "directory": str(stage.data / "ledger")}, **more}
    _end(here, stage, document)


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
        tell(stage, stage.data / SETTINGS, document)
    if not verified:
        raise Refused("有项目未通过核验", "a record did not verify", **document)
    if missing:
        named = "、".join(missing)
        raise Refused(f"记录中没有：{named}", f"the records do not show: {named}", **document)
    if here.as_json:
        here.say({**document, "data": str(stage.data)})
