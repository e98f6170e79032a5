"""Running the platform: `up`, `serve`, `relay`, `portal`, `migrate`, `clock`."""

import os
import re
import socket
import sys
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.command import Local, command
from cli.files import system_zh
from cli.output import Misused, Refused, note
from shared.kernel.canonical import instant
from shared.platform import logs
from shared.platform.alone import InUse, claim
from shared.platform.clock import SimulatedClock
from shared.platform.settings import Settings, load
from shared.platform.supervise import Supervisor

app = typer.Typer()
clock = typer.Typer(
    help="平台时钟；仅模拟时钟可拨 / the installation's clock; only a simulated one moves", no_args_is_help=True
)

Data = Annotated[Path | None, typer.Option(help="数据目录 / the data directory (GGZY_DATA)")]
Port = Annotated[int | None, typer.Option(help="门户端口 / the door's port (GGZY_PORT)")]
Services = Annotated[list[str] | None, typer.Argument(help="服务名，缺省为全部 / services, by default all")]
_SPAN = re.compile(r"(\d+)([dhms])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


@command(app, "up")
def up(_here: Local, data: Data = None, port: Port = None) -> None:
    """在本机以嵌入方式运行平台，直至 Ctrl-C / run the platform embedded on this machine until Ctrl-C."""
    settings = _settings(data=data, port=port)
    if not settings.embedded:
        raise Misused("up 用于嵌入方式；请用 serve", "`up` is the embedded mode; with a broker use `serve`")
    _listens(settings)
    _export(settings)
    quieten()
    from shared.runtime.install import install  # loads the services; a light command need not
    from shared.store.schema import SchemaFault

    _is_alone(settings)
    _keeps_its_name(settings)
    try:
        install(settings)
    except SchemaFault as fault:
        raise Refused(fault.zh, fault.en) from fault
    where = f"http://{settings.host}:{settings.port}"
    note(
        f"平台将在 {where} 运行，数据在 {settings.data}；Ctrl-C 停止",
        f"the platform comes up at {where}; Ctrl-C ends it",
    )
    _supervise({"services": _python("shared.runtime.serve"), "portal": _python("services.portal.main")})


@command(app, "serve")
def serve(_here: Local, services: Services = None) -> None:
    """运行一个或全部服务 / run the services named in this process, or the whole installation as its supervisor."""
    _on_servers(services)
    if services:
        os.execv(sys.executable, _python("shared.runtime.serve", *services))  # noqa: S606 - patched before imports
    from shared.runtime.lines import services_found

    _listens(_settings())
    _has_schemas(_settings())
    children = {name: _python("shared.runtime.serve", name) for name in services_found()}
    _supervise({**children, "relay": _python("shared.runtime.relaying"), "portal": _python("services.portal.main")})


@command(app, "relay")
def relay(_here: Local, services: Services = None) -> None:
    """运行转发进程 / run the relay of the services named, or of all."""
    _on_servers(services)
    os.execv(sys.executable, _python("shared.runtime.relaying", *(services or [])))  # noqa: S606 - a fresh process


@command(app, "portal")
def portal(_here: Local) -> None:
    """运行门户 / run the door."""
    _listens(_settings())
    _has_keys(_settings())
    os.execv(sys.executable, _python("services.portal.main"))  # noqa: S606 - a fresh process


@command(app, "migrate")
def migrate(
    here: Local,
    admin: Annotated[str, typer.Option(help="PostgreSQL 所有者地址 / the URL of the schemas' owner")] = "",
    down: Annotated[
        str, typer.Option(help="退回到某修订，如 bidding:base / back to a revision, SERVICE:REVISION")
    ] = "",
    restore_guards: Annotated[bool, typer.Option(help="恢复禁止改写的触发器 / put the triggers back")] = False,
) -> None:
    """建立或升级密钥、数据库与队列 / make what is missing or older: keys, schemas, queues."""
    quieten()
    from sqlalchemy.exc import SQLAlchemyError  # with the services, slow to load: only where it is needed

    from shared.runtime.install import install, take_back
    from shared.store.schema import SchemaFault

    settings = _settings()
    if admin and settings.embedded:
        raise Misused(
            "嵌入方式不用 --admin；服务器方式请设 GGZY_BROKER 与 GGZY_DATABASE",
            "the embedded mode takes no --admin; for servers give GGZY_BROKER and GGZY_DATABASE",
        )
    service, _, revision = down.partition(":")
    try:
        if down:
            take_back(settings, service, revision, admin)
            here.say({"service": service, "revision": revision}, "已退回 / taken back")
            return
        revisions = install(settings, admin, restore_guards=restore_guards)
    except SchemaFault as fault:
        raise Refused(fault.zh, fault.en) from fault
    except SQLAlchemyError as error:
        why = str(error).splitlines()[0]
        zh = "数据库无法连接或拒绝操作，请检查 --admin 与 GGZY_DATABASE"
        raise Refused(
            zh, f"the database cannot be reached or refuses: check --admin and GGZY_DATABASE: {why}"
        ) from error
    here.say({"data": str(settings.data), "services": list(revisions), "revisions": revisions}, "已就绪 / ready")


@command(clock, "advance")
def advance(
    here: Local,
    span: Annotated[str, typer.Argument(help="多久，如 20d、90m、1d12h / how long, as 20d, 90m, 1d12h")],
    data: Data = None,
) -> None:
    """将模拟时钟向前拨动，如 20d 或 90m / move the simulated clock forward, by 20d or 90m."""
    parts = _SPAN.findall(span)
    if not parts or "".join(number + unit for number, unit in parts) != span:
        raise Misused(f"无法识别的时长 {span}，应如 20d12h", f"not a span of time: {span}; give one such as 20d12h")
    simulated = _simulated(data)
    try:
        by = timedelta(**{_UNITS[unit]: int(number) for number, unit in parts})
        here.say({"now": instant(simulated.advance(by))})
    except OverflowError as error:
        raise Misused(
            f"时长 {span} 过长，公历已尽", f"{span} leads beyond the calendar: give a shorter span"
        ) from error


@command(clock, "next")
def next_(here: Local, data: Data = None) -> None:
    """将模拟时钟拨到下一个到期的时刻 / move the simulated clock to the next timer that is due."""
    from sqlalchemy.exc import SQLAlchemyError

    from shared.runtime.lines import lines
    from shared.store.connect import connect
    from shared.store.timers import next_due

    simulated, settings = _simulated(data), _settings(data=data)
    try:
        moments = [due for name in lines() if (due := next_due(connect(settings, name))) is not None]
    except SQLAlchemyError as error:
        zh = f"{settings.data} 中没有可用的数据库，请先 ggzy up"
        raise Misused(zh, f"no database to read in {settings.data}: do `ggzy up` first") from error
    if not moments:
        raise Refused("没有待到期的时刻", "no timer is waiting")
    by = max(min(moments) - simulated.now(), timedelta())
    here.say({"now": instant(simulated.advance(by))})


@command(clock, "show")
def show(here: Local, data: Data = None) -> None:
    """显示平台时钟 / show the installation's clock."""
    reads = _settings(data=data).make_clock()
    here.say({"now": instant(reads.now()), "simulated": reads.simulated})


def _simulated(data: Path | None) -> SimulatedClock:
    settings = _settings(data=data)
    if not (settings.data / "clock.json").exists():
        raise Misused(f"{settings.data} 不是模拟时钟目录", f"{settings.data} does not run on a simulated clock")
    return SimulatedClock(settings.data / "clock.json")


def _settings(**given: object) -> Settings:
    return load(**{name: value for name, value in given.items() if value is not None})


def quieten() -> None:
    """Spare people eventlet's announcement of its own end; ADR 0001 says how far it may reach."""
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")


def _is_alone(settings: Settings) -> None:
    """Raise Misused where the platform runs on this data directory already."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        claim(settings.data).close()
    except InUse as error:
        raise Misused(
            f"{settings.data} 上已有平台在运行；请先停止，或用 --data 另选目录",
            f"the platform runs on {settings.data} already: stop it first, or name another directory with --data",
        ) from error


def _listens(settings: Settings) -> None:
    """Raise Misused where the door could not listen at its address."""
    where = f"{settings.host}:{settings.port}"
    try:
        socket.create_server((settings.host, settings.port)).close()
    except OSError as error:
        raise Misused(
            f"无法在 {where} 监听（{system_zh(error)}）；请用 GGZY_PORT 或 GGZY_HOST 另选",
            f"cannot listen at {where} ({error.strerror}): choose another with GGZY_PORT or GGZY_HOST",
        ) from error


def _on_servers(named: list[str] | None) -> None:
    """Raise Misused for the embedded mode, for services that are not there, and before the keys are made."""
    from shared.runtime.lines import services_found

    settings, found = _settings(), services_found()
    if settings.embedded:
        raise Misused(
            "嵌入方式请用 ggzy up；服务器方式请设 GGZY_BROKER 与 GGZY_DATABASE",
            "the embedded mode is run by `ggzy up`; for servers give GGZY_BROKER and GGZY_DATABASE",
        )
    if unknown := [name for name in named or () if name not in found]:
        raise Misused(
            f"没有服务 {'、'.join(unknown)}；现有：{'、'.join(found)}",
            f"no such service: {', '.join(unknown)}; there are {', '.join(found)}",
        )
    _has_keys(settings)
    _keeps_its_name(settings)


def _has_keys(settings: Settings) -> None:
    """Raise Misused before the keys are made."""
    if not (settings.data / "keys").is_dir():
        raise Misused(
            f"{settings.data} 中没有密钥，请先 ggzy migrate（服务器方式加 --admin URL）",
            f"no keys in {settings.data}: do `ggzy migrate` first, on servers with --admin URL",
        )


def _has_schemas(settings: Settings) -> None:
    """Raise Refused where a schema is not this program's. Services look themselves; here it ends what starts them."""
    from sqlalchemy.exc import OperationalError

    from shared.runtime.lines import services_found
    from shared.runtime.schemas import require_schemas
    from shared.store.schema import SchemaFault

    try:
        require_schemas(settings, services_found())
    except SchemaFault as fault:
        raise Refused(fault.zh, fault.en) from fault
    except OperationalError:
        return  # a database that is away: the services are started again until it is there


def _keeps_its_name(settings: Settings) -> None:
    """Raise Misused where the ledger that is there was begun under another name: it could never be signed on."""
    checkpoint = settings.data / "ledger" / "checkpoint"
    begun = checkpoint.read_text().partition("\n")[0] if checkpoint.is_file() else settings.origin
    if begun != settings.origin:
        raise Misused(
            f"{settings.data} 的账本名为 {begun}，请设 GGZY_ORIGIN={begun}",
            f"the ledger in {settings.data} bears the name {begun}: set GGZY_ORIGIN={begun}",
        )


def _export(settings: Settings) -> None:
    """Hand what the command line said to the child processes."""
    os.environ |= {"GGZY_DATA": str(settings.data), "GGZY_PORT": str(settings.port)}


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _supervise(children: dict[str, list[str]]) -> None:
    logs.configure("supervisor")
    Supervisor(children).run()
