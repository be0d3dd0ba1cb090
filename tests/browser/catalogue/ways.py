"""What applicants and officers see of each way out of a case: made with the restaurant."""

from collections.abc import Iterator

from tests.browser.catalogue.prepared import APPLICANT
from tests.browser.catalogue.states import FORM, State, Way, alike, send, send_unasked, unfold_all


def mine(name: str, path: str, way: Way | None = None, *, is_error: bool = False) -> State:
    """A state of the demonstration's applicant."""
    return State(name=f"way-{name}", path=path, who=APPLICANT, way=way, is_error=is_error)


STAGES = (
    "promise_accepted",
    "correction_asked",
    "correction_made",
    "clock_stopped",
    "hearing_offered",
    "withdrawal_asked",
    "commitment_broken",
    "licence_refused",
    "not_ours",
)


def _states() -> Iterator[State]:
    for stage in STAGES:
        yield mine(stage, f"/cases/{{{stage}}}")
    for stage in ("correction_asked", "clock_stopped", "extended", "hearing_offered"):
        yield alike(mine(f"{stage}-part", f"/cases/{{{stage}}}/parts/food_licence"))
    yield mine("licence_refused-part", "/cases/{licence_refused}/parts/food_licence")
    for stage in ("commitment_granted", "commitment_broken"):
        yield mine(f"{stage}-part", f"/cases/{{{stage}}}/parts/fire_check")


CORRECTIONS = "/cases/{correction_asked}/parts/food_licence/corrections"
MADE = "/cases/{correction_made}/parts/food_licence/corrections"
HEARING = "/cases/{hearing_offered}/parts/food_licence/steps/ask_for_hearing"
PAPER = "/cases/{correction_asked_paper}"

STATES = (
    *_states(),
    mine("corrections", CORRECTIONS),
    mine("corrections-made", MADE),
    mine("corrections-stale", MADE, send_unasked(command_id="x"), is_error=True),
    mine("corrections-section", "/cases/{correction_asked}/form/kitchen"),
    mine("corrections-papers", "/cases/{correction_asked}/materials"),
    mine("hearing", HEARING),
    mine("hearing-old-page", HEARING, send_unasked(expected_version="99"), is_error=True),
    mine("withdraw", "/cases/{hearing_offered}/steps/ask_to_withdraw"),
    mine("promise-check", "/cases/{promise_draft}/check"),
    mine("promise-unsigned", "/cases/{promise_draft}/check", send(FORM), is_error=True),
    mine("promise-section", "/cases/{promise_draft}/form/later"),
    mine("commitment-section", "/cases/{promise_draft}/form/fire"),
    mine("promised-papers", "/cases/{promise_accepted}/promised-papers"),
    mine("promised-papers-here", "/cases/{promise_ready}/promised-papers"),
    mine("paper-refusal", "/cases/{licence_refused_paper}"),
    State(name="way-paper-officer", path=PAPER, who="registrar", way=unfold_all),
    State(
        name="way-paper-nobody-named",
        path=PAPER,
        who="registrar",
        way=send_unasked(recipient_name=""),
        is_error=True,
    ),
    State(name="way-paper-check", path="/verify/{paper_check}", who=None),
    State(name="way-paper-forged", path="/verify/{paper_check}0", who=None, is_error=True),
    State(
        name="way-task-corrected",
        path="/tasks/{correction_sent}/food_licence",
        who="registrar",
        way=unfold_all,
    ),
    State(
        name="way-task-changed-elsewhere",
        path="/tasks/{correction_sent}/joint_inspection",
        who="registrar",
        way=unfold_all,
    ),
)
