"""What all commands have in common: their options, who asks of which platform, and how a failure ends."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar, get_type_hints

import typer

from cli import output
from cli.client import Asker, Client
from cli.outbox import Outbox, accepted
from cli.output import Misused, Refused
from cli.wallet import Wallet
from shared.kernel.canonical import NotCanonical
from shared.kernel.errors import Refusal
from shared.ledger.errors import LedgerFault
from shared.platform.keys import KeyMissing
from shared.platform.settings import BadSettings
from shared.seal.faults import NotOpenable
from shared.seal.wire import SealError

F = TypeVar("F", bound=Callable[..., None])

URL = "http://127.0.0.1:8370"
_WHERE = "平台与身份 / platform and identity"

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 / answer with one JSON document")]
Url = Annotated[str, typer.Option(envvar="GGZY_URL", help="平台地址 / the platform", rich_help_panel=_WHERE)]
Home = Annotated[
    Path, typer.Option(envvar="GGZY_HOME", help="本机密钥目录 / keys on this machine", rich_help_panel=_WHERE)
]
Account = Annotated[
    str,
    typer.Option("--as", envvar="GGZY_ACCOUNT", metavar="ACCOUNT", help="以何账户 / who asks", rich_help_panel=_WHERE),
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
        """The account that asks. Raise Misused if none was named."""
        if not self.account:
            raise Misused("请用 --as 指明账户（或设 GGZY_ACCOUNT）", "say who asks with --as ACCOUNT (or GGZY_ACCOUNT)")
        return self.account

    def asker(self, account: str = "") -> Asker:
        """Return who signs as an account, by default the one that asks."""
        name = account or self.who
        return Asker.account(name, self.wallet.account_key(name))

    def give(self, procedure: str, command: dict[str, Any], account: str = "") -> dict[str, Any]:
        """Give a command as an account and return its outcome; after a crash it is the same command again."""
        asker = self.asker(account)
        return accepted(Outbox(self.wallet, self.client).send(asker, account or self.who, procedure, command))


_OPTIONS: dict[type[Local], dict[str, tuple[Any, Any]]] = {
    Local: {"as_json": (AsJson, False)},
    Here: {
        "url": (Url, URL),
        "home": (Home, Path("~/.ggzy")),
        "account": (Account, ""),
        "as_json": (AsJson, False),
    },
}


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
    """Do it; what it raises on purpose ends the program with its exit status, any other error is a fault of ours."""
    try:
        call()
    except (Refused, Misused) as error:
        output.fail(error, as_json=as_json)
    except Refusal as refusal:
        _refused(Refused(refusal.zh, refusal.en, code=refusal.code, article=refusal.article), as_json)
    except LedgerFault as fault:
        _refused(Refused(fault.zh, str(fault)), as_json)
    except NotOpenable as error:
        _refused(Refused(error.fault.zh, error.fault.en, code=str(error.fault.code)), as_json)
    except (BadSettings, KeyMissing) as error:
        output.fail(Misused(f"设置有误：{error}", str(error)), as_json=as_json)
    except (SealError, NotCanonical) as error:
        output.fail(Misused(f"输入无法使用：{error}", f"this cannot be used: {error}"), as_json=as_json)
    except OSError as error:
        output.fail(Misused(f"无法读写：{error}", f"cannot be read or written: {error}"), as_json=as_json)


def _refused(error: Refused, as_json: bool) -> NoReturn:
    output.fail(error, as_json=as_json)
