"""Who has a task open just now: a courtesy among colleagues that stops nobody."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Presence(Base):
    """One officer who opened one task. Counts for minutes and is swept away then."""

    __tablename__ = "presences"

    handling_district_code: Mapped[str] = mapped_column(primary_key=True)
    district_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_code: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
