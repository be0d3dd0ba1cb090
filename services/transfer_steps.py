"""The steps that hand something to another district, with the districts that may take it."""

from dataclasses import replace

from sqlalchemy.orm import Session

from catalog.schema import FieldKind
from services import routing
from services.opened_case import OpenedCase
from services.task_steps import Step


def with_districts(
    session: Session, opened: OpenedCase, steps: tuple[Step, ...]
) -> tuple[Step, ...]:
    """``steps`` with the competent districts to choose from; no such step where there are none."""
    if not any(_asks_for_district(step) for step in steps):
        return steps
    table = routing.table(session, opened.definition.thing.code)
    competent = table.competent(opened.item.code, opened.case.district_code, opened.at)
    offered = tuple(
        (code, routing.district_name(code))
        for code in sorted(competent - {opened.handling_district_code})
    )
    return tuple(
        replace(step, districts=offered) if _asks_for_district(step) else step
        for step in steps
        if offered or not _asks_for_district(step)
    )


def _asks_for_district(step: Step) -> bool:
    return any(field.kind is FieldKind.DISTRICT for field in step.inputs)
