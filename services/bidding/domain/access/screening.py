"""What the platform itself can see of deemed collusion (E38) in bids: what agrees in files, marks, prices, accounts."""

from collections.abc import Iterator, Mapping, Sequence

from services.bidding.domain.access.messages import Basis, CollusionNoted, Item
from services.bidding.domain.asking import TenderRequest, articles
from services.bidding.domain.money.backing import same_account
from services.bidding.domain.rows import UnsealedBid
from services.bidding.domain.state import Opened
from shared.procedure.books import Law
from shared.procedure.patterns import shared, spacing
from shared.seal.statement import Statement

Found = tuple[Item, Basis, tuple[str, ...], str]

BY_TRACE: Mapping[str, tuple[Item, Basis, str]] = {
    "author": ("same_author", "same_mark", "投标文件编制人标记相同 / the same mark of an author"),
    "agent": ("same_agent", "same_mark", "投标事宜办理人标记相同 / the same mark of an agent"),
    "staff": ("same_staff", "same_mark", "项目管理成员标记相同 / the same mark of a member of the project's staff"),
    "device": (
        "same_author",
        "same_device",
        "投标文件制作设备标记相同 / the same mark of the device that made the files",
    ),
}
"""What an equal mark of each kind speaks for. Bidders' programs declare the marks: absence says nothing."""


def screen(request: TenderRequest, state: Opened, law: Law) -> Sequence[CollusionNoted]:
    """Return a note for every pattern in the bids that were unsealed. All are warnings: the committee looks."""
    if state.beside.entrants.notes:
        return ()
    said = {bid.bid: bid.statement for bid in state.unsealed if bid.statement}
    found = [*_files(said, _public(state)), *_marks(said), *_prices(state.unsealed), *_accounts(state)]
    return tuple(
        CollusionNoted(
            number=number,
            item=item,
            basis=basis,
            level="warning",
            bids=bids,
            evidence=evidence,
            by="platform",
            noted_at=request.received_at,
            article=articles(law, "E38")[0],
        )
        for number, (item, basis, bids, evidence) in enumerate(found, start=1)
    )


def _public(state: Opened) -> frozenset[str]:
    """Return the digests of the tender's own documents, which anyone may hand in again."""
    files = state.beside.documents.files or ()
    return frozenset(file.sha256 for file in (*state.tender.terms.documents, *files))


def _files(said: Mapping[str, Statement], public: frozenset[str]) -> Iterator[Found]:
    names = {file.sha256: file.name for one in said.values() for file in one.documents}
    held = {bid: [file.sha256 for file in one.documents if file.sha256 not in public] for bid, one in said.items()}
    for same in shared(held):
        yield "alike", "same_file", same.bids, f"文件完全相同：{names[same.mark]}（SHA-256 {same.mark}）"


def _marks(said: Mapping[str, Statement]) -> Iterator[Found]:
    for kind, (item, basis, words) in BY_TRACE.items():
        for same in shared({bid: _traces(one, kind) for bid, one in said.items()}):
            yield item, basis, same.bids, words


def _traces(statement: Statement, kind: str) -> list[str]:
    declared = statement.declared
    return [trace.mark for trace in declared.traces if trace.kind == kind] if declared else []


def _prices(unsealed: Sequence[UnsealedBid]) -> Iterator[Found]:
    prices = {bid.bid: bid.statement.price_fen for bid in unsealed if bid.statement and bid.statement.price_fen}
    for kind, bids in spacing(prices):
        if kind == "equal":
            yield "alike", "equal_prices", bids, "投标报价相同 / equal prices"
        else:
            words = "等差" if kind == "even_steps" else "等比"
            yield "alike", "even_prices", bids, f"投标报价呈{words}排列 / the prices are evenly spaced ({kind})"


def _accounts(state: Opened) -> Iterator[Found]:
    for bids in same_account(state):
        yield "same_account", "same_account", bids, "投标保证金从同一账户转出 / the deposits came from one account"
