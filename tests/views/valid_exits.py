"""Valid requests of corrections, promised papers, answers of applicants, and service of papers."""

from collections.abc import Callable
from datetime import timedelta

from services.cases import CaseKey
from tests.fixtures.corrections import ADDRESS, TwoLicences, publish_example
from tests.fixtures.exits import EXAMPLE, FOOD, Exits
from tests.fixtures.scene import APPLICANT, REGISTRAR, Scene
from tests.views.valid_form import Valid, case_page


def _asked(scene: Scene) -> CaseKey:
    """A part that waits for corrections which were made and not sent."""
    publish_example(scene.database)
    world = TwoLicences(scene.database, at=scene.world.at, applicant=scene.world.applicant)
    key = world.in_review()
    world.ask(key, "food", ADDRESS)
    world.change(key, "premises", address="雁园路 1 号 302 室")
    return key


def _ways(scene: Scene) -> Exits:
    publish_example(scene.database, EXAMPLE)
    at = scene.world.at - timedelta(hours=4)
    return Exits(scene.database, at=at, applicant=scene.world.applicant)


def _told_of_hearing(scene: Scene) -> CaseKey:
    ways = _ways(scene)
    key = ways.accepted(ways.at.strftime("%Y-%m-%d %H:%M"), by=scene.world.applicant)
    ways.act(FOOD, key, "tell_hearing_right", "food")
    return key


def _promised(scene: Scene) -> CaseKey:
    ways = _ways(scene)
    minute = ways.at.strftime("%Y-%m-%d %H:%M")
    key = ways.sent(minute, papers=False, by=scene.world.applicant, later=True)
    ways.act(FOOD, key, "accept_with_tolerance")
    ways.file(key, "certificate")
    return key


def _paper(scene: Scene) -> Valid:
    key = _asked(scene)
    number = scene.world.value(
        "select event_number from documents where district_code = :district_code"
        " and case_id = :case_id order by event_number desc limit 1",
        key,
    )
    page = case_page(key, f"/documents/{number}")
    return Valid(REGISTRAR, page, {"method": "window", "recipient_name": "王小明"})


WAYS: dict[str, Callable[[Scene], Valid]] = {
    "corrections.supply": lambda scene: Valid(
        APPLICANT, case_page(_asked(scene), "/parts/food/corrections")
    ),
    "documents.serve": _paper,
    "parts.take_case_step": lambda scene: Valid(
        APPLICANT, case_page(_told_of_hearing(scene), "/steps/ask_to_withdraw")
    ),
    "parts.take_step": lambda scene: Valid(
        APPLICANT, case_page(_told_of_hearing(scene), "/parts/food/steps/ask_for_hearing")
    ),
    "promised_papers.supply": lambda scene: Valid(
        APPLICANT, case_page(_promised(scene), "/promised-papers")
    ),
}
"""By endpoint: the part of `tests.views.valid_requests.VALID` for ways out of a case."""
