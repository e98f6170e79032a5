"""`doctor`: looks an installation over, part by part, and says what to do about what is not right."""

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import typer

from cli.command import Local, command
from cli.output import out
from cli.run import Data
from shared.kernel.canonical import instant, parse_instant
from shared.platform import keys
from shared.platform.clock import BadClock
from shared.platform.settings import BadSettings, Settings, load

app = typer.Typer()

LEAST_FREE = 2 * 2**30
"""Bytes of free disk below which a deadline's uploads could fill it."""

SECONDS = 3.0
MOST_OFF = timedelta(milliseconds=100)
PRIVATE = 0o077
"""Rights that nobody but the owner may have on keys."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer: what was looked at, how it is, and what to do if it is not right."""

    part: str
    ok: bool
    found: str
    todo: str = ""


@command(app, "doctor")
def doctor(here: Local, data: Data = None) -> None:
    """检查本机的平台：设置、密钥、数据库、消息队列、门户、时钟、磁盘 / look this machine's installation over."""
    findings = list(examine(data))
    good = all(finding.ok for finding in findings)
    if here.as_json:
        rows = [{"part": one.part, "ok": one.ok, "found": one.found, "todo": one.todo} for one in findings]
        here.say({"ok": good, "parts": rows})
    else:
        for one in findings:
            line = f"{'✓' if one.ok else '✗'} {one.part}：{one.found}" + (f"\n    → {one.todo}" if one.todo else "")
            out.print(line, style=None if one.ok else "red", markup=False, highlight=False, soft_wrap=True)
    if not good:
        raise typer.Exit(1)


def examine(data: Path | None) -> Iterator[Finding]:
    """Yield what was found. Where the settings are wrong nothing else can be looked at."""
    try:
        settings = load(**({} if data is None else {"data": data}))
    except BadSettings as error:
        yield Finding("设置 settings", False, f"{error.zh} / {error}", "更正所列环境变量 / correct the variables named")
        return
    yield Finding("设置 settings", True, "嵌入方式 embedded" if settings.embedded else "服务器方式 servers")
    for look in (_directory, _keys, _databases, _broker, _door, _clock, _disk):
        yield look(settings)


def _directory(settings: Settings) -> Finding:
    part, path = "数据目录 data", settings.data
    if not path.is_dir():
        return Finding(part, False, f"{path} 不存在 / is not there", "ggzy migrate，或 ggzy up / do `ggzy migrate`")
    return Finding(part, True, str(path.resolve()))


def _keys(settings: Settings) -> Finding:
    part, folder = "密钥 keys", settings.data / "keys"
    ring = keys.Keyring(folder)
    try:
        for name in (keys.DOOR, keys.RECEIPTS, keys.CREDENTIALS, keys.TOKENS, keys.LEDGER, keys.ARRIVALS):
            ring.secret(name)
    except (keys.KeyMissing, OSError, ValueError) as error:
        zh = getattr(error, "zh", "密钥无法读取")
        return Finding(
            part, False, f"{zh} / {error}", "ggzy migrate；切勿删除或另造已有密钥 / never remake keys in use"
        )
    open_ = [path.name for path in folder.glob("*.key") if path.stat().st_mode & PRIVATE]
    if open_:
        return Finding(part, False, f"他人可读 / others can read {', '.join(open_)}", f"chmod 600 {folder}/*.key")
    return Finding(part, True, f"{len(list(folder.glob('*.key')))} 个，仅所有者可读 / the owner's alone")


def _databases(settings: Settings) -> Finding:
    """Ask each service's database for its revision and tables, as the service itself would."""
    from sqlalchemy.exc import SQLAlchemyError  # with the services, slow to load: only where it is needed

    from shared.store.schema import SchemaFault

    part = "数据库 databases"
    try:
        missing, revisions = list(_missing_tables(settings)), _revisions(settings)
    except SchemaFault as fault:
        todo = "ggzy migrate，或安装较新的程序；此前服务与门户均不启动 / or the newer program; nothing starts before"
        return Finding(part, False, str(fault), todo)
    except (SQLAlchemyError, OSError) as error:
        todo = "检查 GGZY_DATABASE 与数据库是否运行；然后 ggzy migrate / is the database up? then `ggzy migrate`"
        return Finding(part, False, f"{type(error).__name__}: {str(error).splitlines()[0]}", todo)
    if missing:
        return Finding(part, False, f"缺少数据表 / missing: {', '.join(missing)}", "ggzy migrate")
    return Finding(part, True, f"数据表齐全 / every table is there: {revisions}")


def _revisions(settings: Settings) -> str:
    """Return each service's revision. Raise SchemaFault for one that is not this program's."""
    from shared.runtime.lines import services_found
    from shared.runtime.schemas import require_schemas

    there = [name for name in services_found() if _is_there(settings, name)]
    return ", ".join(f"{name} {revision}" for name, revision in require_schemas(settings, there).items())


def _is_there(settings: Settings, service: str) -> bool:
    """Whether a service's database can be looked at without making it."""
    return settings.database != "sqlite" or (settings.data / "db" / f"{service}.db").exists()


def _missing_tables(settings: Settings) -> Iterator[str]:
    """Yield `service.table` for each table that is not there; nothing is created by looking."""
    from sqlalchemy import inspect

    from shared.runtime.lines import services_found
    from shared.runtime.schemas import schema_of
    from shared.store.connect import connect

    for service in services_found():
        if not _is_there(settings, service):
            yield f"{service}.*"
            continue
        database = connect(settings, service)
        try:
            there = set(inspect(database.engine).get_table_names())
            yield from (f"{service}.{name}" for name in sorted(schema_of(service).wanted.tables.keys() - there))
        finally:
            database.close()


def _broker(settings: Settings) -> Finding:
    part = "消息队列 broker"
    if settings.embedded:
        return _socket(part, settings.data / "services.sock")
    from kombu import Connection

    try:
        with Connection(settings.broker, connect_timeout=SECONDS) as connection:
            connection.ensure_connection(max_retries=1, timeout=SECONDS)
    except Exception as error:  # noqa: BLE001 - whatever the transport raises, the broker cannot be reached
        where = urlsplit(settings.broker).hostname
        return Finding(
            part, False, f"{where}: {type(error).__name__}", "检查 GGZY_BROKER 与 RabbitMQ / is RabbitMQ up?"
        )
    return Finding(part, True, str(urlsplit(settings.broker).hostname))


def _socket(part: str, path: Path) -> Finding:
    """Return whether the services' process listens on its socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(SECONDS)
        try:
            probe.connect(str(path))
        except OSError as error:
            return Finding(part, False, f"{path}: {error.strerror or error}", "ggzy up / start it with `ggzy up`")
    return Finding(part, True, "服务进程在运行 / the services' process is up")


def _door(settings: Settings) -> Finding:
    part, url = "门户 door", door_url(settings)
    try:
        health = httpx.get(f"{url}/api/health", timeout=SECONDS, trust_env=False)
        found = health.json()
    except (httpx.HTTPError, ValueError) as error:
        return Finding(part, False, f"{url}: {type(error).__name__}", "ggzy up 或 ggzy portal / start it")
    good = bool(health.is_success and found.get("ok"))
    if behind := found.get("behind"):
        todo = "；".join(f"ggzy recover {line}" for line in behind)
        why = f"流水落后于账本，不受理操作 / behind the ledger, takes no commands: {', '.join(behind)}"
        return Finding(part, False, f"{url} {why}", todo)
    if stale := _stale(found.get("round_trips", {})):
        todo = "查看该业务线的服务、中继与消息队列 / look at that line's service, the relay and the broker"
        why = f"探测未能往返，限时竞价不能结束 / no probe comes round, so no auction can end: {', '.join(stale)}"
        return Finding(part, False, f"{url} {why}", todo)
    return Finding(part, good, f"{url} {found}", "" if good else "查看日志 / see its log")


def _stale(round_trips: dict[str, Any]) -> list[str]:
    """Return the lines with timed auctions to which no probe goes and comes back in time."""
    from shared.store.health import FRESH

    longest = FRESH / timedelta(milliseconds=1)
    return [line for line, told in round_trips.items() if told is None or told["age_ms"] > longest]


def door_url(settings: Settings) -> str:
    """Return where this machine reaches its own door."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
    return f"http://{host}:{settings.port}"


def _clock(settings: Settings) -> Finding:
    """Compare this machine's clock with the door's; half the round trip is in the reading's uncertainty."""
    part = "时钟 clock"
    try:
        clock = settings.make_clock()
        clock.now()
    except (BadSettings, BadClock) as error:
        return Finding(
            part, False, f"{error.zh} / {error}", "GGZY_CLOCK=simulated，或换数据目录 / or another data directory"
        )
    try:
        before = clock.now()
        told = parse_instant(
            httpx.get(f"{door_url(settings)}/api/time", timeout=SECONDS, trust_env=False).json()["now"]
        )
        after = clock.now()
    except (httpx.HTTPError, ValueError, KeyError):
        return Finding(part, True, f"{instant(clock.now())}（未能与门户比较 / the door was not there to compare with）")
    off = abs((told - before) - (after - before) / 2)
    kind = "模拟 simulated" if clock.simulated else "系统 system"
    good = off - (after - before) / 2 <= MOST_OFF
    todo = "" if good else "启用 NTP；相差超过 100 毫秒时门户不收投标 / a door more than 100 ms off takes no bids"
    return Finding(part, good, f"{kind}，{instant(after)}，相差 {off / timedelta(milliseconds=1):.0f} ms", todo)


def _disk(settings: Settings) -> Finding:
    part = "磁盘 disk"
    place = next(path for path in (settings.data.absolute(), *settings.data.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free
    todo = "" if free >= LEAST_FREE else "清理或扩容，至少留 2 GiB / make room: 2 GiB at least"
    return Finding(part, free >= LEAST_FREE, f"{free / 2**30:.1f} GiB 可用 / free", todo)
