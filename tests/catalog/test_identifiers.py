"""Every identifier: real ones pass, each kind of mistake gets its own sentence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from catalog import identifiers
from core.text import Text

TODAY = date(2026, 11, 24)
REGIONS = st.sampled_from(["620102", "620123", "620199", "110108", "440300"])


@pytest.mark.parametrize(
    "code",
    [
        "91110108551385082Q",
        "91110000600037341L",
        "91330100799655058B",
        "9144030071526726XG",  # the inner digit is 10, written X
        "91100000100003962T",  # registered by the State Council's own administration
        "91620199MA0000015A",  # belongs to nobody
    ],
)
def test_right_credit_codes_pass(code: str) -> None:
    assert identifiers.check_credit_code(code) is None


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", identifiers.CREDIT_CODE_SHAPE),
        ("91110108551385082", identifiers.CREDIT_CODE_SHAPE),
        ("91110108551385O82Q", identifiers.CREDIT_CODE_SHAPE),
        ("９1110108551385082Q", identifiers.CREDIT_CODE_SHAPE),
        ("91110108551385082R", identifiers.CREDIT_CODE_DIGIT),
        ("91110108551385089E", identifiers.ORGANISATION_DIGIT),
        ("919999995513850822", identifiers.CREDIT_CODE_REGION),
    ],
)
def test_a_wrong_credit_code_is_told_where_it_is_wrong(code: str, sentence: Text) -> None:
    assert identifiers.check_credit_code(code) is sentence


def with_outer_digit(body: str) -> str:
    """A credit code with its last digit as another implementation computes it."""
    return body + str(uscc.calc_check_digit(body))


@pytest.mark.parametrize("beginning", ["94", "9A", "0A", "B1"])
def test_a_code_of_no_registrar_is_refused_although_its_digits_are_right(beginning: str) -> None:
    code = with_outer_digit(f"{beginning}110108551385082")
    assert identifiers.check_credit_code(code) is identifiers.CREDIT_CODE_KIND


@pytest.mark.parametrize("beginning", ["11", "12", "31", "51", "53", "81", "92", "93", "N2", "Y1"])
def test_other_registrars_than_market_regulation_are_known(beginning: str) -> None:
    assert identifiers.check_credit_code(with_outer_digit(f"{beginning}110108551385082")) is None


def test_a_county_of_gansu_that_never_was_is_refused() -> None:
    code = with_outer_digit("91620198551385082")
    assert identifiers.check_credit_code(code) is identifiers.CREDIT_CODE_REGION


@pytest.mark.parametrize("region", ["620824", "330103"])
def test_a_company_keeps_its_code_when_its_county_is_abolished(region: str) -> None:
    assert identifiers.check_credit_code(with_outer_digit(f"91{region}551385082")) is None


@given(region=REGIONS, serial=st.integers(0, 31**6 - 1))
def test_every_code_we_give_out_is_right_by_ours_and_by_another_check(
    region: str, serial: int
) -> None:
    code = identifiers.make_credit_code(region, serial)
    assert code.startswith(f"91{region}MA")
    assert identifiers.check_credit_code(code) is None
    assert uscc.is_valid(code)


@given(first=st.integers(0, 31**6 - 1), second=st.integers(0, 31**6 - 1))
def test_two_serials_never_give_one_code(first: int, second: int) -> None:
    codes = {identifiers.make_credit_code("620199", serial) for serial in (first, second)}
    assert len(codes) == len({first, second})


@given(
    serial=st.integers(0, 31**6 - 1),
    place=st.integers(0, 17),
    other=st.sampled_from(identifiers.CREDIT_CODE_ALPHABET),
)
def test_any_one_wrong_character_of_a_credit_code_is_found(
    serial: int, place: int, other: str
) -> None:
    code = identifiers.make_credit_code("620102", serial)
    changed = code[:place] + other + code[place + 1 :]
    assert (identifiers.check_credit_code(changed) is None) == (changed == code)


@pytest.mark.parametrize(("region", "serial"), [("620102", -1), ("620102", 31**6), ("990000", 1)])
def test_no_credit_code_is_made_beyond_its_room(region: str, serial: int) -> None:
    with pytest.raises(ValueError, match="no credit code"):
        identifiers.make_credit_code(region, serial)


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",  # the first example of the standard
        "440524188001010014",  # its second, of a county that is gone
        "810000199408230021",  # a resident of Hong Kong
    ],
)
def test_right_identity_numbers_pass_wherever_they_come_from(number: str) -> None:
    assert identifiers.check_resident_id(number, on=TODAY) is None


def identity_number(beginning: str) -> str:
    """An identity number with its check digit as another implementation computes it."""
    return beginning + str(ric.calc_check_digit(beginning + "0"))


def test_a_foreigner_with_permanent_residence_has_a_right_number() -> None:
    number = identity_number("91124819850203001")
    assert identifiers.check_resident_id(number, on=TODAY) is None


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", identifiers.RESIDENT_SHAPE),
        ("11010519491231002", identifiers.RESIDENT_SHAPE),
        ("110105491231002", identifiers.RESIDENT_SHAPE),
        ("11010519491231002x", identifiers.RESIDENT_SHAPE),
        ("1101051949123100２X", identifiers.RESIDENT_SHAPE),
        ("110105194912310021", identifiers.RESIDENT_DIGIT),
        ("110105194902300025", identifiers.RESIDENT_DATE),
        ("110105000012310021", identifiers.RESIDENT_DATE),
        (identity_number("62010220261125001"), identifiers.RESIDENT_DATE),
    ],
)
def test_a_wrong_identity_number_is_told_where_it_is_wrong(number: str, sentence: Text) -> None:
    assert identifiers.check_resident_id(number, on=TODAY) is sentence


def test_somebody_born_today_has_a_right_number() -> None:
    assert identifiers.check_resident_id(identity_number("62010220261124001"), on=TODAY) is None


@given(
    born=st.dates(date(1900, 1, 1), TODAY),
    order=st.integers(0, 999),
    place=st.integers(0, 16),
    other=st.sampled_from("0123456789"),
)
def test_any_one_wrong_digit_of_an_identity_number_is_found(
    born: date, order: int, place: int, other: str
) -> None:
    number = identity_number(f"620102{born:%Y%m%d}{order:03d}")
    assert identifiers.check_resident_id(number, on=TODAY) is None
    assert identifiers.birth_date(number) == born
    changed = number[:place] + other + number[place + 1 :]
    assert (identifiers.check_resident_id(changed, on=TODAY) is None) == (changed == number)


@pytest.mark.parametrize(
    "typed",
    [
        "13893112345",
        "138 9311 2345",
        "138-9311-2345",
        "+86 138 9311 2345",
        "(+86) 13893112345",
        "008613893112345",
        "8613893112345",
        "１３８９３１１２３４５",
        "\u202d138 9311 2345\u202c",
    ],
)
def test_a_mobile_number_is_read_however_it_is_typed(typed: str) -> None:
    number = identifiers.normalise_mobile_phone(typed)
    assert number == "13893112345"
    assert identifiers.check_mobile_phone(number) is None


@pytest.mark.parametrize(
    "number", ["", "1389311234", "138931123456", "12893112345", "09318888888", "+85291234567", "x"]
)
def test_what_is_no_mobile_number_is_refused(number: str) -> None:
    number = identifiers.normalise_mobile_phone(number)
    assert identifiers.check_mobile_phone(number) is identifiers.MOBILE_SHAPE


@pytest.mark.parametrize("number", ["0931-8888888", "010 6655 1234", "0931 8888888"])
def test_a_landline_with_its_area_code_passes(number: str) -> None:
    assert identifiers.check_landline(number) is None


@pytest.mark.parametrize("number", ["", "13893112345", "8888888", "+44 20 7946 0958", "0" * 300])
def test_what_is_no_landline_is_refused(number: str) -> None:
    assert identifiers.check_landline(number) is identifiers.LANDLINE_SHAPE


@pytest.mark.parametrize(("code", "fits"), [("730000", True), ("73000", False), ("73000０", False)])
def test_a_postcode_has_six_digits(code: str, fits: bool) -> None:
    assert (identifiers.check_postcode(code) is None) == fits


@pytest.mark.parametrize("address", ["li.si+tax@example.cn", "a@b.co", "张三@example.com.cn"])
def test_an_address_of_the_right_shape_passes(address: str) -> None:
    assert identifiers.check_email(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.cn",
        "a@",
        "@example.cn",
        "a@example",
        "a b@example.cn",
        "a@b@example.cn",
        "a@example..cn",
        "a\x00@example.cn",
        "<a>@example.cn",
        "a" * 65 + "@example.cn",
        "a@" + "example." * 40 + "cn",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    assert identifiers.check_email(address) is identifiers.EMAIL_SHAPE


@given(region=REGIONS, serial=st.integers(1, 9_999_999))
def test_every_seal_code_has_13_digits_and_begins_with_its_region(region: str, serial: int) -> None:
    code = identifiers.make_seal_code(region, serial)
    assert len(code) == 13
    assert identifiers.check_seal_code(code) is None
    assert identifiers.check_seal_code(code, region) is None
    assert identifiers.check_seal_code(code, "620105") is identifiers.SEAL_CODE_SHAPE


@pytest.mark.parametrize(
    "code", ["", "620102000001", "62010200000011", "9900000000001", "62010x0000001"]
)
def test_what_is_no_seal_code_is_refused(code: str) -> None:
    assert identifiers.check_seal_code(code) is identifiers.SEAL_CODE_SHAPE


@pytest.mark.parametrize(("region", "serial"), [("620102", 0), ("620102", 10**7), ("990000", 1)])
def test_no_seal_code_is_made_beyond_its_room(region: str, serial: int) -> None:
    with pytest.raises(ValueError, match="no seal code"):
        identifiers.make_seal_code(region, serial)


@pytest.mark.parametrize("district", ["620102", "620102-gx"])
def test_a_case_number_says_district_day_and_serial(district: str) -> None:
    number = identifiers.make_case_number(district, date(2026, 11, 22), 123)
    assert number.rpartition("-")[0] == f"{district}-20261122-000123"
    assert identifiers.check_case_number(number) is None


@given(
    district=st.sampled_from(["620102", "620102-gx"]),
    day=st.dates(date(2024, 1, 1), date(2099, 12, 31)),
    serial=st.integers(1, 999_999),
    data=st.data(),
)
def test_any_one_wrong_character_of_a_case_number_is_found(
    district: str, day: date, serial: int, data: st.DataObject
) -> None:
    number = identifiers.make_case_number(district, day, serial)
    place = data.draw(st.integers(0, len(number) - 1))
    other = data.draw(st.sampled_from("0123456789abcdefghijklmnopqrstuvwxyz"))
    changed = number[:place] + other + number[place + 1 :]
    assert (identifiers.check_case_number(changed) is None) == (changed == number)


@pytest.mark.parametrize("serial", [0, 1_000_000])
def test_no_case_number_is_made_beyond_six_digits(serial: int) -> None:
    with pytest.raises(ValueError, match="no case number"):
        identifiers.make_case_number("620102", date(2026, 11, 22), serial)


@pytest.mark.parametrize(
    "number", ["", "620102-20261122-000123", "620102-20261122-123-0", "-" * 25]
)
def test_what_is_no_case_number_is_refused(number: str) -> None:
    assert identifiers.check_case_number(number) is identifiers.CASE_NUMBER_WRONG


@given(typed=st.text(max_size=40))
def test_no_text_however_strange_breaks_a_check(typed: str) -> None:
    text = identifiers.normalise(typed)
    for check in (
        identifiers.check_credit_code,
        identifiers.check_mobile_phone,
        identifiers.check_landline,
        identifiers.check_postcode,
        identifiers.check_email,
        identifiers.check_seal_code,
        identifiers.check_case_number,
    ):
        for wording in (typed, text):
            answer = check(wording)
            assert answer is None or isinstance(answer, Text)
    identifiers.check_resident_id(typed, on=TODAY)


def test_typed_full_width_spaces_and_invisible_marks_are_normalised() -> None:
    assert identifiers.normalise(" ９１６２\u3000Ｍa\u200b\t") == "9162Ma"
