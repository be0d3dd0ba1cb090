"""A draft as its pages need it: what was typed, how far it is, who may be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from catalog.open_places import OpenPlaces
from catalog.schema import District, Item, Section
from core.errors import NotFoundError
from core.text import Text
from services import (
    cases,
    corrections,
    makers,
    material_files,
    materials,
    section_drafts,
    sections,
    service_consents,
    tolerance_promises,
)
from services.cases import CaseKey, Draft
from services.corrections import Correction
from services.door.snapshot import NO_CASE
from services.form_days import form_day
from services.makers import MakerLine
from services.materials import MaterialLine
from services.mended_form import MendedForm, mended_form
from services.own_cases import own_case
from services.progress import Progress, progress
from services.returned import Mend
from services.section_drafts import SavedSection, TypedSection
from services.sections import Overview
from services.service_consents import ServiceConsent
from services.tolerance_promises import PaperToPromise
from services.windows import window_of, window_of_case
from workflows.permissions import Actor, Permission

NUL = "\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """The form of one case, open for writing or not."""

    draft: Draft
    district: District
    """As a window, at the instant at which the form is judged."""
    progress: Progress
    makers: tuple[MakerLine, ...]
    """In the order that rotates from case to case."""
    overview: Overview
    papers: tuple[MaterialLine, ...] = ()
    is_marked: bool = False
    """The applicant has an unrepaired record of a broken promise: no promise is taken."""
    corrections: tuple[Correction, ...] = ()
    """What single parts ask for while the case is in progress."""
    mended: MendedForm | None = None
    """Given while there are requests to mend, of which only the places named are open."""

    consent: ServiceConsent | None = None
    """What was chosen about electronic service when the form was sent before."""

    @property
    def places(self) -> OpenPlaces | None:
        """What may be changed; None if everything may."""
        return self.mended.places(self.draft.typed) if self.mended else None

    @property
    def is_complete(self) -> bool:
        """True if it may be submitted: every section and every paper is right."""
        return self.overview.is_complete and not materials.problems(self.papers)

    def section(self, code: str) -> Section:
        """The section called ``code`` if it is asked here. Raises `NotFoundError`."""
        if self.overview.line(code) is None:
            raise NotFoundError(NO_CASE)
        return self.draft.definition.thing.section(code)

    @property
    def mends(self) -> tuple[Mend, ...]:
        """All that is asked to be mended, by a return or by single parts."""
        of_parts = (mend for correction in self.corrections for mend in correction.mends)
        return (*self.progress.mends, *of_parts)

    def parts_asking(self, section_code: str) -> frozenset[str]:
        """The items whose lists name something of a section."""
        return frozenset(
            correction.item_code
            for correction in self.corrections
            if any(mend.section_code == section_code for mend in correction.mends)
        )

    @property
    def to_promise(self) -> tuple[PaperToPromise, ...]:
        """The papers that the applicant would promise to bring later by sending it now."""
        thing = self.draft.definition.thing
        return tolerance_promises.to_sign(thing, self.overview.answers, self.papers)

    def commitments(self, section_code: str) -> tuple[Item, ...]:
        """The items for which a section asks whether the applicant chooses a commitment."""
        return tuple(
            item
            for item in self.draft.definition.thing.items
            if item.commitment and item.commitment.chosen_by.split(".")[0] == section_code
        )

    def promises_papers(self, section_code: str) -> bool:
        """True if a section asks whether a paper is promised for later."""
        return any(
            material.tolerance.promised_by.split(".")[0] == section_code
            for material in self.draft.definition.thing.materials
            if material.tolerance
        )

    def names(self) -> Mapping[str, Text]:
        """The wording of answers that the catalogue does not hold."""
        return {maker.code: maker.name for maker in self.makers}


def blank_section(
    session: Session, key: CaseKey, code: str, at: datetime
) -> tuple[Section, tuple[MakerLine, ...], District]:
    """A section as it is asked, with nothing that anybody typed; makers on offer, and its window.

    For handing back what was typed and could not be saved. Raises `NotFoundError`.
    """
    thing = cases.definition_of(session, key).thing
    found = next((section for section in thing.sections if section.code == code), None)
    if found is None:
        raise NotFoundError(NO_CASE)
    offered = makers.offered(session, key.district_code, key.case_id, at)
    return found, offered, window_of(session, thing, key.district_code, at)


def open_form(session: Session, actor: Actor, key: CaseKey, at: datetime) -> OpenForm:
    """The form of the actor's own case. Raises `NotFoundError` for anybody else's."""
    draft = cases.draft(session, actor, key)
    case = own_case(session, actor, key, Permission.DRAFT_WRITE)
    district = window_of_case(session, draft.definition.thing, case, at)
    on = form_day(case.accepted_at, case.submitted_at, at)
    return OpenForm(
        draft=draft,
        district=district,
        progress=progress(session, actor, key.district_code, key.case_id, at),
        makers=makers.offered(session, key.district_code, key.case_id, at),
        overview=sections.overview(draft, on, district),
        papers=material_files.lines_of(session, actor, key, at)[1],
        corrections=corrections.standing(session, actor, key, at),
        is_marked=tolerance_promises.is_marked(session, actor, key),
        mended=mended_form(session, case, at),
        consent=service_consents.of_case(session, case),
    )


def keep_section(
    session: Session, actor: Actor, key: CaseKey, part: TypedSection, at: datetime
) -> SavedSection:
    """Keep one section as its page sends it. Raises as `services.section_drafts.save_section`."""
    storable = replace(part, typed=_storable(part.typed))
    return section_drafts.save_section(session, actor, key, storable, at)


def _storable(typed: object) -> object:
    """As typed but for NUL characters, which no keyboard sends and PostgreSQL cannot hold."""
    match typed:
        case str():
            return typed.replace(NUL, "")
        case Mapping():
            return {name: _storable(part) for name, part in typed.items()}
        case list():
            return [_storable(part) for part in typed]
    return typed
