"""The applicant of the walk: signs up, fills in every section, submits, and watches the case."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commands.walk.pages import Form, Page, WalkError
from commands.walk.visitor import Visitor

TOO_MANY = 429
SIGNED = "promised"
"""The box with which papers are promised for later; the page has it only then."""
CONSENT = "electronic_service"
"""The box with which the applicant lets papers be served by opening them."""
CASE_ADDRESS = re.compile(r"/cases/(?P<district>[0-9a-z-]+)/(?P<case>[0-9a-f-]{36})")
CASE_NUMBER = re.compile(r"[0-9]{6}(?:-[a-z]{2,8})?-[0-9]{8}-[0-9]{6}-[0-9a-z]+")
SECTION_LINK = re.compile(r"/form/(?P<section>[a-z_]+)$")
DELIVERY_CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class CaseAddress:
    """Where a case is found on every role's pages."""

    district_code: str
    case_id: str

    @property
    def path(self) -> str:
        """The end of the addresses: district and id."""
        return f"{self.district_code}/{self.case_id}"


def sign_in(visitor: Visitor, account: str, password: str) -> None:
    """Sign in with an account, as anybody does."""
    page = visitor.open("/sign-in")
    visitor.send(page, page.form(to="/sign-in"), {"account": [account], "password": [password]})


def sign_up(visitor: Visitor) -> bool:
    """Sign up as somebody new; False if this machine has signed up too often lately."""
    password = secrets.token_urlsafe(12)
    page = visitor.open("/sign-up")
    typed = {
        "account": [f"walk-{secrets.token_hex(5)}@example.com"],
        "name": ["演示走查"],
        "password": [password],
        "again": [password],
    }
    answer = visitor.try_to_send(page, page.form(to="/sign-up"), typed)
    if answer.status == TOO_MANY:
        return False
    if answer.status >= 400 or "/sign-up" in answer.address:  # noqa: PLR2004 -- HTTP's own boundary
        raise WalkError(f"sign-up → {answer.status}\n{answer.excerpt()}")
    return True


def begin(visitor: Visitor, thing_code: str, district_code: str) -> CaseAddress:
    """Open the guide, choose the district, and begin a draft."""
    guide = visitor.open(f"/guide/{thing_code}")
    start = visitor.open(guide.link(f"/guide/{thing_code}/start"))
    form = start.form(to=f"/guide/{thing_code}/start")
    page = visitor.send(start, form, {"district_code": [district_code]})
    found = CASE_ADDRESS.search(page.address)
    if found is None:
        raise WalkError(f"no draft was begun: {page.address}\n{page.excerpt()}")
    return CaseAddress(found["district"], found["case"])


def fill_in(visitor: Visitor, case: CaseAddress, typed: Mapping[str, Any]) -> int:
    """Fill in every section that the form asks for, as the pages list them; how many.

    A section may call for another, so the list is read again until nothing new is on it.
    """
    done: set[str] = set()
    while True:
        waiting = [code for code in _sections(visitor, case) if code not in done]
        if not waiting:
            return len(done)
        fill_section(visitor, case, waiting[0], typed.get(waiting[0]))
        done.add(waiting[0])


def submit(visitor: Visitor, case: CaseAddress) -> str:
    """Check all answers, sign what is promised, consent and submit; the number of the receipt."""
    page = visitor.open(f"/cases/{case.path}/check")
    form = page.form(to=f"{case.path}/check")
    signed = {name: ["yes"] for name in (SIGNED, CONSENT) if name in form.controls}
    receipt = visitor.send(page, form, signed)
    found = CASE_NUMBER.search(receipt.words)
    if found is None:
        raise WalkError(f"{receipt.address}: no case number on the receipt\n{receipt.excerpt()}")
    return found.group()


def delivery_code(visitor: Visitor, case: CaseAddress) -> str:
    """The six digits that the applicant's page shows for collecting the seals."""
    page = visitor.open(f"/cases/{case.path}")
    for line in page.words.splitlines():
        if DELIVERY_CODE.fullmatch(line.replace(" ", "")):
            return line.replace(" ", "")
    raise WalkError(f"{page.address}: no delivery code\n{page.excerpt()}")


def _sections(visitor: Visitor, case: CaseAddress) -> list[str]:
    page = visitor.open(f"/cases/{case.path}")
    found = [SECTION_LINK.search(address) for address, _words in page.links]
    return list(dict.fromkeys(match["section"] for match in found if match))


def fill_section(visitor: Visitor, case: CaseAddress, code: str, typed: Any) -> None:
    """Fill in one section and save it; what is not typed stays as the page has it."""
    page = visitor.open(f"/cases/{case.path}/form/{code}")
    if isinstance(typed, list):
        page = _with_lines(visitor, page, code, len(typed))
    form = page.form(to=f"/form/{code}")
    answer = visitor.try_to_send(page, form, typed_values(form, code, typed or {}))
    if answer.status >= 400:  # noqa: PLR2004 -- HTTP's own boundary
        raise WalkError(f"section {code} → {answer.status}\n{answer.excerpt(30)}")


def _with_lines(visitor: Visitor, page: Page, code: str, wanted: int) -> Page:
    """Press "add" or "remove" until a repeating section has the lines wanted."""
    for _press in range(200):
        form = page.form(to=f"/form/{code}")
        count = int(dict(form.filled({}))["line_count"])
        if count == wanted:
            return page
        button = ("add", "") if count < wanted else ("remove", str(count - 1))
        page = visitor.send(page, form, button=button)
    raise WalkError(f"section {code}: the number of lines does not become {wanted}")


def typed_values(form: Form, code: str, typed: Any) -> dict[str, list[str]]:
    """A sample's section as the names and values of the page's controls."""
    values: dict[str, list[str]] = {}
    lines = typed if isinstance(typed, list) else [typed]
    for number, line in enumerate(lines):
        prefix = f"{code}-{number}-" if isinstance(typed, list) else f"{code}-"
        for name, value in line.items():
            values.update(control_values(form, prefix + name, value))
    return values


def control_values(form: Form, name: str, value: Any) -> dict[str, list[str]]:
    """One answer as what its control sends: text, several choices, or the parts of a day."""
    if isinstance(value, Mapping):
        return {f"{name}-{part}": [str(each)] for part, each in value.items()}
    if isinstance(value, list):
        return {name: [str(each) for each in value]}
    if name not in form.controls and f"{name}-year" in form.controls:
        parts = zip(("year", "month", "day"), str(value).split("-"), strict=True)
        return {f"{name}-{part}": [each] for part, each in parts}
    return {name: [str(value)]}
