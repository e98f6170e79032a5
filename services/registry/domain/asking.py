"""What the registry's decisions have in common: the request they read, and that it came to the right stream."""

from services.registry.domain import law
from services.registry.domain.commands import RegistryCommand
from services.registry.domain.state import Facts
from shared.kernel.errors import BadInput
from shared.kernel.request import Request

Asked = Request[RegistryCommand, Facts]


def require_stream(request: Asked, stream: str) -> None:
    """Refuse what was sent to another stream than the one that it belongs to."""
    if request.stream != stream:
        raise BadInput(f"应提交到 {stream}", f"this belongs to the stream {stream}")


def require_jurisdiction(request: Asked) -> None:
    """Refuse an office what lies outside its region."""
    law.require_jurisdiction(request.actor, request.facts.jurisdiction, request.received_at)
