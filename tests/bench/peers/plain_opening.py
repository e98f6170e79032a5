"""The plain opening of bids: each file read, decrypted with AES-128-GCM in steps of 1 MiB, and written.

`python -m tests.bench.peers.plain_opening SEALED OPENED KEY`: every file of a folder into another; the key in
hexadecimal. As many processes as there are processors; nothing is forced to the disk.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

STEP = 2**20
TAG = 16


def seal(plain: bytes, key: bytes, number: int, path: Path) -> None:
    """Write file number `number` of a folder, each step with a nonce of its own."""
    cipher = AESGCM(key)
    with path.open("wb") as file:
        for step, start in enumerate(range(0, len(plain), STEP)):
            file.write(cipher.encrypt(_nonce(number, step), plain[start : start + STEP], None))


def open_one(key: bytes, folder: Path, path: Path) -> None:
    """Decrypt one file, named by its number, into a folder."""
    cipher, number, step = AESGCM(key), int(path.name), 0
    with path.open("rb") as source, (folder / path.name).open("wb") as target:
        while piece := source.read(STEP + TAG):
            target.write(cipher.decrypt(_nonce(number, step), piece, None))
            step += 1


def _nonce(number: int, step: int) -> bytes:
    return number.to_bytes(4) + step.to_bytes(8)


def main() -> None:
    """Open the folder."""
    sealed, opened, key = sys.argv[1:]
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(open_one, bytes.fromhex(key), Path(opened)), sorted(Path(sealed).iterdir())))


if __name__ == "__main__":
    main()
