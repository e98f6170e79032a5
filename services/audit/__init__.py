"""The audit service 存证审计: every record of every service enters the public ledger, and can be replayed from it.

Law: 电子招标投标办法 第十四条 (数据电文不被篡改、不遗漏和可追溯); 第四十九条, 第五十八条 (the source of data and
every step are on record, and nobody forges, alters or destroys them).
"""
