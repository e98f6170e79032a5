"""The signature of a member of a committee under its evaluation report: over the report's digest and any dissent."""

from shared.kernel.canonical import encode
from shared.seal.keys import sign

DOMAIN = "ggzy-evaluation-report/v1"


def to_sign(report: str, dissent: str | None) -> bytes:
    """Return what a member signs: the report by the digest of its contents, and its dissent if it has one."""
    return encode({"dissent": dissent, "report": report})


def sign_report(report: str, dissent: str | None, account_key: str) -> str:
    """Return a member's signature, base64url, with its account's private key."""
    return sign(account_key, DOMAIN, to_sign(report, dissent))
