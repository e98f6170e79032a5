"""The one family of faults: what a verifier was given and cannot rely on, said in two languages."""


class LedgerFault(Exception):
    """Something given cannot be relied on. `str()` is the English sentence, `zh` the Chinese one."""

    zh = "账本材料不可信"

    def __init__(self, en: str, zh: str | None = None) -> None:
        super().__init__(en)
        if zh is not None:
            self.zh = zh


class Malformed(LedgerFault):
    """The bytes are not of the format that they claim."""

    zh = "格式不符合规范"


class Missing(LedgerFault):
    """A file, tile or member that must be there is not."""

    zh = "缺少必需的内容"


class Unsigned(LedgerFault):
    """No key that is trusted for this purpose has signed."""

    zh = "没有受信任密钥的签名"


class BadSignature(LedgerFault):
    """A trusted key is named as signer and the signature does not hold."""

    zh = "签名不成立"


class QuorumNotMet(LedgerFault):
    """Too few of the witnesses that the policy asks for have cosigned."""

    zh = "见证人数未达到信任策略的要求"


class BadProof(LedgerFault):
    """A hash, an inclusion proof or a consistency proof does not lead to the root."""

    zh = "哈希或证明不成立"
