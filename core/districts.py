"""The mark of statements that must cross districts, so that each is chosen and none is an accident.

Every table that grows is distributed by ``district_code``. A statement without a district asks
every server of a distributed database; a test fails on each that does not carry this mark.
"""

MARK = "across districts:"


def across_districts(reason: str) -> str:
    """An SQL comment for ``select(...).prefix_with(...)`` or raw SQL that says why it must cross.

    ``reason`` is a few plain words; anything that could end the comment is refused with
    ``ValueError``.
    """
    if "*/" in reason or "/*" in reason or not reason.strip():
        raise ValueError("a reason is plain words without comment signs")
    return f"/* {MARK} {reason} */"
