"""Refused packages are told where officers are told things; an index for what was returned."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OF_OFFICERS = """
    select notices.* from notices
    join cases on cases.district_code = notices.district_code and cases.id = notices.case_id
    where notices.person_id <> cases.applicant_id
"""
"""Rows of the applicants' table that speak to an officer: of refused packages alone."""


def upgrade() -> None:
    """Move the officers' notices to their own table, and let returned cases be found by index."""
    op.execute(
        f"""
        insert into staff_notices
            (district_code, case_id, event_number, person_id, item_code, kind, created_at, read_at)
        select found.district_code, found.case_id, found.event_number, found.person_id,
            events.item_code, 'package_refused', found.created_at, found.read_at
        from ({OF_OFFICERS}) found
        join events on events.district_code = found.district_code
            and events.case_id = found.case_id and events.number = found.event_number
        on conflict do nothing
        """  # noqa: S608  no value of a stranger
    )
    op.execute(
        f"""
        delete from notices using ({OF_OFFICERS}) found
        where notices.district_code = found.district_code and notices.case_id = found.case_id
            and notices.event_number = found.event_number
        """  # noqa: S608  no value of a stranger
    )
    for name, column in (("home", "district_code"), ("elsewhere", "handling_district_code")):
        op.create_index(
            f"ix_cases_returned_{name}",
            "cases",
            [column, "resubmission_due_on", "id"],
            postgresql_where=sa.text("state = 'returned'"),
        )


def downgrade() -> None:
    """Take the indexes away; what officers were told stays where officers look."""
    op.drop_index("ix_cases_returned_elsewhere", "cases")
    op.drop_index("ix_cases_returned_home", "cases")
