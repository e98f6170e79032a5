"""A development certification authority: `ca init|issue|revoke`. For trials only; a city trusts real authorities."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from cli.command import Local, command
from cli.output import Misused
from cli.streams import party_of
from shared.kernel.codes import USCC
from shared.platform.clock import SystemClock
from shared.platform.settings import load

app = typer.Typer(help="试验用证书机构 / a certification authority for trials", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="机构目录 / the authority's folder")]
KeyFile = Annotated[
    Path, typer.Option(exists=True, dir_okay=False, help="证书私钥 PEM / the certificate's private key")
]

YEARS = timedelta(days=3650)
ROOT, KEY, LIST = "root.pem", "root.key", "revoked.crl"


@command(app, "init")
def init(
    here: Local,
    folder: Folder,
    *,
    name: Annotated[str, typer.Option(help="机构名称 / its name")] = "试验证书机构（非法定认证机构）",
    data: Annotated[Path | None, typer.Option(help="使该平台信任它 / let this installation trust it")] = None,
) -> None:
    """设立试验证书机构；给出 --data 则该平台信任它 / make an authority, and let an installation trust it."""
    if (folder / KEY).exists():
        raise Misused(f"{folder} 已有证书机构", f"there is an authority in {folder} already")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key, now = Ed25519PrivateKey.generate(), SystemClock().now()
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)]
    )
    made = _certificate(subject, subject, key.public_key(), now, YEARS, authority=True).sign(key, None)
    _write_key(folder / KEY, key)
    (folder / ROOT).write_bytes(made.public_bytes(Encoding.PEM))
    shown = {"file": str(folder / ROOT), "subject": subject.rfc4514_string()}
    if data is not None:
        trust = load(data=data).data / "trust"
        trust.mkdir(parents=True, exist_ok=True)
        (trust / "development.pem").write_bytes(made.public_bytes(Encoding.PEM))
        shown["trust"] = str(trust / "development.pem")
    here.say(shown, "已设立 / made")


@command(app, "issue")
def issue(
    here: Local,
    folder: Folder,
    code: Annotated[str, typer.Argument(metavar="USCC", help="统一社会信用代码 / the party's code")],
    name: Annotated[str, typer.Argument(help="名称 / its name")],
    *,
    out: Annotated[Path, typer.Option(help="证书写入的文件 / where the certificate goes")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="有效天数 / how long it is good")] = 365,
) -> None:
    """为主体签发证书与私钥（旁存为 .key）/ issue a certificate for a party, its private key beside it."""
    found, _ = party_of(code)
    if found.scheme != USCC:
        raise Misused("证书须载明统一社会信用代码", "a certificate names a 统一社会信用代码")
    root, authority = _authority(folder)
    attributes = [(NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, name), (NameOID.SERIAL_NUMBER, found.id)]
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])
    key, now = Ed25519PrivateKey.generate(), SystemClock().now()
    made = _certificate(subject, root.subject, key.public_key(), now, timedelta(days=days)).sign(authority, None)
    _write_key(out.with_suffix(".key"), key)
    out.write_bytes(made.public_bytes(Encoding.PEM))
    fingerprint = made.fingerprint(hashes.SHA256()).hex()
    here.say({"file": str(out), "fingerprint": fingerprint, "serial": f"{made.serial_number:x}"}, "已签发 / issued")


@command(app, "revoke")
def revoke(
    here: Local,
    folder: Folder,
    serial: Annotated[list[str], typer.Argument(help="证书序列号（十六进制）/ serial numbers, hexadecimal")],
    *,
    days: Annotated[int, typer.Option(min=1, max=365, help="名单有效天数 / how long the list is good")] = 30,
) -> None:
    """吊销证书，写成吊销列表 / revoke certificates: write the list of all that are."""
    root, authority = _authority(folder)
    now = SystemClock().now()
    made = x509.CertificateRevocationListBuilder().issuer_name(root.subject)
    made = made.last_update(now).next_update(now + timedelta(days=days))
    for number, since in {**dict.fromkeys(map(_serial, serial), now), **_revoked(folder / LIST)}.items():
        made = made.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(number).revocation_date(since).build()
        )
    (folder / LIST).write_bytes(made.sign(authority, None).public_bytes(Encoding.PEM))
    here.say({"file": str(folder / LIST), "revoked": len(serial)}, "已吊销，请放入平台 trust 目录 / put it in trust/")


def read_certificate(path: Path) -> x509.Certificate:
    """Return the first certificate in a PEM file. Raise Misused if there is none."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0]
    except ValueError as error:
        raise Misused(f"{path} 不是 PEM 证书", f"{path} holds no certificate in PEM") from error


def signed_by(path: Path, certificate: x509.Certificate, message: bytes) -> bytes:
    """Return the signature of a certificate's key over a message. Raise Misused for another key."""
    try:
        key: Any = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise Misused(f"{path} 不是未加密的 PEM 私钥", f"{path} is no unencrypted private key in PEM") from error
    if key.public_key() != certificate.public_key():
        raise Misused("私钥与证书不符", "the key is not that of the certificate")
    match key:
        case Ed25519PrivateKey():
            return key.sign(message)
        case rsa.RSAPrivateKey():
            return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        case ec.EllipticCurvePrivateKey():
            return key.sign(message, ec.ECDSA(hashes.SHA256()))
        case _:
            raise Misused("仅支持 Ed25519、P-256 与 RSA 密钥", "only keys of Ed25519, P-256 and RSA are supported")


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: Any, now: datetime, lasting: timedelta, *, authority: bool = False
) -> x509.CertificateBuilder:
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    ) | {"digital_signature": True, "key_cert_sign": authority, "crl_sign": authority}
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now).not_valid_after(now + lasting)
    made = made.add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
    return made.add_extension(x509.KeyUsage(**usage), critical=True)


def _authority(folder: Path) -> tuple[x509.Certificate, Ed25519PrivateKey]:
    if not (folder / KEY).exists():
        raise Misused(f"{folder} 没有证书机构，请先 ggzy ca init", f"no authority in {folder}: do `ggzy ca init` first")
    key = serialization.load_pem_private_key((folder / KEY).read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return read_certificate(folder / ROOT), key


def _write_key(path: Path, key: Ed25519PrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _serial(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError as error:
        raise Misused(f"{text} 不是十六进制序列号", f"{text} is no serial number in hexadecimal") from error


def _revoked(path: Path) -> dict[int, datetime]:
    if not path.exists():
        return {}
    return {one.serial_number: one.revocation_date_utc for one in x509.load_pem_x509_crl(path.read_bytes())}
