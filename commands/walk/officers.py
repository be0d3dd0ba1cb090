"""The officers and the seal maker of the walk: each finds the case in the queue and acts."""

from collections.abc import Mapping

from commands.walk.applicant import CaseAddress, control_values
from commands.walk.pages import Form, WalkError
from commands.walk.visitor import Visitor

QUEUE = "/queue"
MOST_PAGES = 1_000


def act(
    visitor: Visitor,
    case: CaseAddress,
    item_code: str,
    trigger: str,
    inputs: Mapping[str, str] | None = None,
) -> None:
    """Find the case in one's queue, open it, fill in what the step asks and press its button.

    Raises `WalkError` if it is not in the queue, the page does not offer the step, or the
    service refuses.
    """
    task = f"/tasks/{case.path}/{item_code}"
    page = visitor.open(_link(visitor, task))
    form = page.form(to=f"{task}/{trigger}")
    values: dict[str, list[str]] = {}
    for code, value in (inputs or {}).items():
        values.update(control_values(form, _name(form, code), value))
    answer = visitor.try_to_send(page, form, values)
    if answer.status >= 400:  # noqa: PLR2004 -- HTTP's own boundary
        raise WalkError(
            f"{visitor.name}: {item_code} {trigger} → {answer.status}\n{answer.excerpt(30)}"
        )


def _link(visitor: Visitor, task: str) -> str:
    """The address of the case as the queue has it, on whichever of its pages."""
    for number in range(1, MOST_PAGES + 1):
        queue = visitor.open(f"{QUEUE}?page={number}")
        if queue.has_link(task):
            return queue.link(task)
        if not queue.has_link("/tasks/"):
            break
    raise WalkError(f"{visitor.name}: {task} 不在队列中 / is not in the queue")


def _name(form: Form, code: str) -> str:
    """The control of an input: its own code, with or without a prefix of the page's."""
    names = [name.removesuffix("-year") for name in form.controls]
    found = [name for name in names if name == code or name.endswith(f"-{code}")]
    if not found:
        raise WalkError(f"{form.action}: the page has no field for {code!r}")
    return found[0]
