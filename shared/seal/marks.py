"""Marks: a salted digest in place of a name, alike in two bids of one tender where the name is, in no other tender.

A mark hides a name from whoever reads it, not from whoever tries every name: it is a means of comparison that keeps
personal data out of records, not a secret.
"""

import hashlib
import hmac
import unicodedata


def mark(tender: str, text: str) -> str:
    """Return the mark of a name, number or other identifying text in a tender: HMAC-SHA-256 in hexadecimal.

    The text is compared in its canonical form (NFKC), without regard to case and white space.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hmac.new(f"ggzy-mark/v1|{tender}".encode(), plain.encode(), hashlib.sha256).hexdigest()


def person(name: str, number: str) -> str:
    """Return the text under which a natural person is marked: the letters and digits of name and identity number."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", name + number) if letter.isalnum())
