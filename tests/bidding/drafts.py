"""What a tenderer writes, kept to the law and with the times of the tests: a draft, its terms, and a publicity."""

from typing import Any

import orjson

from services.bidding.domain.commands import DraftTender, PublishCandidates, PublishTender
from tests.bidding.factories import CEILING, DUE, KEYS, SALE_ENDS, SALE_STARTS

NOTICE = {
    "project": "东城市政道路改造，财政资金",
    "qualifications": "市政公用工程施工总承包二级，接受联合体",
    "obtaining": "公告之日起在本平台免费下载",
    "submitting": "截止前在本平台递交",
    "contacts": "招标人：东营区住建局，0546-0000000",
    "platform": "本平台网址，见使用指南",
    "other": "无",
}
PAPER = {"name": "公示.pdf", "size": 9, "sha256": "9" * 64}
LOWEST: dict[str, Any] = {"kind": "lowest_evaluated_price", "items": [{"item": "payment", "title": "付款条件偏差"}]}
WEIGHTED: dict[str, Any] = {
    "kind": "weighted",
    "formula": "lowest_price_ratio",
    "version": 1,
    "price_weight": "0.6",
    "factors": [
        {"factor": "plan", "title": "施工组织设计", "weight": "0.3"},
        {"factor": "record", "title": "业绩", "weight": "0.1"},
    ],
    "round_at": "price_score",
    "places": 2,
}


def draft_tender(**changes: Any) -> DraftTender:
    """Return a draft of a road in 东营, estimated below the scale from which the law asks for a committee."""
    body = {
        "title": "东城市政道路改造工程施工",
        "description": "道路长1.2公里",
        "region": "370502",
        "category": "works",
        "lot": {"id": "lot-1", "title": "一标段"},
        "buyer": {"scheme": "X-BUYER", "id": "1", "name": "东营区住建局"},
        "estimate_fen": 990_000_00,
        "ceiling_fen": CEILING,
    }
    return DraftTender.model_validate_json(_json({**body, **changes}))


def publish_tender(**changes: Any) -> PublishTender:
    """Return terms that keep the law; times may be given as datetimes."""
    body = {
        "documents": [{"name": "招标文件.pdf", "size": 1024, "sha256": "a" * 64}],
        "sale_starts": SALE_STARTS,
        "sale_ends": SALE_ENDS,
        "bids_due": DUE,
        "opening_minutes": 30,
        "witness_minutes": 5,
        "method": LOWEST,
        "instant_counts": True,
        "below_three_unsealed": "fail",
        "publicity_days": 3,
        "validity_days": 90,
        "authorities": KEYS.authorities.model_dump(),
        "state_funded": True,
        "remedy_minutes": 15,
        "notice": NOTICE,
    }
    return PublishTender.model_validate_json(_json({**body, **changes}))


def publish_candidates(**changes: Any) -> PublishCandidates:
    """Return the command that publicises the candidates."""
    return PublishCandidates.model_validate_json(_json({"document": PAPER, **changes}))


def _json(body: dict[str, Any]) -> bytes:
    return orjson.dumps(body)
