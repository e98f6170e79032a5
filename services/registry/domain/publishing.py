"""Decisions about what the registry publishes: the holders of a tender's tokens, and working calendars."""

from collections.abc import Sequence

from services.registry.domain import law
from services.registry.domain.asking import Asked, require_jurisdiction, require_stream
from services.registry.domain.commands import DiscloseCredentials, DiscloseIdentities, PublishCalendar
from services.registry.domain.events import CalendarPublished, CredentialsDisclosed, IdentitiesDisclosed, RegistryEvent
from services.registry.domain.state import PublishedYear, Unborn
from services.registry.domain.values import Holder, calendar_stream, disclosure_stream, identities_stream
from shared.kernel.errors import OutOfPhase
from shared.seal.credential import token_of
from shared.seal.statement import Party
from shared.seal.wire import raw


def disclose_credentials(request: Asked, command: DiscloseCredentials) -> Sequence[RegistryEvent]:
    """Disclose who holds the tokens asked for, each computed again."""
    require_stream(request, disclosure_stream(command.tender))
    found = request.facts.disclosure
    assert found is not None
    assert found.tender == command.tender
    tokens = tuple(dict.fromkeys(command.tokens))
    by_token = {holder.token: _checked(holder, raw(found.tender_key)) for holder in found.holders}
    disclosed = CredentialsDisclosed(
        tender=command.tender,
        tender_key=found.tender_key,
        holders=tuple(by_token[token] for token in tokens if token in by_token),
        unknown=tuple(token for token in tokens if token not in by_token),
    )
    return (disclosed,)


def disclose_identities(request: Asked, command: DiscloseIdentities) -> Sequence[RegistryEvent]:
    """Tell who holds the tokens asked for, of a lot: its bidders alone, and to the offices alone."""
    require_stream(request, identities_stream(command.line, command.lot))
    found = request.facts.identities
    assert found is not None
    by_token = {holder.token: holder for holder in found}
    tokens = tuple(dict.fromkeys(command.tokens))
    disclosed = IdentitiesDisclosed(
        line=command.line,
        lot=command.lot,
        holders=tuple(by_token[token] for token in tokens if token in by_token),
        unknown=tuple(token for token in tokens if token not in by_token),
    )
    return (disclosed,)


def publish_calendar(
    request: Asked, command: PublishCalendar, before: Unborn | PublishedYear
) -> Sequence[RegistryEvent]:
    """Publish a year's calendar, or its correction."""
    require_jurisdiction(request)
    year = law.read_calendar(command.body)
    require_stream(request, calendar_stream(year.year))
    revision = 1
    if isinstance(before, PublishedYear):
        revision = before.revision + 1
        if before.digest == year.digest:
            raise OutOfPhase(
                f"{year.year}年的这份日历已经公布", f"this very calendar of {year.year} is published already"
            )
    return (CalendarPublished(year=year.year, revision=revision, digest=year.digest, body=command.body),)


def _checked(holder: Holder, tender_key: bytes) -> Holder:
    """Compute the token again, as everyone can once the key is disclosed: a wrong holder is never recorded."""
    if token_of(tender_key, Party(scheme=holder.scheme, id=holder.id, name=holder.name)) != holder.token:
        raise ValueError("a holder's token is not that of the tender's key")
    return holder
