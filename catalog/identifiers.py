"""Identifiers of China, checked for real: by their digits, and never more strictly than the law.

Every ``check_*`` returns None for a right one, otherwise the sentence that its owner needs.
"""

import re
import unicodedata
from datetime import date

import phonenumbers
from stdnum.iso7064 import mod_37_36

from catalog import regions
from core.text import Text

CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100: no I, O, S, V, Z."""
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECK = "10X98765432"
_MOBILE = re.compile(r"1[3-9]\d{9}")
_POSTCODE = re.compile(r"\d{6}")
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f<>(),:;\"\\\[\]]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_SEAL_CODE = re.compile(r"\d{13}")
_CASE_NUMBER = re.compile(r"\d{6}(-[a-z]{2,8})?-\d{8}-\d{6}-[0-9a-z]")
_EARLIEST_BIRTH = date(1880, 1, 1)
_REGISTRARS = "123456789ANY"
"""Who registers: 1 staffing, 2 foreign affairs, 3 justice, 4 culture, 5 civil affairs, 6 tourism,
7 religion, 8 trade unions, 9 market regulation, A the armed forces, N agriculture, Y others."""
_MARKET_REGULATION = "9"
_MARKET_KINDS = "123"
"""Market regulation registers enterprises (1), individual businesses (2), cooperatives (3)."""
_SERIALS_PER_REGION = 31**6
_LAST_CASE_SERIAL = 999_999

CREDIT_CODE_SHAPE = Text(
    zh="统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z）。",
    en="A unified social credit code has 18 digits and capital letters without I, O, S, V, Z.",
)
CREDIT_CODE_DIGIT = Text(
    zh="统一社会信用代码的校验位不对，请对照营业执照重新填写。",
    en="The check digit of the credit code is wrong. Compare it with the business licence.",
)
ORGANISATION_DIGIT = Text(
    zh="统一社会信用代码第 9 至 17 位（主体标识码）有误，请对照营业执照重新填写。",
    en="Characters 9 to 17 of the credit code are wrong. Compare them with the business licence.",
)
CREDIT_CODE_KIND = Text(
    zh="统一社会信用代码前 2 位有误：企业为 91，个体工商户为 92，农民专业合作社为 93。",
    en="The credit code begins wrongly: 91 is an enterprise, 92 an individual business, "
    "93 a farmers' cooperative.",
)
CREDIT_CODE_REGION = Text(
    zh="统一社会信用代码第 3 至 8 位不是行政区划代码，请对照营业执照重新填写。",
    en="Characters 3 to 8 of the credit code are not the code of a division. "
    "Compare them with the business licence.",
)
RESIDENT_SHAPE = Text(
    zh="公民身份号码应为 18 位：17 位数字加 1 位校验码（数字或 X）。",
    en="An identity number has 18 characters: 17 digits and a check digit (a digit or X).",
)
RESIDENT_DATE = Text(
    zh="公民身份号码第 7 至 14 位不是真实的出生日期。",
    en="Digits 7 to 14 of the identity number are not a real date of birth.",
)
RESIDENT_DIGIT = Text(
    zh="公民身份号码的校验码不对，请对照证件重新填写。",
    en="The check digit of the identity number is wrong. Compare it with the document.",
)
MOBILE_SHAPE = Text(
    zh="请填写 11 位的中国内地手机号码。",
    en="Give a mobile number of mainland China with 11 digits.",
)
LANDLINE_SHAPE = Text(
    zh="请填写带区号的固定电话号码，例如 0931-1234567。",
    en="Give a landline number with its area code, for example 0931-1234567.",
)
POSTCODE_SHAPE = Text(zh="邮政编码应为 6 位数字。", en="A postcode has 6 digits.")
EMAIL_SHAPE = Text(
    zh="电子邮箱的格式不对，例如 name@example.cn。",
    en="This is not an e-mail address. Example: name@example.cn.",
)
SEAL_CODE_SHAPE = Text(
    zh="印章编码应为 13 位数字，前 6 位是行政区划代码。",
    en="A seal code has 13 digits and begins with the six digits of its division.",
)
CASE_NUMBER_WRONG = Text(
    zh="办件编号不对，请对照受理回执重新填写。",
    en="This is not a case number. Compare it with the receipt.",
)


def normalise(typed: str) -> str:
    """Full-width characters made half-width; white space and invisible characters removed."""
    folded = unicodedata.normalize("NFKC", typed)
    return "".join(
        mark for mark in folded if not mark.isspace() and unicodedata.category(mark) != "Cf"
    )


def check_credit_code(code: str) -> Text | None:
    """GB 32100-2015: alphabet, both digits (the inner one is GB 11714's), registrar, region."""
    if len(code) != 18 or any(mark not in CREDIT_CODE_ALPHABET for mark in code):  # noqa: PLR2004
        return CREDIT_CODE_SHAPE
    if _credit_digit(code[:17]) != code[17]:
        return CREDIT_CODE_DIGIT
    if _organisation_digit(code[8:16]) != code[16]:
        return ORGANISATION_DIGIT
    if code[0] not in _REGISTRARS or (
        code[0] == _MARKET_REGULATION and code[1] not in _MARKET_KINDS
    ):
        return CREDIT_CODE_KIND
    return None if regions.is_assigned(code[2:8]) else CREDIT_CODE_REGION


def check_resident_id(number: str, *, on: date) -> Text | None:
    """GB 11643-1999: a real date of birth not after ``on``, and the check digit.

    The region is a hint at most: divisions were abolished, and residents of Hong Kong, Macao and
    Taiwan (81, 82, 83) and foreigners with permanent residence (9) have numbers of their own.
    """
    if not re.fullmatch(r"\d{17}[\dX]", number) or not number.isascii():
        return RESIDENT_SHAPE
    born = birth_date(number)
    if born is None or not _EARLIEST_BIRTH <= born <= on:
        return RESIDENT_DATE
    total = sum(
        int(digit) * weight for digit, weight in zip(number, _RESIDENT_WEIGHTS, strict=False)
    )
    return None if _RESIDENT_CHECK[total % 11] == number[17] else RESIDENT_DIGIT


def birth_date(number: str) -> date | None:
    """The date of birth in an identity number, or None if there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def normalise_mobile_phone(typed: str) -> str:
    """The eleven digits, without +86, spaces or hyphens."""
    digits = re.sub(r"[-()]", "", normalise(typed))
    return re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", digits)


def check_mobile_phone(number: str) -> Text | None:
    """Eleven digits that the numbering plan of mainland China can have."""
    if not number.isascii() or not _MOBILE.fullmatch(number):
        return MOBILE_SHAPE
    parsed = phonenumbers.parse(number, "CN")
    return None if phonenumbers.is_possible_number(parsed) else MOBILE_SHAPE


def check_landline(number: str) -> Text | None:
    """A fixed line of mainland China with its area code."""
    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return LANDLINE_SHAPE
    fixed = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE
    return None if fixed and parsed.country_code == 86 else LANDLINE_SHAPE  # noqa: PLR2004


def check_postcode(code: str) -> Text | None:
    """Six digits."""
    return None if code.isascii() and _POSTCODE.fullmatch(code) else POSTCODE_SHAPE


def check_email(address: str) -> Text | None:
    """The shape alone; only a message that arrives proves an address."""
    fits = len(address) <= 254 and _EMAIL.fullmatch(address)  # noqa: PLR2004  RFC 5321
    return None if fits else EMAIL_SHAPE


def check_seal_code(code: str, region_code: str | None = None) -> Text | None:
    """13 digits beginning with a division of GB/T 2260, if given with ``region_code``."""
    if not code.isascii() or not _SEAL_CODE.fullmatch(code):
        return SEAL_CODE_SHAPE
    fits = code.startswith(region_code) if region_code else regions.is_assigned(code[:6])
    return None if fits else SEAL_CODE_SHAPE


def make_seal_code(region_code: str, serial: int) -> str:
    """The seal code of a serial.

    Raises ValueError for an unknown region and beyond seven digits.
    """
    if not regions.is_assigned(region_code) or not 0 < serial < 10_000_000:  # noqa: PLR2004
        raise ValueError(f"no seal code for serial {serial} of {region_code}")
    return f"{region_code}{serial:07d}"


def make_credit_code(region_code: str, serial: int) -> str:
    """A credit code of an enterprise (91) with both digits right.

    Raises ValueError for an unknown region and for a serial that six characters cannot write.
    """
    if not regions.is_assigned(region_code) or not 0 <= serial < _SERIALS_PER_REGION:
        raise ValueError(f"no credit code for serial {serial} of {region_code}")
    letters = ""
    for _place in range(6):
        serial, rest = divmod(serial, len(CREDIT_CODE_ALPHABET))
        letters = CREDIT_CODE_ALPHABET[rest] + letters
    body = f"91{region_code}MA{letters}"
    code = body + _organisation_digit(body[8:16])
    return code + _credit_digit(code)


def make_case_number(district_code: str, day: date, serial: int) -> str:
    """The number of a case: district, day, serial of that day, check character (ISO 7064).

    Raises ValueError for a serial that six digits cannot write.
    """
    if not 0 < serial <= _LAST_CASE_SERIAL:
        raise ValueError(f"no case number for serial {serial}")
    body = f"{district_code}-{day:%Y%m%d}-{serial:06d}"
    return f"{body}-{_case_check(body)}"


def check_case_number(number: str) -> Text | None:
    """The shape, and the check character (MOD 37,36), which finds every single wrong character."""
    if not number.isascii() or not _CASE_NUMBER.fullmatch(number):
        return CASE_NUMBER_WRONG
    body, _, check = number.rpartition("-")
    return None if _case_check(body) == check else CASE_NUMBER_WRONG


def _case_check(body: str) -> str:
    return str(mod_37_36.calc_check_digit(body.replace("-", "").upper())).lower()


def _credit_digit(body: str) -> str:
    total = sum(
        CREDIT_CODE_ALPHABET.index(mark) * pow(3, place, 31) for place, mark in enumerate(body)
    )
    return CREDIT_CODE_ALPHABET[(31 - total % 31) % 31]


def _organisation_digit(body: str) -> str:
    total = sum(
        _ORGANISATION_ALPHABET.index(mark) * weight
        for mark, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[(11 - total % 11) % 11]
