"""Coming in without the account's own key on this machine: `login`, `logout`; a session lasts half an hour."""

from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography.hazmat.primitives.hashes import SHA256

from cli.accounts import read_password
from cli.ca import read_certificate, signed_by
from cli.command import Here, command
from cli.output import Misused
from cli.wallet import SESSIONS
from shared.seal.wire import text

app = typer.Typer()

File = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="证书 PEM / the certificate")]
Key = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="证书私钥 PEM / its private key")]


@command(app, "login")
def login(here: Here, *, certificate: File = None, key: Key = None) -> None:
    """以证书（签署挑战）或密码登录 / log in: sign a challenge with a certificate's key, or give the password."""
    if (certificate is None) != (key is None):
        raise Misused("证书与私钥须同时给出", "give the certificate and its key together")
    if certificate is not None and key is not None:
        made = _by_certificate(here, certificate, key)
    else:
        asked = {"account": here.who, "password": read_password()}
        made = here.client.tell("/api/login/password", asked)
    here.wallet.write(made, SESSIONS, here.who)
    here.say({"account": made["account"], "valid_until": made["until"]}, "已登录 / logged in")


@command(app, "logout")
def logout(here: Here) -> None:
    """结束会话 / end the session."""
    here.client.post("/api/logout", {}, here.session(here.who))
    here.wallet.drop(SESSIONS, here.who)
    here.say({"account": here.who}, "已退出 / logged out")


def _by_certificate(here: Here, file: Path, key: Path) -> dict[str, Any]:
    found = read_certificate(file)
    nonce = here.client.tell("/api/login/challenge", {"account": here.who})["nonce"]
    signature = signed_by(key, found, f"ggzy-login/v1\n{here.who}\n{nonce}".encode())
    fingerprint = found.fingerprint(SHA256()).hex()
    asked = {"account": here.who, "nonce": nonce, "fingerprint": fingerprint, "signature": text(signature)}
    return here.client.tell("/api/login/certificate", asked)
