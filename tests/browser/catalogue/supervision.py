"""What supervisors see, and officers of cards and of reasons for being overdue."""

from tests.browser.catalogue.states import State, alike, send, unfold_all
from tests.browser.catalogue.supervised import ELSEWHERE, JUDGE, SUPERVISOR

TASK = "/supervision/tasks/{licensed_late}/tax"
ASSIGN = "/reassign/{licensed_late}/tax"
FORM = "main form[method=post]"

STATES = (
    State(name="board", path="/supervision", who=SUPERVISOR, way=unfold_all),
    State(name="board-red", path="/supervision?band=red&department=tax", who=SUPERVISOR),
    State(name="board-none", path="/supervision", who=ELSEWHERE),
    alike(State(name="board-nothing-fits", path="/supervision?band=blue", who=SUPERVISOR)),
    State(name="board-wrong", path="/supervision?band=green", who=SUPERVISOR, is_error=True),
    State(name="supervised-file", path=TASK, who=SUPERVISOR),
    State(name="supervision-assign", path=f"{ASSIGN}?from=board", who=SUPERVISOR),
    State(
        name="reassign-empty",
        path=f"{ASSIGN}?from=board",
        who=SUPERVISOR,
        way=send(FORM),
        is_error=True,
    ),
    State(name="card-new", path=f"{TASK}/card", who=SUPERVISOR),
    State(
        name="card-new-empty", path=f"{TASK}/card", who=SUPERVISOR, way=send(FORM), is_error=True
    ),
    State(name="supervisor-cards", path="/supervision/cards", who=SUPERVISOR),
    State(name="supervisor-cards-none", path="/supervision/cards", who=ELSEWHERE),
    State(name="card-to-judge", path="/supervision/cards/{card_appealed}", who=JUDGE),
    State(
        name="card-judge-empty",
        path="/supervision/cards/{card_appealed}",
        who=JUDGE,
        way=send("#form-uphold_card"),
        is_error=True,
    ),
    alike(State(name="card-own", path="/supervision/cards/{card_appealed}", who=SUPERVISOR)),
    State(name="officer-cards", path="/cards", who="tax"),
    State(name="officer-cards-none", path="/cards", who="queue-empty"),
    State(name="card-to-answer", path="/cards/{card_issued}", who="tax"),
    State(
        name="card-answer-empty",
        path="/cards/{card_issued}",
        who="tax",
        way=send("#form-accept_card"),
        is_error=True,
    ),
    State(name="card-settled", path="/cards/{card_settled}", who="medical-insurance"),
    State(name="delay", path="/tasks/{licensed_late}/tax/delay", who="tax"),
    State(
        name="delay-empty",
        path="/tasks/{licensed_late}/tax/delay",
        who="tax",
        way=send(FORM),
        is_error=True,
    ),
    alike(
        State(name="delay-not-needed", path="/tasks/{accepted}/registration/delay", who="registrar")
    ),
    State(name="task-overdue", path="/tasks/{licensed_late}/tax", who="tax", way=unfold_all),
    alike(
        State(
            name="task-delay-explained",
            path="/tasks/{licensed_late}/medical_insurance",
            who="medical-insurance",
        )
    ),
)
