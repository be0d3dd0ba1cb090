"""The papers that the applicant of the walk uploads: drawn here, each with its name on it."""

import re
from collections.abc import Collection, Mapping
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from catalog import answers
from catalog.promises import is_promised
from catalog.schema import OneThing
from commands.walk.applicant import CaseAddress
from commands.walk.pages import Page, WalkError
from commands.walk.visitor import Upload, Visitor
from core.clock import CIVIL_ZONE, now

FILES = "files"
MATERIAL = re.compile(r"/materials/(?P<material>[a-z][a-z0-9_]*)$")


def upload(
    visitor: Visitor, case: CaseAddress, thing: OneThing, left_out: Collection[str] = ()
) -> list[str]:
    """Send a picture for every paper that the page asks for and that has none yet.

    ``left_out`` are the papers that are promised for later. The codes of those sent come back.
    """
    page = visitor.open(f"/cases/{case.path}/materials")
    sent = []
    for form in page.forms:
        found = MATERIAL.search(form.action)
        if found is None or found["material"] in left_out or not _is_wanted(thing, page, found):
            continue
        answer = visitor.send_file(page, form, FILES, _paper(found["material"]))
        if answer.status >= 400:  # noqa: PLR2004 -- HTTP's own boundary
            raise WalkError(f"paper {found['material']} → {answer.status}\n{answer.excerpt(30)}")
        sent.append(found["material"])
    return sent


def promised(thing: OneThing, typed: Mapping[str, Any]) -> set[str]:
    """The papers that somebody who types this promises to bring after acceptance (容缺)."""
    given = answers.read(thing, typed, on=now().astimezone(CIVIL_ZONE).date()).answers
    return {material.code for material in thing.materials if is_promised(material, given)}


def _is_wanted(thing: OneThing, page: Page, found: re.Match[str]) -> bool:
    material = thing.material(found["material"])
    has_files = any(f"/materials/{material.code}/" in form.action for form in page.forms)
    return material.met_by == "upload" and material.required and not has_files


def _paper(code: str) -> Upload:
    return Upload(name=f"{code}.png", media_type="image/png", content=_picture(code))


@cache
def _picture(words: str) -> bytes:
    picture = Image.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((30, 30, 590, 847), outline="black", width=2)
    pen.text((60, 60), words, fill="black")
    pen.text((60, 90), "demonstration only", fill="black")
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
