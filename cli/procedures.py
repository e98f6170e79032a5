"""A procedure as the platform shows it: what a bidder or an authority needs of its announcement."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from cli.client import Asker, Client
from cli.output import Refused
from shared.kernel.wrong_fields import bad_input
from shared.seal.keys import AnnouncedKeys


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a bidder or an authority needs of an announced tender."""

    procedure: str
    phase: str
    lot: str
    keys: AnnouncedKeys
    page: Mapping[str, Any]

    @property
    def body(self) -> Mapping[str, Any]:
        """The announcement itself."""
        body: Mapping[str, Any] = self.page["announcement"]
        return body

    @property
    def terms(self) -> Mapping[str, Any]:
        """The terms as announced."""
        terms: Mapping[str, Any] = self.body["terms"]
        return terms


def announcement_of(client: Client, procedure: str, asker: Asker | None = None) -> Announcement:
    """Return a tender's announcement. Raise Refused while there is none, or none that can be relied on."""
    page = client.get(f"/api/procedures/{procedure}", asker)
    body = page.get("announcement")
    if not body:
        raise Refused(f"{procedure} 尚未公告", f"{procedure} is not announced yet")
    try:
        keys = {"tender": body["tender"], "meaning": body["meaning_public_key"]}
        announced = AnnouncedKeys.model_validate_json(json.dumps({**keys, "authorities": body["terms"]["authorities"]}))
        if announced.tender != procedure:
            raise Refused("公告属于其他项目", "the announcement is of another tender")
        return Announcement(procedure, str(page["phase"]), body["draft"]["lot"]["id"], announced, page)
    except (KeyError, TypeError, ValidationError) as error:
        told = bad_input(error).zh if isinstance(error, ValidationError) else "缺少公钥、标段等内容"
        raise Refused(f"公告内容无法使用：{told}", f"the announcement cannot be used: {error}") from error


def history_of(client: Client, procedure: str, asker: Asker | None = None) -> Iterator[Mapping[str, Any]]:
    """Yield the events of a procedure that an asker may see, oldest first."""
    after = ""
    while True:
        page = client.get(f"/api/procedures/{procedure}/history{after}", asker)
        yield from page["events"]
        if page["after"] is None:
            return
        after = f"?{urlencode({'after': page['after']})}"


def published_keys(client: Client) -> dict[str, str]:
    """Return the public keys that the platform publishes, by their use."""
    data = client.find("/api/keys")
    return {} if data is None else dict(json.loads(data))
