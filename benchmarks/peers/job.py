"""The process of the job as other engines are told it: opening a company.

The rows of the application are the floor's own; a peer keeps the process beside them, in the same
transactions. The standard library alone.
"""

from __future__ import annotations

BEFORE = ("accept", "registration")
"""One after the other."""
SEALS = ("code", "engrave", "deliver", "file")
"""One after the other, beside the `OTHERS`."""
OTHERS = ("tax", "medical_insurance", "housing_fund", "bank_appointment")
STEPS: dict[int, str] = dict(enumerate((*BEFORE, *SEALS, *OTHERS), start=3))
"""What a person does in each transaction; the draft, the submission and a claim come before."""
DRAFT, SUBMIT, CLAIM = 0, 1, 2
TRANSACTIONS = CLAIM + len(STEPS) + 1
