"""Marks of change: one row for each command that changed what waits at a desk."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class QueueMark(Base):
    """One change of one desk's queue. Only ever inserted, so that no writer waits for another.

    The id says when it was made; what is older than any page that may be asked for again is swept.
    """

    __tablename__ = "queue_marks"

    handling_district_code: Mapped[str] = mapped_column(primary_key=True)
    handler_code: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
