"""Who bids in the full scenario: seven made-up companies, the first of them at the head of a consortium of two."""

from dataclasses import dataclass

from cli.demo.cast import Cast

LEADER, PARTNER = "黄河口路桥工程有限公司（虚构）", "渤海湾市政设计院有限公司（虚构）"
ALONE = (
    "鲁北建工集团有限公司（虚构）",
    "胜利市政工程有限公司（虚构）",
    "广饶城建有限公司（虚构）",
    "垦利水务建设有限公司（虚构）",
    "利津第一建筑有限公司（虚构）",
    "河口园林绿化有限公司（虚构）",
)


@dataclass(frozen=True, slots=True)
class People:
    """The accounts of the bidders, by what they do in the first lot."""

    consortium: str
    equal: str
    too_dear: str
    silent: str
    careful: str
    last: str
    unqualified: str

    @property
    def all(self) -> tuple[str, ...]:
        """Everyone who applies."""
        return (*self.qualified, self.unqualified)

    @property
    def qualified(self) -> tuple[str, ...]:
        """Everyone who may bid, in the order in which they bid for the first lot."""
        return self.consortium, self.equal, self.too_dear, self.silent, self.careful, self.last

    @property
    def effective(self) -> tuple[str, ...]:
        """Everyone whose bid for the first lot is evaluated."""
        return self.consortium, self.equal, self.careful, self.last


def assemble(cast: Cast) -> People:
    """Register the companies and open their accounts."""
    return People(cast.company(LEADER, PARTNER), *map(cast.company, ALONE))
