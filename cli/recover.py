"""`recover`: brings back from the ledger what a service's journal has lost, as after a restore from an older backup."""

from typing import Annotated, Any

import typer

from cli.command import Local, command
from cli.output import Misused
from cli.run import Data, quieten
from shared.platform.settings import load

app = typer.Typer()

Service = Annotated[str, typer.Argument(help="业务线，如 bidding / the service, such as bidding")]


@command(app, "recover")
def recover(here: Local, service: Service, data: Data = None) -> None:
    """从账本取回某业务线流水缺失的记录 / bring back the records that a restored service's journal lacks.

    审计服务须在运行；该业务线停止或运行均可：流水落后时它不受理操作。取不回：存档的指令原文、拒绝理由原文、未上链的回执前到达。

    The audit must run. The service itself may run or not: while its journal is behind the ledger it takes no commands,
    and it goes on by itself when the records are back. Every record is verified against the ledger's signed tree
    before anything is written, and all are written in one transaction. What no record holds does not come back: the
    stored requests, the words of refusals, what had arrived and was not decided yet, and bodies of documents that were
    not in the backup.
    """
    quieten()
    from shared.runtime.again import handled_of  # with the services, slow to load: only where they are needed
    from shared.runtime.lines import lines
    from shared.runtime.recovering import recover_service

    settings = load(**({} if data is None else {"data": data}))
    if service not in lines():
        known = ", ".join(sorted(lines()))
        raise Misused(f"没有保存流水的服务 {service}；现有：{known}", f"no service with a journal: {service}; {known}")
    done = recover_service(handled_of(service, settings))
    title = "已取回 / brought back" if done.records else "流水不缺记录 / the journal lacks nothing"
    said: dict[str, Any] = {"service": service, "records": done.records, "asked_again_from": dict(done.asked)}
    here.say(said, title)
