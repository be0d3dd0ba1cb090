"""Every page in both languages: what a run of all tests reads in one of them."""

import pytest

from tests.fixtures.scene import Scene
from tests.views.test_languages import mistaken

pytestmark = pytest.mark.long


def test_every_page_speaks_both_languages(scene: Scene) -> None:
    wrong = mistaken(scene, lambda _number: ("zh", "en"))

    assert not wrong, "\n".join(f"{fault} ({where})" for fault, where in wrong.items())
