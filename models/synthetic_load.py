"""How far the synthetic cases of the demonstration are loaded."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class SyntheticLoad(Base):
    """One load, begun once: its anchor stays, however often it is stopped and goes on."""

    __tablename__ = "synthetic_loads"

    code: Mapped[str] = mapped_column(primary_key=True)
    anchor_at: Mapped[datetime]
    """The instant before which everything of this load happened."""
    plan_version: Mapped[int]
    """Which plan the numbers of the lives belong to."""
    wanted: Mapped[int]
    """How many cases the plan has."""
    loaded: Mapped[int]
    """The first so many of the plan are there, each with its whole life."""
    ended_at: Mapped[datetime | None]
    """When the last of them was there."""
