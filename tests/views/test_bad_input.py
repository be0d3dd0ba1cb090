"""Bad input of any kind, over all forms: a sentence beside its cause, and nothing typed is lost.

Each form gets a third of what tests/long/test_bad_input.py sends to it, by turns.
"""

import zlib
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.fixtures.overheard import Overheard, listening
from tests.fixtures.scene import Scene
from tests.views import hostile
from tests.views.valid_form import Prepared
from tests.views.valid_requests import VALID, prepare

FIRST_MISTAKE = 400
SHARE = 3
AREAS = sorted({name.split(".")[0] for name in VALID})


def test_every_route_that_takes_a_post_has_a_valid_request(app: Flask) -> None:
    posted = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    known = {name.split()[0] for name in VALID}

    assert posted - known == set(), "add a line to VALID in tests/views/valid_requests.py"
    assert known - posted == set(), "remove these from VALID: no such route takes a post"


@pytest.mark.parametrize("area", AREAS)
def test_hostile_posts_get_a_sentence_and_lose_nothing(
    scene: Scene, area: str, overheard: Overheard
) -> None:
    wrong = []
    for name in (name for name in VALID if name.split(".")[0] == area):
        turn = zlib.crc32(name.encode())  # whatever forms are added, each keeps its turn
        wrong += [f"{name}, {fault}" for fault in attacked(scene, name, turn, SHARE)]
        overheard.note(prepare(scene, name).fields)

    assert not wrong, "\n".join(wrong)
    assert overheard.line_count, "each request has its line in the log"
    assert not overheard.repeated(scene.database), "no name and nothing typed is in the log"


@pytest.fixture
def overheard() -> Iterator[Overheard]:
    with listening() as heard:
        yield heard


def attacked(scene: Scene, name: str, turn: int, share: int = 1) -> list[str]:
    """Everything that is wrong with the answers of one form, prepared anew after each success."""
    prepared, found, number = prepare(scene, name), [], 0
    is_first = name == next(each for each in VALID if each.split()[0] == name.split()[0])
    requests = hostile.requests(prepared, turn, is_first=is_first, share=share)
    while number < len(requests):
        request, language = requests[number], ("zh", "en")[number % 2]
        answer = hostile.send(prepared, request, language)
        found += [
            f"{request.label}: {fault}" for fault in hostile.faults(answer, prepared, request)
        ]
        if answer.status_code < FIRST_MISTAKE:
            found += hostile.aftermath(prepared, answer, request)
            prepared = prepare(scene, name)
            requests = hostile.requests(prepared, turn, is_first=is_first, share=share)
        number += 1
    return found + _as_ever(prepare(scene, name))


def _as_ever(prepared: Prepared) -> list[str]:
    """After all that the right request is taken still, and its repetition is borne."""
    first = hostile.send(prepared, hostile.as_typed(prepared), "zh")
    request = hostile.as_typed(prepared)
    second = hostile.send(prepared, request, "en")
    found = [f"as typed: {first.status_code}"] if first.status_code >= FIRST_MISTAKE else []
    return found + [f"repeated: {fault}" for fault in hostile.faults(second, prepared, request)]
