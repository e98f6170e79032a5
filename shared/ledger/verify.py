"""Verify an evidence bundle with no network and no database, as a numbered argument.

1. The container is canonical: made again from what was read, it is the same bytes.
2. The manifest is well-formed, and the rulebook is the one that it names.
3. The records are canonical, of this service and stream, versions 1 to n without a gap, positions
   rising, each made under this rulebook where it names one. In the place of a record that is withheld
   from the bundle's reader stands its leaf, which tells its digest and no more.
4. The commands in the bundle are those that the records name by digest, and none is missing.
5. Each record's leaf, made from the stream key, is under the checkpoint's root by its proof; indices rise.
6. The checkpoint is signed by the policy's log, and enough of its witnesses have cosigned.
7. In the whole log, if it is given, the stream's versions 1 to n stand once each and n + 1 not at all.

The policy is the verifier's own. Without one step 6 is left out: the bundle agrees with itself, but who
signed it is unknown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.ledger import bundle, canonical, checkpoint, directory
from shared.ledger.errors import BadProof, LedgerFault, Malformed, Missing
from shared.ledger.leaf import Leaf, digest, leaf_of, parse_leaf, tag
from shared.ledger.merkle import verify_inclusion
from shared.ledger.policy import Policy
from shared.ledger.steps import Check, Report, Skip, Text, walk

VERIFIED = "verified"
SIGNER_UNKNOWN = "consistent, signer unknown"

_HEX = re.compile(r"[0-9a-f]{64}")
_MANIFEST = {"v", "service", "stream", "origin", "size", "count", "rulebook"}
_RECORD = {
    "v", "service", "position", "stream", "version", "id", "type", "at", "received_at",
    "actor", "command_id", "command_digest", "cause", "rulebook", "data", "salt",
}  # fmt: skip


@dataclass(frozen=True)
class BundleReport(Report):
    """The report on a bundle; `signer_known` tells whether a policy was given."""

    signer_known: bool

    @property
    def overall(self) -> str:
        """The result: "verified", "consistent, signer unknown" or "failed at step N"."""
        return super().overall if self.failed or self.signer_known else SIGNER_UNKNOWN

    @property
    def overall_text(self) -> Text:
        """The result as a sentence in both languages."""
        if self.failed:
            return Text(f"第 {self.failed.number} 步未通过", self.overall)
        zh = "核验通过" if self.signer_known else "内容自洽，但未核对签名人（未提供信任策略）"
        return Text(zh, self.overall)


def verify_bundle(data: bytes, policy: Policy | None = None, log: directory.Read | None = None) -> BundleReport:
    """Verify a bundle's bytes; see this module's text for the steps.

    `policy` comes from the verifier, never from the bundle; `log` reads the files of the whole log
    (`directory.folder`), which must then meet the same policy.
    """
    return BundleReport(walk(_Examination(data, policy, log).checks()), policy is not None)


class _Examination:
    """One run over one bundle; each step leaves what it found to the next ones."""

    members: Mapping[str, bytes]
    manifest: dict[str, Any]
    raw: dict[int, bytes]  # record bytes by number
    records: dict[int, dict[str, Any]]
    withheld: dict[int, Leaf]
    head: checkpoint.Checkpoint
    stream_key: bytes

    def __init__(self, data: bytes, policy: Policy | None, log: directory.Read | None) -> None:
        self.data = data
        self.policy = policy
        self.log = log

    def checks(self) -> list[Check]:
        return [
            (Text("容器为规范形式", "the container is canonical"), self.container),
            (Text("清单完整，规则库相符", "the manifest is well-formed and names this rulebook"), self.manifest_read),
            (
                Text("原始记录规范、连续、同属一流", "the records are canonical, unbroken, of one stream"),
                self.records_read,
            ),
            (Text("指令与记录中的摘要相符", "the commands are those that the records name"), self.commands_match),
            (Text("每条记录均在账本之中", "every record is in the ledger"), self.included),
            (Text("检查点由账本签名并经足数见证", "the checkpoint is signed and witnessed"), self.signed),
            (Text("全账本中本流完整且无第二版本", "in the whole ledger the stream is complete"), self.complete),
        ]

    def container(self) -> Text:
        self.members = bundle.read(self.data)
        return Text(f"共 {len(self.members)} 个文件", f"{len(self.members)} members")

    def manifest_read(self) -> Text:
        facts = canonical.decode_object(self.members[bundle.MANIFEST])
        numbers, texts = ("v", "size", "count"), ("service", "stream", "origin", "rulebook")
        if set(facts) != _MANIFEST or facts["v"] != 1:
            raise Malformed("manifest.json does not have the fields of version 1")
        if not all(type(facts[key]) is int for key in numbers) or not all(type(facts[key]) is str for key in texts):
            raise Malformed("manifest.json has a field of the wrong type")
        if facts["count"] < 1:
            raise Malformed("a bundle of no records shows nothing", "没有任何记录")
        if facts["rulebook"] != digest(self.members[bundle.RULEBOOK]):
            raise BadProof("rulebook.json is not the one that the manifest names", "规则库与清单中的摘要不符")
        self.manifest = facts
        return Text(f"{facts['service']} · {facts['stream']}", f"{facts['service']}, {facts['stream']}")

    def records_read(self) -> Text:
        self.raw, leaves = bundle.numbered(self.members, "records"), bundle.numbered(self.members, "leaves")
        count = self.manifest["count"]
        numbers = sorted([*self.raw, *leaves])
        if count != len(numbers) or numbers != list(range(1, count + 1)):
            raise Missing(f"the records are not numbered 1 to {count}", f"记录编号不是 1 至 {count}")
        self.records, self.withheld = {}, {}
        position = 0
        for version in range(1, count + 1):
            try:
                position = self._placed(version, leaves.get(version), position)
            except LedgerFault as fault:
                raise Malformed(f"record {version}: {fault}", f"第 {version} 版记录：{fault.zh}") from fault
        if leaves:
            zh = f"第 1 至 {count} 版，其中 {len(leaves)} 版内容未提供"
            return Text(zh, f"versions 1 to {count}, the contents of {len(leaves)} withheld")
        return Text(f"第 1 至 {count} 版", f"versions 1 to {count}")

    def _placed(self, version: int, withheld: bytes | None, after: int) -> int:
        """Read a record, or the leaf in its place, and return its position, which must be above `after`."""
        if withheld is None:
            record = self.records[version] = self._record(version, self.raw[version], after)
            return int(record["position"])
        leaf = self.withheld[version] = parse_leaf(withheld)
        if leaf.service != self.manifest["service"] or leaf.position <= after:
            raise BadProof("its leaf is of another journal or in another place", "其账本条目不属本流水或次序不符")
        return leaf.position

    def _record(self, version: int, data: bytes, after: int) -> dict[str, Any]:
        """Return one record, whose position must be above `after`."""
        record = canonical.decode_object(data)
        if set(record) != _RECORD or record["v"] != 1 or type(record["v"]) is not int:
            raise Malformed("does not have the fields of version 1")
        wanted = {"service": self.manifest["service"], "stream": self.manifest["stream"], "version": version}
        for name, value in wanted.items():
            if record[name] != value or type(record[name]) is not type(value):
                raise BadProof(f"its {name} is {record[name]!r}, not {value!r}", f"字段 {name} 与应有的值不符")
        if type(record["position"]) is not int or record["position"] <= after:
            raise BadProof(f"its position does not come after {after}", "序号没有递增")
        if record["rulebook"] not in (None, self.manifest["rulebook"]):
            raise BadProof("it was made under another rulebook", "所依据的规则库不同")
        if not _is_hex(record["salt"]) or not (record["command_digest"] is None or _is_hex(record["command_digest"])):
            raise Malformed("its salt or command digest is not 64 hexadecimal digits")
        return record

    def commands_match(self) -> Text | Skip:
        commands = bundle.numbered(self.members, "commands")
        if not commands:
            return Skip(Text("包内没有指令文件", "the bundle holds no commands"))
        first: dict[str, int] = {}
        for record in self.records.values():
            if record["command_digest"] is not None:
                first.setdefault(record["command_digest"], record["version"])
        for version, data in commands.items():
            if first.get(digest(data)) != version:
                zh, en = (
                    f"第 {version} 号指令与记录不符",
                    f"command {version} is not the one that record {version} names",
                )
                raise BadProof(en, zh)
        if missing := sorted(set(first.values()) - set(commands)):
            raise Missing(f"the command of record {missing[0]} is missing", f"缺少第 {missing[0]} 版记录的指令")
        return Text(f"指令 {len(commands)} 条", f"{len(commands)} commands")

    def included(self) -> Text:
        self.head = checkpoint.parse(self.members[bundle.CHECKPOINT])
        if (self.head.origin, self.head.size) != (self.manifest["origin"], self.manifest["size"]):
            raise BadProof("the checkpoint is not the one that the manifest names", "检查点与清单不符")
        self.stream_key = bundle.decode_stream_key(self.members[bundle.STREAM_KEY])
        proofs = bundle.numbered(self.members, "proofs")
        if list(proofs) != list(range(1, self.manifest["count"] + 1)):
            raise Missing("the proofs are not numbered as the records are", "证明与记录的编号不一致")
        last = -1
        for version, data in proofs.items():
            last = self._included(version, data, last)
        return Text(f"{len(proofs)} 条均可归入树根", f"all {len(proofs)} lead to the root")

    def _included(self, version: int, data: bytes, after: int) -> int:
        """Return the index of a record's leaf, which must be above `after` and proven."""
        index, hashes = bundle.decode_proof(data)
        entry = self._entry(version)
        if index <= after or not verify_inclusion(index, self.head.size, entry.hash(), hashes, self.head.root):
            zh = f"第 {version} 版记录的归属证明不成立"
            raise BadProof(f"record {version} is not shown to be leaf {index}", zh)
        return index

    def _entry(self, version: int) -> Leaf:
        """Return what the log must hold of a version: its record's leaf, or the one in its place, of this stream."""
        leaf = self.withheld.get(version)
        if leaf is None:
            record = self.records[version]
            return leaf_of(record["service"], record["position"], self.stream_key, version, self.raw[version])
        if leaf.tag != tag(self.stream_key, version):
            zh = f"第 {version} 版的账本条目不属本流"
            raise BadProof(f"the leaf in the place of record {version} is not of this stream", zh)
        return leaf

    def signed(self) -> Text | Skip:
        if self.policy is None:
            return Skip(Text("未提供信任策略，签名人未知", "no policy was given: the signer is unknown"))
        found = self.policy.check(self.members[bundle.CHECKPOINT])
        times = "，".join(f"{name} @ {time}" for name, time in sorted(found.witnesses.items())) or "—"
        return Text(f"账本 {found.log.name}；见证 {times}", f"log {found.log.name}; witnesses {times}")

    def complete(self) -> Text | Skip:
        if self.log is None:
            return Skip(Text("未提供全账本", "the whole log was not given"))
        report = directory.verify_log(self.log, self._trust)
        if report.failed or report.checkpoint is None:
            failed = report.failed or report.steps[0]
            zh = f"账本自身未通过第 {failed.number} 步：{failed.detail.zh}"
            raise BadProof(f"the log itself fails at step {failed.number}: {failed.detail.en}", zh)
        size, now = self.head.size, report.checkpoint.size
        if now < size or directory.prover(self.log, now).root(size) != self.head.root:
            raise BadProof("the log does not begin with the tree of the bundle", "账本与证据包不是同一棵树")
        directory.check_stream(directory.leaves(self.log, now), self.stream_key, self.manifest["count"])
        return Text(f"在 {now} 条之中完整", f"complete among {now} entries")

    def _trust(self, data: bytes) -> checkpoint.Checkpoint:
        head = self.policy.check(data).checkpoint if self.policy else checkpoint.parse(data)
        if head.origin != self.head.origin:
            raise BadProof(f"the log is {head.origin!r}, not the bundle's", "不是证据包所指的账本")
        return head


def _is_hex(value: object) -> bool:
    return isinstance(value, str) and _HEX.fullmatch(value) is not None
