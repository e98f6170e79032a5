"""The audit as nameko services: one takes in what all others tell and signs the ledger, one answers."""

from collections.abc import Callable
from functools import partial
from time import monotonic, sleep
from typing import Any

from nameko.extensions import DependencyProvider

from services.audit.announcing import Announcer, Teller
from services.audit.checkpoints import Sealer
from services.audit.handlers import Intake
from services.audit.publishing import Publication
from services.audit.views import QUERIES
from services.audit.wanted import Wanted
from services.audit.witnesses import Witness
from shared.ledger.keys import ED25519, Signer
from shared.messaging.lane import Hold
from shared.messaging.saying import Speaker
from shared.platform import keys
from shared.platform.logs import logger
from shared.runtime.calls import Told
from shared.runtime.entrypoints import due, events, query
from shared.runtime.tools import Tools
from shared.runtime.views import Viewed
from shared.store.database import is_fault
from shared.store.ledger_read import last_positions

PAUSE = 1.0
"""Seconds of rest after a beat that failed."""


class Provided(DependencyProvider):
    """Gives a service's methods what `make` makes once from the audit's tools."""

    def __init__(self, make: Callable[[Tools], Any]) -> None:
        self._make = make

    def setup(self) -> None:
        """Make it."""
        self._made = self._make(Tools("audit", self.container.config["ggzy"]))

    def get_dependency(self, worker_ctx: Any) -> Any:
        """Return what was made."""
        del worker_ctx
        return self._made


class Auditing:
    """The writing side: intake, seal, witnesses and news, each of which one thread of the service drives."""

    def __init__(self, tools: Tools) -> None:
        settings, database = tools.settings, tools.database
        times: dict[str, Any] = {"now": tools.clock.now, "monotonic": monotonic}
        publication = Publication(settings.data / "ledger")
        signer = Signer(settings.origin, ED25519, tools.keyring.secret(keys.LEDGER))
        wanted = Wanted()
        self._speaker = Speaker(settings.broker, tools.hallmark)
        self._intake = Intake(database, wanted, **times)
        self._sealer = Sealer(database, signer, publication.last, **times)
        self._announcer = Announcer(database, publication, list(map(Witness.of, settings.witnesses)), **times)
        news, entered = lambda: self._announcer.news, partial(last_positions, database)
        self._teller = Teller(self._speaker, news, entered, wanted, monotonic=monotonic)

    def take(self, batch: list[Told]) -> None:
        """Take in a batch of what the services told."""
        self._intake.take(batch)

    def seal(self) -> None:
        """Sign a checkpoint when it is time."""
        _kept_going("seal", self._sealer.beat)

    def announce(self) -> None:
        """Bring the newest checkpoint to witnesses and world."""
        _kept_going("announce", self._announcer.beat)

    def tell(self) -> None:
        """Tell and ask the other services; after a fault over a new connection."""
        _kept_going("tell", self._teller.beat, self._speaker.close)


def _kept_going(name: str, beat: Callable[[], None], mend: Callable[[], None] = lambda: None) -> None:
    """Do a beat that comes again anyway: a fault in it must not end the intake. Raise Hold if the database is away."""
    try:
        beat()
    except Exception as error:
        mend()
        if is_fault(error):
            raise Hold("the database is away") from error
        logger().exception("beat_failed", beat=name)
        sleep(PAUSE)


class Audit:
    """Puts every record of every service into the ledger."""

    name = "audit"
    auditing = Provided(Auditing)

    @events("#")
    def take(self, batch: list[Told]) -> None:
        """Take in a batch of what the services told."""
        self.auditing.take(batch)

    @due
    def seal(self) -> None:
        """Sign a checkpoint each second when the tree has grown."""
        self.auditing.seal()

    @due
    def announce(self) -> None:
        """Bring the newest checkpoint to witnesses and world."""
        self.auditing.announce()

    @due
    def tell(self) -> None:
        """Tell the other services what is witnessed, ask them for what is missing."""
        self.auditing.tell()


class AuditViews:
    """Answers queries; writes nothing."""

    name = "audit_views"
    views = Provided(lambda tools: Viewed(tools, QUERIES))

    @query
    def query(self, said: Any) -> Any:
        """Answer one signed query."""
        return self.views.answer(said)


SERVICES = [Audit, AuditViews]
