"""The portal is the platform's door: it reads the clock, keeps what arrives, asks the services and tells their answers.

Law: 电子招标投标办法 第二十七条 (what comes after the deadline is refused, a receipt for what comes before it at once,
and nobody extracts it before then).
"""
