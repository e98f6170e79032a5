"""The draw of evaluation experts: `draw verify` makes it again offline, from its file alone."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from cli.audit import Trust, warn_unwitnessed
from cli.command import Local, command
from cli.files import read_object, read_policy
from cli.output import Misused, steps
from shared.kernel.wrong_fields import bad_input
from shared.procedure.drawn import DrawFile, verify_draw

app = typer.Typer(help="评标专家抽取 / the draw of evaluation experts.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="抽取文件 / the draw's file")]


@command(app, "verify")
def verify(here: Local, file: File, *, policy: Trust = None) -> None:
    """离线重新计算专家抽取，逐步列出 / make a draw of experts again, offline and in numbered steps."""
    claimed = read_draw(file)
    trusted = read_policy(policy)
    warn_unwitnessed(trusted)
    report = verify_draw(claimed, trusted)
    steps(report, report.overall, good=not report.failed, as_json=here.as_json)


def read_draw(path: Path) -> DrawFile:
    """Return the draw in a file. Raise Misused, naming each wrong field, if there is none."""
    read_object(path)
    try:
        return DrawFile.model_validate_json(path.read_text("utf-8-sig"))
    except ValidationError as error:
        wrong = bad_input(error)
        raise Misused(f"{path} 不是抽取文件：{wrong.zh}", f"{path} is not a draw's file: {wrong.en}") from error
