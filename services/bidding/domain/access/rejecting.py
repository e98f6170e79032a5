"""What who bids leaves the committee no choice about: a consortium without its joint agreement (共同投标协议)."""

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
