"""What leaves the committee no choice: a consortium without its joint agreement (共同投标协议), a price too high."""

from collections.abc import Mapping

from services.bidding.domain.rows import OpenedRow
from services.bidding.domain.values import Rejection


def without_agreement(rows: Mapping[str, OpenedRow]) -> Mapping[str, Rejection]:
    """Return the rejections of consortia whose bids name no joint agreement (实施条例 第五十一条第（二）项)."""
    words = "投标联合体没有提交共同投标协议 / the consortium handed in no joint agreement"
    return {
        bid: Rejection(bid=bid, cause="no_consortium_agreement", explanation=words)
        for bid, row in rows.items()
        if row.members and row.agreement is None
    }


def over_ceiling(rows: Mapping[str, OpenedRow], ceiling_fen: int | None) -> dict[str, Rejection]:
    """Return the rejections of bids whose price is above the published ceiling (实施条例 第五十一条)."""
    words = "投标报价高于最高投标限价 / the price is above the ceiling"
    return {
        name: Rejection(bid=name, cause="price", explanation=words)
        for name, row in rows.items()
        if ceiling_fen is not None and row.price_fen is not None and row.price_fen > ceiling_fen
    }
