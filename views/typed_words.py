"""What a person had typed into a form that was refused: shown, so that it can be copied."""

import re

from flask import request
from werkzeug.exceptions import HTTPException

from core.database import DatabaseUnreachableError
from views.kept_posts import TECHNICAL, is_from_elsewhere, is_of_another_person

SECRETS = ("password", "again", "present", "token", "kept")
"""Parts of the names of fields that are never shown again."""
CODE = re.compile(r"[a-z]+(_[a-z]+)+|yes|no", re.ASCII)
"""What a choice is called inside; people chose its words."""
SHORTEST = 2
LONGEST = 20_000


def typed_words() -> list[str]:
    """Every text of the form that was just sent, in its order; nothing if it cannot be read.

    Nothing either of what another site's page sent, or of what somebody else had typed.
    """
    try:
        fields = list(request.form.items(multi=True))
        is_shown = not (fields and (is_from_elsewhere() or is_of_another_person()))
    except (HTTPException, DatabaseUnreachableError):
        return []
    if not is_shown:
        return []
    words = [value.strip() for name, value in fields if _is_typed(name or "")]
    return [each for each in words if SHORTEST <= len(each) <= LONGEST and not CODE.fullmatch(each)]


def _is_typed(name: str) -> bool:
    return name not in TECHNICAL and not any(part in name for part in SECRETS)
