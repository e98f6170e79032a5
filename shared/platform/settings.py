"""What an installation is set to, read from `GGZY_*` variables and checked when a process starts."""

import re
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.kernel.wrong_fields import said_zh
from shared.platform.clock import Clock, SimulatedClock, SystemClock

EMBEDDED_BROKER = "embedded://"

_POSTGRES = re.compile(r"postgresql\+psycopg2://.*\{service\}")


class BadSettings(Exception):
    """A setting is missing or wrong; the text names the variable and what it should be, `zh` does in Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


class Settings(BaseSettings):
    """The settings of one installation; every process of it reads the same.

    `database` is `sqlite` (one file per service in the data directory) or a PostgreSQL URL, in which `{service}`
    stands for the service's own role. `broker` is `embedded://` or an AMQP address. `quorum` is how many of the
    `witnesses` make a checkpoint witnessed: more than half where it is left out. `operator_parties` are the operator
    and those in a relation of control or management with it, as `scheme:id`: they bid on no tender here.
    `covers` is how many dummies at most each tender gets, so that counting its messages tells no one how many bid.
    `burst_public` requests may come at once from one address that does not sign, and `rate_public` more each second;
    `burst_signed` and `rate_signed` are the same for one account or pseudonym. A bidder's submission is never among
    them.
    """

    model_config = SettingsConfigDict(env_prefix="GGZY_", extra="forbid", frozen=True)

    data: Path = Path("var/ggzy")
    database: str = "sqlite"
    broker: str = EMBEDDED_BROKER
    host: str = "127.0.0.1"
    port: int = Field(default=8370, ge=0, le=65535)
    clock: Literal["system", "simulated"] = "system"
    origin: str = Field(default="ledger.ggzy.localhost/370500", pattern=r"^[^\s+]+$")
    region: str = Field(default="370500", pattern=r"^\d{6}$")
    witnesses: tuple[str, ...] = ()
    quorum: int | None = Field(default=None, ge=1)
    operator_parties: tuple[str, ...] = ()
    covers: int = Field(default=0, ge=0, le=1000)
    upload_limit: int = Field(default=4 * 2**30, gt=0)
    rate_public: int = Field(default=50, ge=1)
    burst_public: int = Field(default=300, ge=1)
    rate_signed: int = Field(default=50, ge=1)
    burst_signed: int = Field(default=600, ge=1)

    @model_validator(mode="after")
    def _modes_agree(self) -> Self:
        if self.embedded and self.database != "sqlite":
            raise ValueError("the embedded broker goes with GGZY_DATABASE=sqlite; give GGZY_BROKER too")
        if not self.embedded and self.database == "sqlite":
            raise ValueError("a real broker goes with PostgreSQL; give GGZY_DATABASE")
        if self.database != "sqlite" and not _POSTGRES.match(self.database):
            raise ValueError("GGZY_DATABASE is sqlite, or postgresql+psycopg2://{service}:PASSWORD@HOST/NAME")
        if self.quorum is not None and self.quorum > len(self.witnesses):
            raise ValueError("GGZY_QUORUM is from 1 to the number of GGZY_WITNESSES")
        return self

    @property
    def witnesses_needed(self) -> int:
        """How many witnesses make a checkpoint witnessed; 0 where there are none."""
        return self.quorum or (len(self.witnesses) // 2 + 1 if self.witnesses else 0)

    @property
    def embedded(self) -> bool:
        """Whether broker and databases live inside the installation's own two processes."""
        return self.broker == EMBEDDED_BROKER

    def make_clock(self) -> Clock:
        """Return the installation's clock. Raise BadSettings where a real one meets a simulated directory."""
        marker = self.data / "clock.json"
        if self.clock == "simulated":
            return SimulatedClock(marker)
        if marker.exists():
            raise BadSettings(
                f"{self.data} was made with a simulated clock: GGZY_DATA must name another directory",
                f"{self.data} 是用模拟时钟建立的，GGZY_DATA 请指定另一目录",
            )
        return SystemClock()


def load(**given: object) -> Settings:
    """Return the settings from the environment, `given` first. Raise BadSettings that names every wrong one."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks what the command line gave
    except ValidationError as error:
        faults = error.errors()
        zh = "；".join(f"{_named(one, '：')}{said_zh(one)}" for one in faults)
        raise BadSettings("; ".join(map(_said, faults)), zh) from error


def _said(item: ErrorDetails) -> str:
    """Return what is wrong with one variable, or with several together; then the text names them."""
    return _named(item, ": ") + item["msg"].removeprefix("Value error, ")


def _named(item: ErrorDetails, colon: str) -> str:
    return f"GGZY_{'_'.join(map(str, item['loc'])).upper()}{colon}" if item["loc"] else ""
