"""Which addresses of this machine are listened on, as the kernel tells it in /proc/net."""

from collections.abc import Set as AbstractSet
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

LISTENING = "0A"
"""The kernel's number for TCP_LISTEN."""


def listening_addresses(ports: AbstractSet[int]) -> list[tuple[IPv4Address | IPv6Address, int]]:
    """List address and port of each TCP listener on one of the ports."""
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    rows = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
    found = [_address(row[1]) for row in rows if row[3] == LISTENING]
    return [(address, port) for address, port in found if port in ports]


def _address(text: str) -> tuple[IPv4Address | IPv6Address, int]:
    """Read `0100007F:1F90`: 32-bit words in the machine's byte order, and the port."""
    host, port = text.split(":")
    words = bytes.fromhex(host)
    packed = b"".join(words[at : at + 4][::-1] for at in range(0, len(words), 4))
    return ip_address(packed), int(port, 16)
