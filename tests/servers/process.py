"""Facts about processes and ports of this machine: free ports, families of processes, waiting for either."""

import secrets
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

PATIENCE_SECONDS = 60
"""How long a server may take to start or to stop before it counts as broken."""


class ServerFault(RuntimeError):
    """A server could not be found, started or asked; the text says what to do."""


def free_ports(count: int) -> list[int]:
    """Choose ports that nothing listens on at 127.0.0.1.

    They lie below the range from which the kernel serves clients (32768 and up): a client that retries a
    port of that range while the server is down can be connected to itself, and then holds the port.
    """
    with ExitStack() as held:
        return [_hold_port(held) for _ in range(count)]


def _hold_port(held: ExitStack) -> int:
    while True:
        port = 15_000 + secrets.randbelow(15_000)
        probe = held.enter_context(socket.socket())
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port


def is_listening(port: int) -> bool:
    """Say whether something at 127.0.0.1 accepts connections on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_running(pid: int) -> bool:
    """Say whether the process lives; one that has ended and waits to be reaped does not."""
    return pid in _parents()


def family(pid: int) -> list[int]:
    """List the process and all its descendants; empty if it does not run."""
    parents = _parents()
    found = [pid] if pid in parents else []
    for member in found:
        found.extend(child for child, parent in parents.items() if parent == member)
    return found


def _parents() -> dict[int, int]:
    """Map each running process to its parent, from the third and fourth field of /proc/PID/stat."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while the list was read
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    return parents


def wait_until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for the condition, asking it every 20 ms; raise ServerFault naming what was waited for."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise ServerFault(f"waited {seconds:g} s in vain for: {what}")
        time.sleep(0.02)
