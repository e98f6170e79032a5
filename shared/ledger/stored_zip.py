"""The canonical stored zip: one byte string for one list of files, readable by any unzip program.

No compression, no extra fields, no comments, every time 1980-01-01 00:00, sizes in the local headers.
"""

import struct
from collections.abc import Mapping
from zlib import crc32

from shared.ledger.errors import Malformed

MAX_MEMBERS = 0xFFFE  # the next number would announce zip64
MAX_BYTES = 0xFFFFFFFE

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION = 20
_DATE = 0x0021  # 1980-01-01 in the format of MS-DOS


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return the zip of files in the order given. Raise Malformed where the plain format has no room."""
    parts, directory, at = [], [], 0
    for name, data in members.items():
        if not name.isascii() or len(data) > MAX_BYTES or at > MAX_BYTES:
            raise Malformed("a member's name is ASCII, and the whole is below 4 GiB")
        facts = (_VERSION, 0, 0, 0, _DATE, crc32(data), len(data), len(data), len(name), 0)
        local = _LOCAL.pack(b"PK\x03\x04", *facts) + name.encode("ascii")
        directory.append(_CENTRAL.pack(b"PK\x01\x02", _VERSION, *facts, 0, 0, 0, 0, at) + name.encode("ascii"))
        parts += [local, data]
        at += len(local) + len(data)
    tail = b"".join(directory)
    if len(members) > MAX_MEMBERS or at + len(tail) > MAX_BYTES:
        raise Malformed(f"a plain zip holds at most {MAX_MEMBERS} members and 4 GiB")
    count = len(members)
    return b"".join([*parts, tail, _END.pack(b"PK\x05\x06", 0, 0, count, count, len(tail), at, 0)])


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files of a canonical stored zip, in order. Raise Malformed unless `pack` gives these bytes.

    Packing again what was read and comparing finds every change, wherever it is.
    """
    members: dict[str, bytes] = {}
    at = 0
    while data[at : at + 4] == b"PK\x03\x04" and at + _LOCAL.size <= len(data):
        *_, size, name_size, _extra = _LOCAL.unpack_from(data, at)
        start = at + _LOCAL.size
        at = start + name_size + size
        name = data[start : start + name_size].decode("latin-1")
        if name in members:
            raise Malformed(f"two members are named {name!r}")
        members[name] = data[start + name_size : at]
    if (again := pack(members)) != data:
        raise Malformed(f"not a canonical zip: it differs at byte {_first_difference(again, data)}")
    return members


def _first_difference(one: bytes, other: bytes) -> int:
    """Return the number of leading bytes in which the two agree, found by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low
