"""What a draft is sent under: an id of its own where none was given, and a word on a region that is not known."""

import os

from cli.command import Here
from cli.output import note
from shared.kernel.codes import load_regions
from shared.law.findings import BEIJING


def numbered(here: Here, procedure: str, region: str) -> str:
    """Return the id that was given, or a new one: region, Beijing day, and six random digits.

    A region that this platform's table lacks is warned of: it may be a slip.
    """
    if load_regions().get(region) is None:
        note(
            f"区划代码 {region} 不在本平台的行政区划表内，请核对",
            f"the region code {region} is not in this platform's table: check it",
        )
    return procedure or f"{region}-{here.client.now().astimezone(BEIJING):%Y%m%d}-{os.urandom(3).hex()}"
