"""Who looked at what (查阅留痕): sealed or personal data of a tender is given only once the record says to whom."""
