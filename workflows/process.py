"""A process: the state machine of an item or of a case, as data. Read from YAML, frozen."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.text import Text
from workflows.clocks import Limit, Unit
from workflows.colours import Colour
from workflows.permissions import Permission

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]

CLAIM = "claim"
"""Takes a queue entry for oneself, for the length of the lease. A fact, not a state."""
HAND_BACK = "hand_back"
"""Gives a claimed entry back to the queue."""
HAND_OVER = "hand_over"
"""Gives an entry, free or one's own, to a colleague of the same desk, with a lease of its own."""
ASSIGN = "assign"
"""Says whose work an entry is: by the head, by a policy of the desk, or because of an absence."""
RECUSE = "recuse"
"""Declares a conflict of interest: its officer keeps out of the case from then on."""
CLAIM_ACTS = frozenset({CLAIM, HAND_BACK, HAND_OVER, ASSIGN, RECUSE})
"""Facts about who works on an entry; the state stays as it is, and no process has such steps."""
RECEIVE_PACKAGE = "receive_package"
"""Confirms that a hand-over package arrived as it was sent: both sides computed one hash."""
REFUSE_PACKAGE = "refuse_package"
"""What becomes of that confirmation if the hashes differ."""
SEND_PACKAGE = "send_package"
"""Makes a package anew after it was refused."""
POST_PACKAGE = "post_package"
"""Notes how the papers of a package travel."""
PACKAGE_ACTS = frozenset({RECEIVE_PACKAGE, SEND_PACKAGE, POST_PACKAGE})
"""Facts about what one office hands to another; the state stays, no process has such steps."""

RECOMPUTE_LIMIT = "recompute_limit"
"""The engine counts a clock again by a newer calendar; no process has such a step either."""
ASSESS = "assess"
"""The engine weighs, by the rules of the definition, whether it may grant a task without a hand."""

RETRY_CASE = "retry_case"
"""An operator lets what should have followed by itself follow now."""
ASK_FOR_REPAIR = "ask_for_repair"
CONFIRM_REPAIR = "confirm_repair"
"""What becomes of it is the event of the repair itself."""
DECLINE_REPAIR = "decline_repair"
TAKE_BACK_REPAIR = "take_back_repair"
SKIP_PART = "skip_part"
REWIND_PART = "rewind_part"
CANCEL_CASE = "cancel_case"
WAIT_AGAIN = "wait_again"
"""What becomes of a part that rested on another one which goes back."""
REPAIR_FACTS = frozenset({RETRY_CASE, ASK_FOR_REPAIR, DECLINE_REPAIR, TAKE_BACK_REPAIR})
"""Events of repairs that move nothing themselves."""
REPAIR_ACTS = REPAIR_FACTS | {CONFIRM_REPAIR}
"""What operators and their second persons ask of the door (`workflows.repairs`)."""

TURNS: Mapping[Colour, str] = {colour: f"turn_{colour}" for colour in Colour}
"""The engine's acts by which a task changes its colour."""
EXPLAIN_DELAY = "explain_delay"
"""Says why a task is overdue; its applicant reads it."""
CARD_PROCESS = "supervision_card"
"""The process of supervision cards: of the engine itself, and of no item."""
ISSUE_CARD = "issue_card"
APPEAL_CARD = "appeal_card"
CARD_ACTS = frozenset({ISSUE_CARD, "accept_card", APPEAL_CARD, "uphold_card", "annul_card"})
"""The steps of that process: facts beside the state of the task that a card is about."""
SUPERVISION_ACTS = frozenset({*TURNS.values(), EXPLAIN_DELAY, *CARD_ACTS})
"""What happens to a task without moving it; no item's process has such steps."""
FACTS = (
    CLAIM_ACTS
    | PACKAGE_ACTS
    | SUPERVISION_ACTS
    | REPAIR_FACTS
    | {REFUSE_PACKAGE, RECOMPUTE_LIMIT, ASSESS}
)
"""Every event that is no step: a page that somebody has open stays true after it."""


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


class PauseCause(StrEnum):
    """Why a clock may stand still (Administrative Licensing Law 32 and 45)."""

    CORRECTION = "correction"  # 补正: the applicant has to bring what is missing
    HEARING = "hearing"  # 听证
    TENDER = "tender"  # 招标
    AUCTION = "auction"  # 拍卖
    INSPECTION = "inspection"  # 检验
    TESTING = "testing"  # 检测
    QUARANTINE = "quarantine"  # 检疫
    APPRAISAL = "appraisal"  # 鉴定
    EXPERT_REVIEW = "expert_review"  # 专家评审
    RECTIFICATION = "rectification"  # 整改, where the item's own law leaves its time out


SPECIAL_PROCEDURES = frozenset(PauseCause) - {PauseCause.CORRECTION, PauseCause.RECTIFICATION}
"""The causes of article 45, which one state may leave open until the officer names one."""


class StateLimit(Frozen):
    """How long a case or task may stay in a state, whatever its item's own limit is.

    An amount in a unit, or the day that the step into the state named as ``input``, with which it
    ends, or what each item says of it (``of_item``). When it is over, the timer fires the state's
    row ``at_limit``, if any.
    """

    amount: int | None = Field(default=None, ge=1)
    unit: Unit | None = None
    input: Code | None = None
    of_item: bool = False
    """The item names it: a limit in ``state_limits``, or a day of the form in ``state_days``."""
    legal_basis: Text | None = None

    @model_validator(mode="after")
    def _is_one_of_three(self) -> Self:
        ways = (self.amount is not None, self.input is not None, self.of_item)
        if (self.amount is None) != (self.unit is None) or sum(ways) != 1:
            raise ValueError("a state's limit is an amount with its unit, an input, or of the item")
        return self

    @property
    def limit(self) -> Limit | None:
        """The amount and unit alone, as clocks count them; None for a day that is named."""
        if self.amount is None or self.unit is None:
            return None
        return Limit(amount=self.amount, unit=self.unit)


class StepLimit(Frozen):
    """Within how much time a step is to be taken, and by which rule."""

    amount: int = Field(ge=1)
    unit: Unit
    legal_basis: Text | None = None
    from_service: bool = False
    """Counted from the service of the paper that the other step issued, not from the step."""

    @property
    def limit(self) -> Limit:
        """The amount and unit alone, as clocks count them."""
        return Limit(amount=self.amount, unit=self.unit)


class Follows(Frozen):
    """A step that answers another one: a confirmation its request, a consent its question.

    It may be taken while the last of ``triggers`` is not answered yet, by this step or by another
    one that follows the same.
    """

    triggers: tuple[Code, ...] = Field(min_length=1)
    within: StepLimit | None = None
    """Counted from the step that it follows; afterwards it is too late."""
    is_optional: bool = False
    """It may also be taken unasked, and answers the other step if there is one."""
    is_offer: bool = False
    """Nobody waits for it: it is merely possible after the other step."""


class Consent(StrEnum):
    """What an applicant's answer says to a step that asks for consent (`Effect.ASK_CONSENT`)."""

    GIVEN = "given"  # 同意
    WITHHELD = "withheld"  # 不同意


class DocumentKind(Frozen):
    """The numbered paper that an act issues (文书)."""

    code: Code
    title: Text
    legal_basis: Text | None = None
    is_public: bool = False
    """Anybody may look it up (Administrative Licensing Law 40); it is listed without its words."""
    has_remedies: bool = False
    """It says how the applicant may have the decision reviewed."""


class Effect(StrEnum):
    """What a transition does beside moving the state; each has one function in the services."""

    FAN_OUT = "fan_out"  # create the tasks of the accepted case
    ASK_TO_MEND = "ask_to_mend"  # one list and one day for all of it
    RESTORE_SUBMISSION = "restore_submission"  # the form stands again as it was last sent
    TAKE_CORRECTIONS = "take_corrections"  # the form again, with what one part asked to mend
    TOLERATE = "tolerate"  # accept although promised papers are missing, each with its day
    SUPPLY_TOLERATED = "supply_tolerated"  # take them in
    LAPSE_PROMISES = "lapse_promises"  # what was published for papers that did not come, follows
    DEEM_ACCEPTED = "deem_accepted"  # from the day on which the papers arrived
    ASK_TO_WITHDRAW = "ask_to_withdraw"
    ANSWER_WITHDRAWAL = "answer_withdrawal"
    END_BY_WITHDRAWAL = "end_by_withdrawal"  # and cancel what has a way to be cancelled
    END_BY_LAPSE = "end_by_lapse"
    REOPEN_CASE = "reopen_case"  # and restore what was cancelled with it
    REOPEN_FOR_CORRECTIONS = "reopen_for_corrections"
    TELL_EXPECTED_DAYS = "tell_expected_days"  # of a special procedure
    SET_HEARING_DAY = "set_hearing_day"
    SET_INSPECTION_DAY = "set_inspection_day"
    ASK_FOR_ANOTHER_DAY = "ask_for_another_day"  # while that day is still ahead
    NOTE_HEARING = "note_hearing"  # held, and not before the day of the summons
    ASK_CONSENT = "ask_consent"  # to an extension
    EXTEND_LIMIT = "extend_limit"  # once, by what the definition of item or whole says
    ASK_TO_EXTEND = "ask_to_extend"  # the whole: the government decides
    ANSWER_EXTENSION = "answer_extension"
    REVOKE_OUTPUTS = "revoke_outputs"
    REVERSE_POSTINGS = "reverse_postings"  # counter-transfers of all that the item posted
    MARK_CREDIT = "mark_credit"  # no commitment and no tolerance until it is repaired
    REPAIR_CREDIT = "repair_credit"
    LIFT_CREDIT = "lift_credit"  # what the marks rested on was set aside
    ISSUE_CREDIT_CODE = "issue_credit_code"
    ISSUE_OUTPUTS = "issue_outputs"
    ORDER_SEALS = "order_seals"
    CODE_SEALS = "code_seals"
    ENGRAVE_SEALS = "engrave_seals"
    DELIVER_SEALS = "deliver_seals"  # posts the saving of design 5
    FILE_SEALS = "file_seals"
    TRANSFER = "transfer"  # to the office of another district, with a hand-over package


class State(Frozen):
    """One state. ``label`` is for those who work on it, ``public_label`` for the applicant."""

    code: Code
    kind: StateKind
    label: Text
    public_label: Text
    handler: Handler = Handler.NOBODY
    clock: ClockEffect = ClockEffect.STOPPED
    limit: StateLimit | None = None
    pause: PauseCause | None = None
    """The lawful cause of a paused clock; None if the step into the state names it (`cause`)."""
    legal_basis: Text | None = None
    """Of a paused clock: the law by which its time is not counted."""
    opens_form: bool = False
    """While a task is in it, its applicant may mend the places that were named."""
    tell_applicant: bool = False
    """The applicant gets a notice when it is reached; results are always told."""
    remedy: Text | None = None
    """What the applicant can do now, after a part ended like this."""
    on_withdrawal: Text | None = None
    """What withdrawing the case means for a part in this state."""


class Transition(Frozen):
    """One row of the table. ``permission`` has no default, so nothing is open by accident.

    ``automatic`` rows are fired by the engine when a task becomes free of what it waited for,
    rows ``at_limit`` by its timer, rows ``overdue`` when a promised paper did not come, rows
    ``by_rule`` by the rules that decide without a hand.
    """

    trigger: Code
    label: Text
    sources: tuple[Code, ...] = Field(min_length=1)
    destination: Code
    permission: Permission
    reason_required: bool = False
    items_required: bool = False
    """A list of places to mend must come with it (a return)."""
    prepares: bool = False
    """Its officer prepares what another decides, and stays one who did until it is decided."""
    different_officer: bool = False
    """The deciding officer must be nobody who prepared it (four eyes)."""
    automatic: bool = False
    at_limit: bool = False
    """Fired by the timer alone, when the limit of the state that it leaves has run out."""
    legal_basis: Text | None = None
    """Of a step at a limit: the law that gives silence this meaning."""
    overdue: bool = False
    """Fired by the engine alone, when a paper that was promised did not come in time (容缺)."""
    by_rule: bool = False
    """Fired by the engine alone, when the item's rules hold and its office lets them decide."""
    restarts_clock: bool = False
    """Of a transfer: the new office has the whole time again; otherwise what is used stays used."""
    by_commitment: bool = False
    """Of a release: only if the applicant chose the commitment and may make one (告知承诺)."""
    leaves_end: bool = False
    """It may leave a state in which all was ended: a revocation, a reopening."""
    once: bool = False
    """Taken once only in the life of a case or task, however often it passes the state."""
    follows: Follows | None = None
    """It answers an earlier step, and may be taken only then."""
    halts: tuple[Code, ...] = ()
    """Steps that wait while this one has no answer and may still be answered (see `order`)."""
    consent: Consent | None = None
    """It answers a step that asks for the applicant's consent, whatever either is called."""
    within: StepLimit | None = None
    """By when it is expected, from entering the state: said to those who work on it."""
    document: DocumentKind | None = None
    """The numbered paper that is issued with it."""
    notice: Text | None = None
    """What the applicant is told of it, instead of the state reached; see `services.notices`."""
    confirm: Text | None = None
    """What the person is asked to be sure of before a step that cannot be taken back."""
    effects: tuple[Effect, ...] = ()

    @property
    def by_itself(self) -> bool:
        """True if the engine fires it, and nobody presses a button."""
        return self.automatic or self.at_limit or self.overdue or self.by_rule

    def decides(self, destination: State) -> bool:
        """Whether it takes up what was prepared: by other hands, and to an end or out of theirs."""
        is_out = destination.kind.is_final or destination.handler is not Handler.DEPARTMENT
        return self.different_officer and is_out


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
