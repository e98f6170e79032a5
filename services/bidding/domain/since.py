"""Since when the statutes of construction tendering are in force."""

from datetime import date

ACT = date(2000, 1, 1)  # 招标投标法 第六十八条
REGULATION = date(2012, 2, 1)  # 招标投标法实施条例 第八十四条
ELECTRONIC = date(2013, 5, 1)  # 电子招标投标办法 (发改委等八部委令第20号)
