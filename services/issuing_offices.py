"""Which office a paper comes from, and who reviews what it decides."""

from sqlalchemy.orm import Session

from catalog import registry
from catalog.schema import Item, ReviewBody
from core.text import Text
from models.case import Case
from models.document import Document
from models.task import Task
from services import definitions
from services.definitions import Definition

ORGAN = Text(zh="{district}{department}", en="{department}, {district}")


def organ(session: Session, case: Case, document: Document) -> Text:
    """The office that issued a paper, with its district."""
    definition = definitions.by_hash(session, case.definition_hash)
    task = session.get(Task, (case.district_code, case.id, document.item_code))
    handled_at = task.handling_district_code if task else case.district_code
    return office(definition, document.item_code, handled_at)


def office(definition: Definition, item_code: str | None, handled_at: str) -> Text:
    """The office that handles an item, or accepts the case, in the district ``handled_at``."""
    item = _item(definition, item_code)
    catalogue = registry.catalogue()
    return ORGAN.format(
        district=catalogue.district(handled_at).name,
        department=catalogue.departments[item.department].name,
    )


def review_body(definition: Definition, item_code: str | None) -> ReviewBody | None:
    """Who reviews decisions on a part, or on the case itself (行政复议法 24, 27)."""
    item = _item(definition, item_code)
    return registry.catalogue().departments[item.department].review_body


def _item(definition: Definition, item_code: str | None) -> Item:
    """The part that a paper is about; of the case itself the one that accepts it."""
    return definition.thing.item(item_code) if item_code else definition.acceptor
