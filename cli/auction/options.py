"""The options of `auction publish`, each with what it is for in both languages."""

from typing import Annotated, Literal

import typer

Yuan = Annotated[str, typer.Option(metavar="YUAN", help="元 / yuan")]
Time = Annotated[str, typer.Option(metavar="'YYYY-MM-DD [HH:MM]'", help="北京时间 / Beijing time")]
Reserve = Annotated[str, typer.Option(metavar="YUAN", help="底价，在本机密封 / the reserve, sealed here")]
Check = Annotated[bool, typer.Option("--check", help="只检查，不发送 / check only, send nothing")]
Units = Annotated[int | None, typer.Option(min=1, help="份数，价格为一份的 / how many; prices are of one")]
Confirmation = Annotated[
    Literal["direct", "proof"] | None, typer.Option(help="成交确认：即签或先签竞得证明 / how a sale is confirmed")
]

FirstPercent = Annotated[int | None, typer.Option(min=1, max=99, help="分期：首付百分比 / the part first")]
RestMonths = Annotated[int | None, typer.Option(min=1, max=60, help="分期：余款期限，月 / months for the rest")]
LoanRate = Annotated[
    list[str] | None, typer.Option(metavar="YYYY-MM-DD=RATE", help="贷款年利率，如 0.0345，可重复 / by the year")
]

Award = Annotated[
    Literal["price", "conditions"] | None, typer.Option(help="招标：价高者得（缺省）/ what decides a tender")
]
OpeningMinutes = Annotated[int | None, typer.Option(min=1, max=180, help="招标：开标时限，分钟 / minutes")]
PricePoints = Annotated[int | None, typer.Option(help="综合评审：报价分值 / points of the price")]
Criterion = Annotated[
    list[str] | None,
    typer.Option(metavar="factor=…,title=…,points=…", help="综合评审：评审标准，可重复 / a criterion"),
]
Members = Annotated[int | None, typer.Option(help="综合评审：评标小组人数 / members of the committee")]
Experts = Annotated[int | None, typer.Option(help="综合评审：其中专家人数 / experts among them")]
