"""The registry: parties, accounts, certificates, credentials, experts and their draws, for every line of business.

Law: 电子招标投标办法 第九条 (registration is free), 第二十一条 with 招标投标法 第二十二条 (who may bid is secret until
the deadline), 第二十三条 (who runs the platform, or is tied to it, does not bid on it), 第四十九条
(who of the staff did what);
电子签名法 第十三条 (a key is its owner's alone), 第十五条 (a lost key is told at once; not read);
个人信息保护法 第六条, 第四十七条 (no more personal data than needed, and erasable);
国发〔2015〕33号 and GB 32100-2015 (统一社会信用代码); 招标投标法 第三十七条, 招标投标法实施条例 第四十六条
(experts: who, by lot, secret until the result), 第三十四条 (same person in charge, or control: not in one lot);
评标专家和评标专家库管理办法 (2024 no. 26; not read);
GB/T 2260 and 平台规则 (which office acts where).
"""

from pydantic import TypeAdapter

from services.registry.domain.commands import RegistryCommand
from services.registry.domain.events import RegistryEvent
from services.registry.domain.evolving import evolve
from services.registry.domain.registry import decide, refused
from services.registry.domain.rights import ENTITLED, visible
from services.registry.domain.state import Facts, Unborn
from services.registry.domain.timers import timers
from shared.kernel.decider import Decider
from shared.kernel.line import Line
from shared.kernel.request import Request

LINE = Line(
    name="registry",
    title_zh="主体登记",
    title_en="Registry",
    decider=Decider(Unborn(), decide, evolve),
    commands=TypeAdapter(RegistryCommand),
    events=TypeAdapter(RegistryEvent),
    requests=TypeAdapter(Request[RegistryCommand, Facts]),
    visible=visible,
    refused=refused,
    entitled=ENTITLED,
    timers=timers,
)
