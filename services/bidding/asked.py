"""What queries about tenders may ask, as closed values."""

from shared.kernel.message import Identifier, Message, Sha256


class OfProcedure(Message):
    """Asks for something of one tender."""

    id: Identifier


class OfDocument(Message):
    """Asks about a document by its digest."""

    sha256: Sha256


class OfPage(Message):
    """Asks for a page of the list, after the cursor of the page before."""

    after: str | None = None
