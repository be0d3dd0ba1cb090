"""What the applicant of the walk does when asked: mends what is named, brings what was promised."""

import re
from collections.abc import Iterator

from catalog.demonstrations import Demonstration
from catalog.schema import OneThing
from commands.walk import applicant, papers
from commands.walk.applicant import CaseAddress
from commands.walk.pages import Page
from commands.walk.visitor import Visitor

CORRECTIONS = re.compile(r"/parts/(?P<item>[a-z][a-z0-9_]*)/corrections$")
PROMISED = "/promised-papers"


def reply(
    visitor: Visitor, case: CaseAddress, thing: OneThing, played: Demonstration
) -> Iterator[str]:
    """Answer whatever the page of the case asks for; what was done, in words."""
    page = visitor.open(f"/cases/{case.path}")
    for item_code in _asking(page):
        item = thing.item(item_code)
        for detour in played.detours:
            if detour.item == item_code:
                for section, typed in detour.mends.items():
                    applicant.fill_section(visitor, case, section, typed)
        _send(visitor, f"/cases/{case.path}/parts/{item_code}/corrections")
        yield f"{item.title.zh}：提交补正 / {item.title.en}: corrections sent"
    if page.has_link(PROMISED):
        sent = papers.upload(visitor, case, thing)
        _send(visitor, f"/cases/{case.path}{PROMISED}")
        yield f"补交承诺的材料 {len(sent)} 份 / promised papers brought: {len(sent)}"


def _asking(page: Page) -> list[str]:
    """The items that ask for corrections."""
    found = [CORRECTIONS.search(address) for address, _words in page.links]
    return list(dict.fromkeys(match["item"] for match in found if match))


def _send(visitor: Visitor, address: str) -> None:
    page = visitor.open(address)
    visitor.send(page, page.form(to=address))
