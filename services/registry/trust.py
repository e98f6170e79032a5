"""Whom this installation trusts to certify: PEM files of authorities and their revocation lists in a folder."""

from pathlib import Path

from cryptography import x509

from services.registry.domain.chain import Trust

FOLDER = "trust"
"""Beside the databases in the data directory: `*.pem` hold authorities, `*.crl` lists of what they revoked."""


def trusted(data: Path) -> Trust:
    """Return the trust of an installation, read anew, so that a new list counts at once. Raise ValueError for no PEM.

    An authority that signed itself is a root; the others may stand between a root and a certificate.
    """
    folder = data / FOLDER
    found = [one for path in sorted(folder.glob("*.pem")) for one in x509.load_pem_x509_certificates(path.read_bytes())]
    return Trust(
        roots=tuple(one for one in found if one.issuer == one.subject),
        between=tuple(one for one in found if one.issuer != one.subject),
        revoked=tuple(_list(path.read_bytes()) for path in sorted(folder.glob("*.crl"))),
    )


def _list(data: bytes) -> x509.CertificateRevocationList:
    pem = data.lstrip().startswith(b"-----BEGIN")
    return x509.load_pem_x509_crl(data) if pem else x509.load_der_x509_crl(data)
