"""The sealed messages of a tender in the order of their arrival, where those of one token are found at once."""

from dataclasses import dataclass

from services.bidding.domain.events import SealedReceived
from shared.kernel.growing import PAGE, Growing


@dataclass(frozen=True, slots=True)
class Received(Growing[SealedReceived]):
    """An immutable sequence of messages. `tokens` are those of each full page."""

    tokens: tuple[frozenset[str], ...] = ()

    def and_(self, item: SealedReceived) -> "Received":
        """Return the sequence with one more message."""
        last = (*self.last, item)
        if len(last) < PAGE:
            return Received(self.full, last, self.tokens)
        return Received((*self.full, last), (), (*self.tokens, frozenset(message.token for message in last)))

    def places(self, token: str) -> list[int]:
        """Return the places of a token's messages, from 0; a full page that has none is not looked through."""
        pages = [(number, self.full[number]) for number, tokens in enumerate(self.tokens) if token in tokens]
        pages.append((len(self.full), self.last))
        return [PAGE * number + at for number, page in pages for at, item in enumerate(page) if item.token == token]
