"""Choices whose list is not in a definition: places, activities, seal makers."""

from collections.abc import Iterable, Sequence

from wtforms import SelectChoice

from catalog import business_scope, regions
from catalog.business_scope import ScopeEntry
from catalog.schema import District, Field, FieldKind
from core.text import Text
from forms.application import Choices
from services.makers import MakerLine

PERMIT = {
    "general": Text(zh="", en=""),
    "post_licence": Text(zh="（后置许可：{permit}）", en=" (permit after registration: {permit})"),
    "pre_licence": Text(zh="（前置许可：{permit}）", en=" (permit before registration: {permit})"),
}


def choices_of(district: District, makers: Sequence[MakerLine], locale: str) -> Choices:
    """What a form of this district offers: its own names, the scope list, the makers in order.

    ``makers`` come in the case's own rotating order and stay in it.
    """

    def offered(field: Field) -> list[SelectChoice]:
        match field.kind:
            case FieldKind.NAME_PREFIX:
                pairs: Iterable[tuple[str, str]] = ((name, name) for name in district.name_prefixes)
            case FieldKind.REGION:
                pairs = _regions(district, field, locale)
            case FieldKind.SCOPE_CODE | FieldKind.SCOPE_CODES:
                entries = business_scope.catalogue().entries.values()
                pairs = ((entry.code, _scope(entry, locale)) for entry in entries)
            case FieldKind.MAKER:
                pairs = ((maker.code, _maker(maker, locale)) for maker in makers)
            case _:
                pairs = ()
        return [SelectChoice(value, label) for value, label in pairs]

    return offered


def _regions(district: District, field: Field, locale: str) -> list[tuple[str, str]]:
    """The district's own county first: the address of a company lies where it is registered."""
    known = district.served_regions if field.only_served else regions.counties()
    codes = sorted(known, key=lambda code: (code != district.region_code, code))
    found = [(code, regions.full_name(code)) for code in codes]
    return [(code, name.to(locale)) for code, name in found if name]


def _scope(entry: ScopeEntry, locale: str) -> str:
    note = PERMIT[entry.kind].format(permit=entry.permit or "")
    return f"{entry.code} {entry.name.to(locale)}{note.to(locale)}"


def _maker(maker: MakerLine, locale: str) -> str:
    between = Text(zh="，", en=", ").to(locale)
    return between.join((maker.name.to(locale), maker.address.to(locale), maker.phone))
