"""The relay process: `python -m shared.runtime.relaying [SERVICE ...]`, two threads for each service's journal."""

import os
import signal
import sys
import threading
import warnings
from time import monotonic

from shared.messaging.hallmark import Hallmark
from shared.messaging.relay import Relay
from shared.messaging.retelling import Retelling
from shared.platform import keys, logs
from shared.platform.garbage import look_rarely
from shared.platform.settings import Settings, load
from shared.runtime.lines import lines
from shared.store.connect import connect

HUNG_SECONDS = 45.0


def relays(settings: Settings, names: list[str]) -> list[Relay | Retelling]:
    """Return for each of the services that keep a journal a relay, and who tells a new broker what that told before."""
    from shared.runtime.install import queues  # loads the services, and eventlet with them

    hallmark = Hallmark(keys.Keyring(settings.data / "keys").secret(keys.EVENTS))
    made: list[Relay | Retelling] = []
    for name in names or sorted(lines()):
        database = connect(settings, name)
        made.append(Relay(name, database, settings.broker, hallmark, timed=lines()[name].timed))
        made.append(Retelling(name, database, settings.broker, hallmark, queues))
    return made


def main(names: list[str]) -> None:
    """Relay until SIGTERM. A relay that hangs, as on a blocked broker, ends the process, to be started anew."""
    logs.configure("relay")
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")  # docs/decisions/0001
    workers = relays(load(), names)
    look_rarely()
    seen: dict[int, float] = {}
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    threads = [
        threading.Thread(target=relay.run, args=(lambda key=key: seen.update({key: monotonic()}),), daemon=True)
        for key, relay in enumerate(workers)
    ]
    for thread in threads:
        thread.start()
    while not ended.wait(0.5):
        if any(monotonic() - at > HUNG_SECONDS for at in seen.values()) or not all(t.is_alive() for t in threads):
            logs.logger().error("relay_hung")
            os._exit(1)
    for relay in workers:
        relay.stop()
    for thread in threads:
        thread.join(5)


if __name__ == "__main__":
    main(sys.argv[1:])
