"""Serving as a witness 见证: `witness keygen|run`; to be run by another body than the platform, on its own machine."""

import argparse
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.command import Local, command
from cli.output import Misused
from shared.ledger.errors import LedgerFault
from shared.ledger.keys import COSIGNATURE, Signer, parse_skey, parse_vkey

app = typer.Typer(help="见证：为账本检查点背书 / a witness that cosigns checkpoints", no_args_is_help=True)

Url = Annotated[str, typer.Option(help="对外地址，供平台填入 / where the platform will reach it")]

ENDPOINT = "add-checkpoint"


@command(app, "keygen")
def keygen(
    here: Local,
    name: Annotated[str, typer.Argument(help="见证名称，如 archive.example.gov.cn/w1 / the witness's name")],
    file: Annotated[
        Path, typer.Argument(dir_okay=False, help="私钥文件，不得已存在 / the private key; must not exist")
    ],
    *,
    url: Url = "http://127.0.0.1:8460",
) -> None:
    """生成见证密钥，显示公钥与平台设置行 / make a witness key; print its public half and the platform's setting."""
    try:
        signer = Signer(name, COSIGNATURE, os.urandom(32))
    except LedgerFault as fault:
        zh = f"见证名称有误：{name!r}；应如 archive.example.gov.cn/w1，不含空格与加号"
        raise Misused(zh, f"{fault}; write it as archive.example.gov.cn/w1, without spaces and +") from fault
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Misused(f"{file} 已存在，不予覆盖", f"{file} exists and is not overwritten") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(f"{signer.skey}\n")
    vkey = signer.verifier.vkey
    here.say({"vkey": vkey, "file": str(file), "setting": setting(url, vkey)}, "见证密钥已生成 / witness key made")


def setting(url: str, vkey: str) -> str:
    """Return the line that a platform puts into its environment to ask this witness; a JSON list, one item each."""
    return f'GGZY_WITNESSES=["{url.rstrip("/")}/{ENDPOINT}|{vkey}"]'


@command(app, "run")
def run(
    here: Local,
    *,
    key: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="见证私钥文件 / the private key file")],
    logs: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="账本公钥，每行一个 / the logs' vkeys")],
    state: Annotated[Path, typer.Option(file_okay=False, help="见证记忆目录 / the folder of its memory")],
    host: Annotated[str, typer.Option(help="监听地址 / address to listen at")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="监听端口 / port")] = 8460,
    url: Url = "",
) -> None:
    """运行见证服务，直至 Ctrl-C / serve until Ctrl-C."""
    from witness.__main__ import run as serve  # another program's entry; loaded only to become it

    vkey = _checked(key, logs)
    here.say({"vkey": vkey, "setting": setting(url or f"http://{host}:{port}", vkey)}, "见证运行中 / witnessing")
    given: dict[str, Any] = {"key": key, "logs": logs, "state": state, "host": host, "port": port, "prefix": ""}
    serve(argparse.Namespace(**given))


def _checked(key: Path, logs: Path) -> str:
    """Return the witness's vkey. Raise Misused, naming the file, where key or logs cannot be read."""
    try:
        vkey = parse_skey(key.read_text("utf-8").strip()).verifier.vkey
    except (LedgerFault, UnicodeDecodeError) as error:
        raise Misused(f"{key} 不是见证私钥文件", f"{key} is not a witness's key: {error}") from error
    try:
        followed = [parse_vkey(line) for line in logs.read_text("utf-8").split()]
    except (LedgerFault, UnicodeDecodeError) as error:
        raise Misused(f"{logs} 中有不是账本公钥的行", f"{logs}: a line is no vkey: {error}") from error
    if not followed:
        raise Misused(f"{logs} 中没有账本公钥", f"{logs} names no log to follow")
    return vkey
