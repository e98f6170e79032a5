"""Receipts 回执: one file that shows, without the platform, that a sealed message arrived and stands in the ledger."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from shared.ledger import checkpoint, directory, proof, tiles
from shared.ledger.directory import Read
from shared.ledger.errors import BadProof, BadSignature, Malformed, Missing
from shared.ledger.leaf import parse_leaf
from shared.ledger.policy import Policy
from shared.ledger.steps import Check, Report, Skip, Text, walk
from shared.ledger.verify import SIGNER_UNKNOWN
from shared.seal.keys import BadSignature as BadSeal
from shared.seal.receipt import Receipt, verify_receipt
from shared.seal.wire import SealError, raw

FIELDS = frozenset({"v", "receipt", "sealed", "platform_key", "entry", "proof"})


@dataclass(frozen=True)
class Found:
    """Where in the ledger a receipt's record stands: the public leaf's bytes, and its proof with a checkpoint."""

    entry: bytes
    proof: proof.Receipt


@dataclass(frozen=True)
class ReceiptReport(Report):
    """The report on a receipt; `complete` where all was done by keys that the verifier brought."""

    complete: bool

    @property
    def overall(self) -> str:
        """The result: "verified", "consistent, signer unknown" or "failed at step N"."""
        return super().overall if self.failed or self.complete else SIGNER_UNKNOWN


def find(receipt: Mapping[str, Any], read: Read) -> Found | None:
    """Return where the log has the record of a receipt, None if its checkpoint does not cover it yet.

    The log's own public files are read from their end, so nobody learns which entry is asked for.
    """
    if (note := read("checkpoint")) is None:
        return None
    size = checkpoint.parse(note).size
    located = _locate(receipt, read, size)
    if located is None:
        return None
    index, entry = located
    if parse_leaf(entry).digest != receipt["record_digest"]:
        zh, en = "账本在此序号上的记录与回执不符", "the log has another record at this position than the receipt says"
        raise BadProof(en, zh)
    path = directory.prover(read, size).inclusion(index, size)
    return Found(entry, proof.Receipt(index, tuple(path), note))


def _locate(receipt: Mapping[str, Any], read: Read, size: int) -> tuple[int, bytes] | None:
    """Return index and bytes of the entry at the receipt's position; a service's positions rise in the log."""
    for bundle in reversed(list(tiles.bundles_of(size))):
        for at, entry in reversed(list(enumerate(_entries(read, bundle)))):
            leaf = parse_leaf(entry)
            if leaf.service == receipt["service"] and leaf.position <= receipt["position"]:
                return (bundle.number * tiles.WIDTH + at, entry) if leaf.position == receipt["position"] else None
    return None


def _entries(read: Read, bundle: tiles.Tile) -> list[bytes]:
    """Return a bundle's entries; a full bundle may stand for a partial one that it replaced."""
    full = bundle._replace(width=tiles.WIDTH)
    for tile in (bundle, full):
        if (data := read(tile.path)) is not None:
            return tiles.decode_bundle(data, tile.width)[: bundle.width]
    raise Missing(f"{bundle.path} is missing", f"缺少 {bundle.path}")


def make_file(message: Mapping[str, Any], platform_key: str | None, found: Found | None) -> dict[str, Any]:
    """Return the receipt file: receipt and sealed message as sent, the platform's key, leaf and proof once there."""
    return {
        "v": 1,
        "receipt": message["receipt"],
        "sealed": message["sealed"],
        "platform_key": platform_key,
        "entry": found.entry.decode() if found else None,
        "proof": found.proof.encode().decode() if found else None,
    }


def verify(data: bytes, policy: Policy | None, platform_key: str | None = None) -> ReceiptReport:
    """Verify a receipt file with no network.

    1. the file is a receipt file; 2. the platform signed the receipt for exactly this sealed message; 3. the leaf is
    that of the record the receipt names; 4. the leaf is under a checkpoint that meets the verifier's own policy.
    Without the verifier's own `platform_key` the file's is used, and the signer stays unknown.
    """
    examination = _Examination(data, policy, platform_key)
    steps = walk(examination.checks())
    return ReceiptReport(steps, platform_key is not None and all(step.ok for step in steps))


class _Examination:
    body: dict[str, Any]
    receipt: Receipt

    def __init__(self, data: bytes, policy: Policy | None, platform_key: str | None) -> None:
        self.data, self.policy, self.platform_key = data, policy, platform_key

    def checks(self) -> list[Check]:
        return [
            (Text("回执文件格式正确", "the file is a receipt file"), self.readable),
            (Text("平台对该密封消息签发了回执", "the platform signed this receipt for this message"), self.signed),
            (Text("账本叶子即回执所指记录", "the leaf is that of the receipt's record"), self.same_record),
            (Text("叶子在经见证的检查点之下", "the leaf is under a witnessed checkpoint"), self.included),
        ]

    def readable(self) -> Text:
        try:
            body = json.loads(self.data)
            if not isinstance(body, dict) or set(body) != FIELDS or body["v"] != 1:
                raise Malformed("does not have the fields of a receipt file", "字段与回执文件不符")
            self.receipt = Receipt.model_validate_json(json.dumps(body["receipt"]))
        except (ValueError, ValidationError) as error:
            raise Malformed(f"cannot be read: {error}", "无法读取") from error
        self.body = body
        return Text(f"{self.receipt.procedure}，{self.receipt.received_at}", f"received {self.receipt.received_at}")

    def signed(self) -> Text | Skip:
        key = self.platform_key or self.body["platform_key"]
        if not isinstance(key, str):
            return Skip(Text("没有平台公钥，请用 --platform-key 给出", "no key of the platform: give it"))
        try:
            verify_receipt(self.receipt, key, raw(str(self.body["sealed"])))
        except BadSeal as error:
            raise BadSignature(str(error)) from error
        except SealError as error:
            raise BadProof(str(error), "回执不是为该密封消息签发的") from error
        if self.platform_key:
            return Text(f"公钥 {key}（由您提供）", f"key {key}, given by you")
        return Text(f"公钥 {key}（取自文件，请核对）", f"key {key}, from the file itself: compare it")

    def same_record(self) -> Text | Skip:
        if self.body["entry"] is None:
            return Skip(Text("文件中没有账本证明，请稍后重新获取", "no proof in the file yet: fetch it again later"))
        leaf = parse_leaf(str(self.body["entry"]).encode())
        named = (leaf.service, leaf.position, leaf.digest)
        if named != (self.receipt.service, self.receipt.position, self.receipt.record_digest):
            raise BadProof("the leaf is of another record", "叶子属于另一条记录")
        return Text(f"{leaf.service} 第 {leaf.position} 条", f"{leaf.service}, position {leaf.position}")

    def included(self) -> Text | Skip:
        if self.body["entry"] is None or self.body["proof"] is None:
            return Skip(Text("文件中没有账本证明", "no proof in the file"))
        entry = parse_leaf(str(self.body["entry"]).encode())
        held = proof.parse_receipt(str(self.body["proof"]).encode())
        if self.policy is None:
            return Skip(Text("未提供信任策略，签名人未知", "no policy was given: the signer is unknown"))
        met = held.verify(entry.hash(), self.policy)
        witnesses = ", ".join(sorted(met.witnesses)) or "—"
        size = met.checkpoint.size
        return Text(f"第 {held.index} 条，共 {size} 条；见证 {witnesses}", f"entry {held.index} of {size}; {witnesses}")
