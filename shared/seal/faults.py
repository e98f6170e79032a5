"""Why a bid does not open and whose fault that is, each in both languages.

电子招标投标办法 第三十一条: through the bidder's fault the bid counts as revoked (撤销), through any other cause
as withdrawn (撤回) with a claim for direct loss; the other bids go on.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from shared.seal.wire import Authority, SealError

ARTICLE = "电子招标投标办法 第三十一条"
AUTHORITY_ZH: dict[Authority, str] = {"agency": "代理机构", "supervisor": "监督部门", "platform": "交易平台"}


class Whose(StrEnum):
    """Who answers for a bid that does not open."""

    BIDDER = "bidder"
    AUTHORITY = "authority"
    PLATFORM = "platform"


class Code(StrEnum):
    """What is wrong with a sealed bid, a key or a body. Append-only: records hold these words."""

    MEANING_UNREADABLE = "meaning_unreadable"
    MEANING_OF_ANOTHER = "meaning_of_another"
    KEYS_NOT_ANNOUNCED = "keys_not_announced"
    BIDDER_KEY_MISSING = "bidder_key_missing"
    BIDDER_KEY_WRONG = "bidder_key_wrong"
    SHARE_RUBBISH = "share_rubbish"
    DEALING_INCONSISTENT = "dealing_inconsistent"
    SHARE_WRONG = "share_wrong"
    SHARE_MISSING = "share_missing"
    COMPLAINT_FALSE = "complaint_false"
    AUTHORITY_KEY_WRONG = "authority_key_wrong"
    BODY_MISSING = "body_missing"
    BODY_LOST = "body_lost"
    BODY_ALTERED = "body_altered"
    BODY_UNDECRYPTABLE = "body_undecryptable"
    CONTAINER_TRUNCATED = "container_truncated"
    CONTAINER_EXTRA = "container_extra"
    DOCUMENT_MISMATCH = "document_mismatch"
    STATEMENT_INVALID = "statement_invalid"
    STATEMENT_OF_ANOTHER = "statement_of_another"
    PARTY_SIGNATURE_BAD = "party_signature_bad"
    PAPERS_WRONG = "papers_wrong"


_B, _A, _P = Whose.BIDDER, Whose.AUTHORITY, Whose.PLATFORM

FAULTS: dict[Code, tuple[Whose, str, str]] = {
    Code.MEANING_UNREADABLE: (
        _B,
        "密封消息无法用本项目密钥解开",
        "the sealed message does not open under the tender's key",
    ),
    Code.MEANING_OF_ANOTHER: (
        _B,
        "密封消息内容属于其他项目或投标人",
        "the sealed message speaks of another tender or token",
    ),
    Code.KEYS_NOT_ANNOUNCED: (_B, "未使用公告公布的公钥加密", "sealed to a key that the announcement does not hold"),
    Code.BIDDER_KEY_MISSING: (_B, "投标人未在规定时间内解密", "the bidder handed in no key in time"),
    Code.BIDDER_KEY_WRONG: (_B, "投标人提交的密钥与承诺不符", "the bidder's key does not match its commitment"),
    Code.SHARE_RUBBISH: (
        _B,
        "投标人封装给{zh}的密钥分片无法解开或与承诺不符",
        "the share that the bidder sealed to the {en} does not open or does not match its commitment",
    ),
    Code.DEALING_INCONSISTENT: (
        _B,
        "各分片与承诺相符，但任意两片均不能还原密钥",
        "the shares match their commitments, yet no two of them give the committed key",
    ),
    Code.SHARE_WRONG: (
        _A,
        "{zh}提交的密钥分片与承诺不符",
        "the share handed in by the {en} does not match its commitment",
    ),
    Code.SHARE_MISSING: (_A, "{zh}未在规定时间内提交密钥分片", "the {en} handed in no share in time"),
    Code.COMPLAINT_FALSE: (
        _A,
        "{zh}称分片无效，但经其私钥验证分片有效",
        "the {en} called its share bad, but its own private key opens a good one",
    ),
    Code.AUTHORITY_KEY_WRONG: (
        _A,
        "{zh}公布的私钥与公告的公钥不符",
        "the private key published by the {en} is not that of its announced key",
    ),
    Code.BODY_MISSING: (_B, "投标截止前未完成投标文件传输", "the bid's body was not uploaded by the deadline"),
    Code.BODY_LOST: (_P, "平台未能提供已收到的投标文件", "the platform cannot produce the body that it received"),
    Code.BODY_ALTERED: (_P, "平台保存的投标文件与其摘要不符", "the stored body is not the one that its digest names"),
    Code.BODY_UNDECRYPTABLE: (_B, "投标文件无法用所承诺的密钥解密", "the body does not open under the committed key"),
    Code.CONTAINER_TRUNCATED: (_B, "投标文件内容不完整", "the body ends before its statement or documents do"),
    Code.CONTAINER_EXTRA: (_B, "投标文件包含多余内容", "the body goes on after its last document"),
    Code.DOCUMENT_MISMATCH: (_B, "文件与报价声明中的摘要不符", "a document is not the one that the statement names"),
    Code.STATEMENT_INVALID: (_B, "报价声明格式不符合要求", "the statement is not of the declared form"),
    Code.STATEMENT_OF_ANOTHER: (
        _B,
        "报价声明属于其他项目、标段或投标人",
        "the statement is for another tender, lot, bid or token",
    ),
    Code.PARTY_SIGNATURE_BAD: (_B, "报价声明的签名无效", "the party's signature of the statement is not valid"),
    Code.PAPERS_WRONG: (
        _B,
        "提交的投标文件不是密封报价时承诺的文件",
        "the documents are not those that were committed to with the sealed price",
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; `authority` where one is concerned, `detail` names the place, never a secret."""

    code: Code
    authority: Authority | None = None
    detail: str = ""

    @property
    def whose(self) -> Whose:
        """Return who answers for it."""
        return FAULTS[self.code][0]

    @property
    def zh(self) -> str:
        """Return what is wrong, in Chinese."""
        who = AUTHORITY_ZH[self.authority] if self.authority else ""
        return FAULTS[self.code][1].format(zh=who) + (f"：{self.detail}" if self.detail else "")

    @property
    def en(self) -> str:
        """Return what is wrong, in English."""
        return FAULTS[self.code][2].format(en=self.authority) + (f": {self.detail}" if self.detail else "")


class NotOpenable(SealError):
    """A bid cannot be opened, or a part of it cannot be used; `fault` says why and whose fault it is."""

    def __init__(self, code: Code, authority: Authority | None = None, detail: str = "") -> None:
        self.fault = Fault(code, authority, detail)
        super().__init__(self.fault.en, self.fault.zh)

    @classmethod
    def of(cls, fault: Fault) -> Self:
        """Return the exception for a fault."""
        return cls(fault.code, fault.authority, fault.detail)
