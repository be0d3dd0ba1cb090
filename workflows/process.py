"""A process: the state machine of an item or of a case, as data. Read from YAML, frozen."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.text import Text
from workflows.permissions import Permission

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]

CLAIM = "claim"
"""Takes a queue entry for oneself, for the length of the lease. A fact, not a state."""
HAND_BACK = "hand_back"
"""Gives a claimed entry back to the queue."""
HAND_OVER = "hand_over"
"""Gives an entry, free or one's own, to a colleague of the same desk, with a lease of its own."""
CLAIM_ACTS = frozenset({CLAIM, HAND_BACK, HAND_OVER})
"""Facts about who works on an entry; the state stays as it is, and no process has such steps."""


class Frozen(BaseModel):
    """Base of every definition object: frozen, and a mistyped key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StateKind(StrEnum):
    """What engine, queues, clocks and statistics know of a state; they never read its name."""

    WAITING = "waiting"  # 等待, for another item
    OPEN = "open"  # 办理中
    POSITIVE = "positive"  # 办结(通过)
    NEGATIVE = "negative"  # 办结(不通过)
    VOID = "void"  # 不再办理

    @property
    def is_final(self) -> bool:
        """True if nobody need act any more."""
        return self in {StateKind.POSITIVE, StateKind.NEGATIVE, StateKind.VOID}


class Handler(StrEnum):
    """Whose queue a state stands in."""

    DEPARTMENT = "department"
    MAKER = "maker"
    APPLICANT = "applicant"
    NOBODY = "nobody"


class ClockEffect(StrEnum):
    """What entering a state does to the clock of its task."""

    RUNS = "runs"
    PAUSED = "paused"
    STOPPED = "stopped"


class Effect(StrEnum):
    """What a transition does beside moving the state; each has one function in the services."""

    FAN_OUT = "fan_out"  # create the tasks of the accepted case
    ASK_TO_MEND = "ask_to_mend"  # one list and one day for all of it
    RESTORE_SUBMISSION = "restore_submission"  # the form stands again as it was last sent
    END_BY_WITHDRAWAL = "end_by_withdrawal"  # and cancel what has a way to be cancelled
    ISSUE_CREDIT_CODE = "issue_credit_code"
    ISSUE_OUTPUTS = "issue_outputs"
    ORDER_SEALS = "order_seals"
    CODE_SEALS = "code_seals"
    ENGRAVE_SEALS = "engrave_seals"
    DELIVER_SEALS = "deliver_seals"  # posts the saving of design 5
    FILE_SEALS = "file_seals"


class State(Frozen):
    """One state. ``label`` is for those who work on it, ``public_label`` for the applicant."""

    code: Code
    kind: StateKind
    label: Text
    public_label: Text
    handler: Handler = Handler.NOBODY
    clock: ClockEffect = ClockEffect.STOPPED
    tell_applicant: bool = False
    """The applicant gets a notice when it is reached; results are always told."""
    remedy: Text | None = None
    """What the applicant can do now, after a part ended like this."""
    on_withdrawal: Text | None = None
    """What withdrawing the case means for a part in this state."""


class Transition(Frozen):
    """One row of the table. ``permission`` has no default, so nothing is open by accident.

    ``automatic`` rows are fired by the engine when a task becomes free of what it waited for.
    """

    trigger: Code
    label: Text
    sources: tuple[Code, ...] = Field(min_length=1)
    destination: Code
    permission: Permission
    reason_required: bool = False
    items_required: bool = False
    """A list of places to mend must come with it (a return)."""
    different_officer: bool = False
    """The deciding officer must not be the one who prepared it."""
    automatic: bool = False
    notice: Text | None = None
    """What the applicant is told of it, instead of the state reached; see `services.notices`."""
    confirm: Text | None = None
    """What the person is asked to be sure of before a step that cannot be taken back."""
    effects: tuple[Effect, ...] = ()


class Process(Frozen):
    """A state machine: states, one initial, transitions."""

    code: Code
    version: int = Field(ge=1)
    title: Text
    initial: Code
    states: tuple[State, ...] = Field(min_length=2)
    transitions: tuple[Transition, ...] = Field(min_length=1)

    def state(self, code: str) -> State:
        """The state called ``code``; KeyError if the process has none such."""
        for state in self.states:
            if state.code == code:
                return state
        raise KeyError(code)

    def from_state(self, code: str) -> tuple[Transition, ...]:
        """The transitions that leave ``code``, in the order of the file: the buttons."""
        return tuple(row for row in self.transitions if code in row.sources)
