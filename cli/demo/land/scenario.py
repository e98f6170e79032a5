"""The real land contracts, each a listing from its notice to its contract; what is real in them, what is made."""

from typing import Any

from cli.demo.cast import Cast
from cli.demo.land import made
from cli.demo.land.contracts import load
from cli.demo.land.listing import Listing
from cli.demo.land.scene import Scene, Tell
from cli.demo.play import Ended
from cli.demo.stage import Stage


def play(stage: Stage, cast: Cast, told: Tell) -> list[Ended]:
    """Play every contract that can be played, all at once, and return how each ended."""
    found = load()
    told(f"土地：{len(found.played)} 宗真实合同各为一宗挂牌 / land: {len(found.played)} real contracts, a listing each")
    scene = Scene(stage, cast, found.played, told)
    told("公告，报名，保证金 / notices, applications, deposits")
    scene.each(Listing.announce)
    scene.each(Listing.join)
    scene.carry()
    told("成交确认、公示、合同 / confirmation, result, contract")
    scene.named()
    scene.each(Listing.conclude)
    return scene.each(Listing.ended)


def explained() -> dict[str, Any]:
    """Return what is said of the contracts: what is real and what is made, and what in their file is odd."""
    found = load()
    zh = (
        "土地合同：宗地、面积、用途、受让人、成交价格为真实；竞争者、起始价、加价幅度、保证金、底价为演示编制，日期已改"
    )
    en = (
        "land contracts: parcel, area, use, buyer and price are real; rivals, start, step, deposit and reserve are made"
    )
    made_up = {"zh": zh, "en": f"{en}, and the dates are the demo's", "made": list(made.FIELDS)}
    return {**made_up, "contracts": len(found.played), "odd": [odd.to_json() for odd in found.odd]}
