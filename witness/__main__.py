"""The witness as a program: `python -m witness key NAME FILE`, then `python -m witness serve ...`."""

import argparse
import logging
import os
import sys
import time
from pathlib import Path

from shared.ledger.keys import COSIGNATURE, Signer, Verifier, parse_skey, parse_vkey
from witness.server import Witness, server
from witness.state import State


def main(arguments: list[str] | None = None) -> None:
    """Make a key, or serve until interrupted."""
    parser = argparse.ArgumentParser(prog="witness", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    key = commands.add_parser("key", help="make a witness key, print its public half")
    key.add_argument("name", help="the witness's name, as in witness.example.gov.cn/w1")
    key.add_argument("file", type=Path, help="where the private key is written; must not exist")
    serve = commands.add_parser("serve", help="answer add-checkpoint requests")
    serve.add_argument("--key", type=Path, required=True, help="the private key file")
    serve.add_argument("--logs", type=Path, required=True, help="the followed logs' vkeys, one a line")
    serve.add_argument("--state", type=Path, required=True, help="the folder that holds the witness's memory")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8460)
    serve.add_argument("--prefix", default="")
    options = parser.parse_args(arguments)
    if options.command == "key":
        make_key(options.name, options.file)
    else:
        run(options)


def make_key(name: str, file: Path) -> None:
    """Write a new private key, readable by its owner only, and print the vkey for the logs' operators."""
    signer = Signer(name, COSIGNATURE, os.urandom(32))
    vkey = signer.verifier.vkey
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(f"{signer.skey}\n")
    sys.stdout.write(f"{vkey}\n")


def run(options: argparse.Namespace) -> None:
    """Serve until interrupted. A log's origin is the name in its vkey."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    signer = parse_skey(options.key.read_text("utf-8").strip())
    trusted: dict[str, list[Verifier]] = {}
    for line in options.logs.read_text("utf-8").split():
        verifier = parse_vkey(line)
        trusted.setdefault(verifier.name, []).append(verifier)
    witness = Witness(signer, trusted, State(options.state), now=_clock)
    with server(witness, options.host, options.port, options.prefix) as http:
        sys.stdout.write(f"listening on {options.host}:{http.server_port}\n")
        sys.stdout.flush()
        http.serve_forever()


def _clock() -> int:
    return int(time.time())  # noqa: TID251 - the door of a program that stands without the platform


if __name__ == "__main__":
    main()
