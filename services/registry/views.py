"""The registry's tables, their projection, and its queries by name."""

from collections.abc import Mapping

from sqlalchemy import Connection

from services.registry.accounts import issue_credential, show_account, show_staff
from services.registry.calendars import show_calendar, show_calendars
from services.registry.covers import issue_cover
from services.registry.domain.rights import has_right_to_stream
from services.registry.library import show_draw, show_draw_file, show_experts
from services.registry.logins import (
    challenge,
    end_session,
    keep_password,
    log_in_by_certificate,
    log_in_by_password,
    show_session,
)
from services.registry.parties import show_blacklist, show_parties, show_party
from services.registry.people import keep_person, show_person
from services.registry.projecting import project
from services.registry.proofs import keep_certificate
from services.registry.relations import show_relations
from services.registry.tables import metadata
from shared.platform.door import Query
from shared.runtime.queries import Answering
from shared.runtime.tools import Tools

__all__ = ["QUERIES", "entitled", "metadata", "project"]


def entitled(_tools: Tools, _connection: Connection, query: Query, stream: str) -> bool:
    """Whether the asker is to have a whole stream."""
    return has_right_to_stream(query.actor, stream)


QUERIES: Mapping[str, Answering] = {
    "account": show_account,
    "staff": show_staff,
    "relations": show_relations,
    "party": show_party,
    "parties": show_parties,
    "blacklist": show_blacklist,
    "issue_credential": issue_credential,
    "issue_cover": issue_cover,
    "calendars": show_calendars,
    "calendar": show_calendar,
    "experts": show_experts,
    "draw": show_draw,
    "draw_file": show_draw_file,
    "keep_person": keep_person,
    "person": show_person,
    "keep_password": keep_password,
    "log_in_by_password": log_in_by_password,
    "challenge": challenge,
    "log_in_by_certificate": log_in_by_certificate,
    "session": show_session,
    "end_session": end_session,
    "keep_certificate": keep_certificate,
}
