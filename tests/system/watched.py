"""A bid full of marks, sealed and handed in like any other, and all that can be seen of it before the opening."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from cli import accounts, ca
from cli.demo.cast import OPERATOR
from cli.demo.stage import Player, Stage
from shared.ledger.checkpoint import parse
from shared.seal.wire import raw
from tests.system.broker import Passed, Spy
from tests.system.canary import Mark, files
from tests.system.evidence import Row, keep, rows
from tests.system.own_host import OwnHost
from tests.system.reading import Answer, Frames
from tests.system.routes import answers, paths, require_all
from tests.system.scene import Company, Scene, Tender

PRICE_FEN = 71_239_846_57
SERIAL = "certificate's serial number"


@dataclass(frozen=True, slots=True)
class Seen:
    """What can be seen at one moment: all that is stored, all that is answered, all that was told."""

    folder: Path
    rows: list[Row]
    answers: list[tuple[str, str, str, Answer]]
    frames: bytes
    messages: list[Passed]

    def stored(self) -> Any:
        """Yield every stored file with its name."""
        return files(self.folder)


@dataclass(frozen=True, slots=True)
class Watched:
    """The marked bid in its tender, and what was seen before the deadline.

    `content` marks what is in the bid, `identity` who bids, `project` the tender and the bidder's pseudonym in it,
    `open` something that is public from the start, which every search must find.
    """

    scene: Scene
    tender: Tender
    company: Company
    bidders: list[Company]
    content: list[Mark]
    identity: list[Mark]
    project: list[Mark]
    open: Mark
    before: Seen


def watch(scene: Scene, folder: Path) -> Watched:
    """Play a tender with a marked bid up to its deadline, and look everywhere."""
    nonce = secrets.token_hex(6)
    company = scene.company(f"金丝雀建设集团{nonce}有限公司", f"canary-{nonce}")
    certificate = _certify(scene, company)
    texts = {name: f"{name}-内容-{secrets.token_hex(12)}" for name in ("first", "document", "quality")}
    open_ = Mark("title", f"公开标题-{secrets.token_hex(10)}".encode())
    stage, bidders = scene.stage, [company, *scene.companies(2)]
    with Frames(stage) as frames, Overheard(stage) as overheard:
        tender = scene.tender(open_.value.decode())
        tender.bid(company, texts["first"], price_fen=PRICE_FEN)
        desk = tender.seal(company, texts["document"], quality=texts["quality"], price_fen=PRICE_FEN)
        desk.submit(replacing=True)
        for other in bidders[1:]:
            tender.bid(other)
        project = [Mark("tender", tender.procedure.encode()), Mark("token", desk.credential.token.encode())]
        project += _key_marks("one-time key", desk.key.public_key)
        content = [*(Mark(name, text.encode()) for name, text in texts.items()), Mark("price", b"%d" % PRICE_FEN)]
        before = look(tender, company, folder, overheard, frames=frames)
    identity = [*_identity(scene, company), *certificate]
    return Watched(scene, tender, company, bidders, content, identity, project, open_, before)


def look(
    tender: Tender,
    company: Company,
    folder: Path,
    overheard: "Overheard",
    *,
    frames: Frames | None = None,
    wanted: Callable[[str], bool] = lambda _route: True,
) -> Seen:
    """See all that is stored now, and what every route that is `wanted` answers.

    The messages are taken first, as asking makes more of them.
    """
    scene, stage = tender.scene, tender.stage
    kept, stored = keep(stage, folder), rows(stage)
    messages = overheard.messages()
    body = tender.desk(company).sealed(str(tender.desk(company).noted()["standing"])).envelope.body
    size = parse(stage.client.fetch("/ledger/checkpoint")).size
    known = paths(
        tender.procedure,
        sha256=body.sha256,
        account=company.account,
        party=company.party,
        stream=company.stream,
        size=size,
    )
    require_all(stage, known)
    asking: dict[str, Any] = {role: None if one is None else one.asker() for role, one in scene.askers().items()}
    asking["another bidder's token"] = tender.desk(scene.companies(1)[0]).asker
    told = list(answers(stage, asking, known, wanted))
    return Seen(kept, stored, told, frames.seen() if frames else b"", messages)


class Overheard:
    """What a broker's operator overhears; nothing where there is no broker."""

    def __init__(self, stage: Stage) -> None:
        self._spy = Spy(stage) if isinstance(stage, OwnHost) else None

    def __enter__(self) -> Self:
        if self._spy:
            self._spy.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if self._spy:
            self._spy.__exit__(None, None, None)

    def messages(self) -> list[Passed]:
        """Return every message so far."""
        return self._spy.passed() if self._spy else []


def _identity(scene: Scene, company: Company) -> list[Mark]:
    public = str(scene.player(company.account).wallet.read("accounts", company.account)["public_key"])
    texts = {"name": company.party["name"], "code": company.party["id"], "account": company.account}
    texts["party's stream"] = company.stream
    return [*(Mark(name, text.encode()) for name, text in texts.items()), *_key_marks("account key", public)]


def _certify(scene: Scene, company: Company) -> list[Mark]:
    """Bind a certificate to the company's account, from an authority on a machine of its own; return its marks."""
    machine: Player = scene.player("certifier")
    folder, file = machine.wallet.home / "authority", machine.wallet.home / f"{company.account}.pem"
    ca.init(machine, folder, data=scene.stage.data)
    ca.issue(machine, folder, company.party["id"], company.party["name"], out=file)
    issued = machine.said
    key = file.with_suffix(".key")
    accounts.bind_certificate(scene.player(OPERATOR), file, key=key, of=company.account)
    serial = int(issued["serial"], 16)
    return [
        Mark(SERIAL, issued["serial"].encode()),
        Mark("serial number, in figures", str(serial).encode()),
        Mark("serial number, as bytes", serial.to_bytes(20)),
        Mark("certificate's fingerprint", issued["fingerprint"].encode()),
    ]


def _key_marks(name: str, public: str) -> list[Mark]:
    return [Mark(f"{name}, as text", public.encode()), Mark(f"{name}, as bytes", raw(public))]
