"""Numbers that a register gives, by a pattern of the definition: JY2{region}{serial}{check}."""

import re
from collections.abc import Iterator
from typing import Final

from stdnum.iso7064 import mod_11_10

from catalog import regions

REGION: Final = "{region}"
SERIAL: Final = "{serial}"
CHECK: Final = "{check}"
SERIAL_DIGITS: Final = 6
PATTERN: Final = r"^[A-Z0-9]*(\{region\})?[A-Z0-9]*\{serial\}(\{check\})?$"
"""Capital letters and digits, the region's six digits, a serial of six, a check digit."""


def make(pattern: str, region_code: str, serial: int) -> str:
    """The number of a serial; the check digit is that of GB/T 17710 (MOD 11,10) over all digits.

    Raises ValueError for an unknown region and for a serial that six digits cannot write.
    """
    if not regions.is_assigned(region_code) or not 0 < serial < 10**SERIAL_DIGITS:
        raise ValueError(f"no number for serial {serial} of {region_code}")
    body = pattern.replace(REGION, region_code).replace(SERIAL, f"{serial:0{SERIAL_DIGITS}d}")
    return body.replace(CHECK, mod_11_10.calc_check_digit("".join(_digits(body))))


def is_right(number: str) -> bool:
    """True if the last digit of a number is the check digit of those before it."""
    digits = "".join(_digits(number))
    return len(digits) > 1 and bool(mod_11_10.is_valid(digits))


def _digits(text: str) -> Iterator[str]:
    return (mark[0] for mark in re.finditer(r"[0-9]", text))
