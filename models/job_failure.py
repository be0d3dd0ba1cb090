"""Why jobs failed, and what operators did about those that were given up."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class JobFailure(Base):
    """The last failed attempt of a job that is not done yet. Nothing personal."""

    __tablename__ = "job_failures"

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    reason_code: Mapped[str]
    """What kind of failure, as `services.job_failures` puts it in words."""
    error_class: Mapped[str]
    """The name of the error in the program."""
    failed_at: Mapped[datetime]


class JobRepair(Base):
    """One act of an operator on one job that was given up: who, when, why. Never changed."""

    __tablename__ = "job_repairs"
    __table_args__ = (Index("ix_job_repairs_task_name", "task_name", "repaired_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(BigInteger)
    task_name: Mapped[str]
    act: Mapped[str]
    """``again`` or ``drop``."""
    reason: Mapped[str]
    person_id: Mapped[UUID]
    repaired_at: Mapped[datetime]
    reason_code: Mapped[str | None]
    """Why it had failed, if that was known."""
    attempts: Mapped[int] = mapped_column(Integer)
    """How often it had been tried."""
