"""Where parties and accounts are registered, and how people write a party: SCHEME:ID, or the bare code."""

from pydantic import ValidationError

from cli.output import Misused
from shared.kernel.codes import USCC, CodeWarning, PartyId, read_party_id
from shared.kernel.errors import BadInput


def party_of(text: str) -> tuple[PartyId, tuple[CodeWarning, ...]]:
    """Return the identifier that `SCHEME:ID` or a bare 统一社会信用代码 means, and what was changed. Raise Misused."""
    scheme, found, id_ = text.partition(":")
    try:
        return read_party_id(scheme.strip(), id_) if found else read_party_id(USCC, text)
    except BadInput as error:
        raise Misused(error.zh, error.en) from error
    except ValidationError as error:
        raise Misused(f"主体标识有误：{text}，应如 CN-USCC:91350000MA347WHE48", f"not a party: {text}") from error


def account_stream(account: str) -> str:
    """Return the stream of an account."""
    return f"account-{account}"
