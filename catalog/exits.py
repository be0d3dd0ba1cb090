"""Ways that an item may open beside the ordinary one: a commitment, or papers that come later."""

from enum import StrEnum

from catalog.limits import LimitDefinition
from core.text import Text
from workflows.process import Frozen


class Commitment(Frozen):
    """The applicant may promise to meet the conditions, and is decided on the spot (告知承诺).

    Nobody is made to choose it, and whoever has an unrepaired record of a broken promise may not.
    What is verified afterwards, and until when, is the process's follow-up work and its limit.
    """

    chosen_by: str
    """The question, as ``section.field``, that asks whether the applicant chooses it: yes or no."""
    legal_basis: Text


class Overdue(StrEnum):
    """What becomes of an item whose promised paper did not come, as its office published."""

    DEEMED_WITHDRAWN = "deemed_withdrawn"  # 视为撤回
    REFUSED = "refused"  # 不予许可


class Tolerance(Frozen):
    """A minor paper that may come after acceptance, if the applicant signs a promise (容缺受理)."""

    promised_by: str
    """The question, as ``section.field``, by which the applicant promises to bring it later."""
    within: LimitDefinition
    """From acceptance; no longer than the promised limit of any item that needs the paper."""
    overdue: Overdue
    legal_basis: Text
