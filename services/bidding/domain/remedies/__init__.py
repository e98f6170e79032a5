"""Remedies of a tender: objections and their answers (异议), complaints (投诉), and its termination (终止招标)."""
