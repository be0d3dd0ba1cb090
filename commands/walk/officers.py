"""The officers and makers of the walk: each looks into the queue and takes a step that leads on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from commands.walk.applicant import CaseAddress, control_values
from commands.walk.pages import Form, Page, WalkError
from commands.walk.visitor import Visitor

QUEUE = "/queue"
REFUSED = 400
"""From here on HTTP's answers are refusals."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that a page offers."""

    trigger: str
    of_case: bool
    form: Form


def waiting(visitor: Visitor, case: CaseAddress, number: str) -> list[str]:
    """The items of the case that stand in somebody's queue."""
    page = visitor.open(f"{QUEUE}?text={number}")
    pattern = re.compile(rf"/tasks/{re.escape(case.path)}/(?P<item>[a-z][a-z0-9_]*)(?:\?|$)")
    found = [pattern.search(address) for address, _words in page.links]
    return list(dict.fromkeys(match["item"] for match in found if match))


def open_task(visitor: Visitor, case: CaseAddress, item_code: str) -> Page:
    """The page of one item."""
    return visitor.open(f"/tasks/{case.path}/{item_code}")


def offers(page: Page, case: CaseAddress, item_code: str, triggers: frozenset[str]) -> list[Offer]:
    """The steps that the page offers, of the case and of the item; other forms are left out."""
    return list(_offers(page, f"/tasks/{case.path}/{item_code}/", triggers))


def _offers(page: Page, start: str, triggers: frozenset[str]) -> Iterator[Offer]:
    for form in page.forms:
        path, _, query = form.action.partition("?")
        trigger = path.removeprefix(start)
        if path.startswith(start) and trigger in triggers:
            yield Offer(trigger, "of=case" in query.split("&"), form)


def take(visitor: Visitor, page: Page, offer: Offer, typed: Mapping[str, str]) -> Page:
    """Fill in a step's form and press its button; a refusal is a page like any other."""
    values: dict[str, list[str]] = {}
    for code, value in typed.items():
        values.update(control_values(offer.form, _name(offer.form, code), value))
    return visitor.try_to_send(page, offer.form, values)


def asks(form: Form, code: str) -> bool:
    """Whether a form has a control for ``code``."""
    return bool(_names(form, code))


def _name(form: Form, code: str) -> str:
    """The control of an input: its own code, with or without a prefix of the page's."""
    found = _names(form, code)
    if not found:
        raise WalkError(f"{form.action}: the page has no field for {code!r}")
    return found[0]


def _names(form: Form, code: str) -> list[str]:
    names = [name.removesuffix("-year") for name in form.controls]
    return [name for name in names if name == code or name.endswith(f"-{code}")]
