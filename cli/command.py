"""What all commands have in common: their options, who asks of which platform, and how a failure ends."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar, get_type_hints

import typer

from cli import output
from cli.client import Asker, Client
from cli.files import system_zh
from cli.outbox import Outbox, accepted
from cli.output import Misused, Refused
from cli.wallet import SESSIONS, Wallet
from shared.kernel.canonical import NotCanonical
from shared.kernel.errors import Refusal
from shared.ledger.errors import LedgerFault
from shared.platform.clock import BadClock
from shared.platform.keys import KeyMissing
from shared.platform.settings import BadSettings
from shared.seal.faults import NotOpenable
from shared.seal.wire import SealError

F = TypeVar("F", bound=Callable[..., None])

URL = "http://127.0.0.1:8370"
_WHERE = "平台与身份 / platform and identity"
_WHO = "以何账户 / who asks"

Procedure = Annotated[str, typer.Argument(metavar="PROCEDURE", help="项目编号 / the procedure")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 / answer with one JSON document")]
Url = Annotated[str, typer.Option(envvar="GGZY_URL", help="平台地址 / the platform", rich_help_panel=_WHERE)]
Home = Annotated[
    Path, typer.Option(envvar="GGZY_HOME", help="本机密钥目录 / keys on this machine", rich_help_panel=_WHERE)
]
Account = Annotated[
    str,
    typer.Option(
        "--as",
        "--account",
        envvar="GGZY_ACCOUNT",
        metavar="ACCOUNT",
        help=_WHO,
        rich_help_panel=_WHERE,
    ),
]
Watcher = Annotated[
    str,
    typer.Option("--account", envvar="GGZY_ACCOUNT", metavar="ACCOUNT", help=_WHO, rich_help_panel=_WHERE),
]


@dataclass(frozen=True)
class Local:
    """A command that needs no platform: only how it answers."""

    as_json: bool = False

    def say(self, data: dict[str, Any], title: str = "") -> None:
        """Answer."""
        output.answer(data, as_json=self.as_json, title=title)

    def close(self) -> None:
        """Let go of what the command held."""

    def show(self, data: dict[str, Any], title: str, columns: list[str], rows: list[list[Any]]) -> None:
        """Answer with `data` in JSON, with a table for people."""
        if self.as_json:
            output.answer(data, as_json=True)
        else:
            output.table(title, columns, rows)


@dataclass(frozen=True)
class Here(Local):
    """A command at a platform: where it is, what this machine keeps, and who asks."""

    url: str = URL
    home: Path = Path("~/.ggzy")
    account: str = ""
    option: ClassVar[str] = "--as"

    @cached_property
    def wallet(self) -> Wallet:
        """What this machine keeps."""
        return Wallet(self.home.expanduser())

    @cached_property
    def client(self) -> Client:
        """The platform."""
        return Client(self.url)

    def close(self) -> None:
        """Let go of the connections, if there are any."""
        if "client" in self.__dict__:
            self.client.close()

    @property
    def who(self) -> str:
        """The account that asks: the one named, or the only one of this machine. Raise Misused if that says nobody."""
        if self.account:
            return self.account
        held = self.wallet.names("accounts")
        if len(held) == 1:
            return held[0]
        listed = f"（{'、'.join(held)}）" if held else ""
        raise Misused(
            f"请用 {self.option} 指明本机的账户{listed}，或设 GGZY_ACCOUNT",
            f"say who asks with {self.option} ACCOUNT, or GGZY_ACCOUNT: {', '.join(held) or 'none is here yet'}",
        )

    def asker(self, account: str = "") -> Asker:
        """Return who signs as an account, by default the one that asks; without its key here, in its session."""
        name = account or self.who
        if not self.wallet.has("accounts", name) and self.wallet.has(SESSIONS, name):
            return self.session(name)
        return Asker.account(name, self.wallet.account_key(name))

    def session(self, account: str) -> Asker:
        """Return who asks in an account's session. Raise Misused if this machine has none."""
        return Asker.session(str(self.wallet.read(SESSIONS, account)["session"]))

    def give(self, procedure: str, command: dict[str, Any], account: str = "") -> dict[str, Any]:
        """Give a command as an account and return its outcome; after a crash it is the same command again."""
        asker = self.asker(account)
        return accepted(Outbox(self.wallet, self.client).send(asker, account or self.who, procedure, command))


@dataclass(frozen=True)
class Watching(Here):
    """A command at a platform in which `--as` names the role through whose eyes it looks."""

    option: ClassVar[str] = "--account"


_OPTIONS: dict[type[Local], dict[str, tuple[Any, Any]]] = {
    Local: {"as_json": (AsJson, False)},
    Here: {
        "url": (Url, URL),
        "home": (Home, Path("~/.ggzy")),
        "account": (Account, ""),
        "as_json": (AsJson, False),
    },
}
_OPTIONS[Watching] = {**_OPTIONS[Here], "account": (Watcher, "")}


def command(app: typer.Typer, name: str, *, hidden: bool = False) -> Callable[[F], F]:
    """Register a function whose first parameter is `Local` or `Here`; its fields become options of the command."""

    def register(function: F) -> F:
        kind = next(iter(get_type_hints(function).values()))
        options = _OPTIONS[kind]

        @wraps(function)
        def run(**given: Any) -> None:
            here = kind(**{option: given.pop(option) for option in options})
            try:
                guarded(lambda: function(here, **given), as_json=here.as_json)
            finally:
                here.close()

        run.__signature__ = _signature(function, options)  # type: ignore[attr-defined]  # what typer reads
        app.command(name, hidden=hidden)(run)
        return function

    return register


def _signature(function: Callable[..., None], options: dict[str, tuple[Any, Any]]) -> inspect.Signature:
    keyword = inspect.Parameter.KEYWORD_ONLY
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    common = [
        inspect.Parameter(name, keyword, default=default, annotation=kind) for name, (kind, default) in options.items()
    ]
    return inspect.Signature([*(parameter.replace(kind=keyword) for parameter in own), *common])


def guarded(call: Callable[[], None], *, as_json: bool) -> None:
    """Do it; what it raises on purpose ends the program with its exit status, anything else as a fault of ours."""
    try:
        call()
    except (typer.Exit, typer.Abort, BrokenPipeError):
        raise  # ended on purpose; or who reads the answer has had enough
    except Exception as error:  # noqa: BLE001 - told in both languages, and never as success
        output.fail(_told(error), as_json=as_json)


def _told(error: Exception) -> Refused | Misused:
    """Return what people are told of an error, which decides the exit status too."""
    told: Refused | Misused
    match error:
        case Refused() | Misused():
            told = error
        case Refusal():
            told = Refused(error.zh, error.en, code=error.code, article=error.article)
        case LedgerFault():
            told = Refused(error.zh, str(error))
        case NotOpenable():
            told = Refused(error.fault.zh, error.fault.en, code=str(error.fault.code))
        case BadSettings() | BadClock():
            told = Misused(f"设置有误，请更正：{error.zh}", str(error))
        case KeyMissing():
            told = Misused(f"缺少平台密钥，请先在平台主机执行 ggzy migrate 或 ggzy up：{error.zh}", str(error))
        case SealError() | NotCanonical():
            told = Misused(f"输入无法使用：{error.zh}", f"this cannot be used: {error}")
        case OSError():
            told = Misused(f"无法读写，请检查路径与权限：{system_zh(error)}", f"cannot be read or written: {error}")
        case _:
            told = output.fault(error)
    return told
