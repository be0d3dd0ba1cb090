"""How a desk gives out its work: policies as versioned data, and whose turn it was last."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class PolicyKind(StrEnum):
    """How the person is found who gets an entry that enters the desk."""

    PULL = "pull"  # nobody: whoever is free takes it
    LOAD = "load"  # the one with the least weighted open work
    TURN = "turn"  # one after the other
    RULE = "rule"  # whom a rule names; by load among several


class AssignmentPolicy(Base):
    """One published version of a desk's policy; the newest of its item, or of all, is in force."""

    __tablename__ = "assignment_policies"

    district_code: Mapped[str] = mapped_column(primary_key=True)
    department_code: Mapped[str] = mapped_column(primary_key=True)
    item_code: Mapped[str] = mapped_column(primary_key=True)
    """Empty for every item that has no policy of its own."""
    version: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PolicyKind]
    kept_minutes: Mapped[int]
    """How long an assignment keeps colleagues out; after that whoever is free may take it."""
    weights: Mapped[dict[str, Any]]
    """How much an entry of an item weighs; one if it is not named."""
    rules: Mapped[list[Any]]
    """``when`` (an expression over the case) and ``to`` (ids of people), the first that holds."""
    published_at: Mapped[datetime]
    published_by: Mapped[UUID]


class AssignmentTurn(Base):
    """When somebody at a desk was last given an entry by a policy."""

    __tablename__ = "assignment_turns"

    district_code: Mapped[str] = mapped_column(primary_key=True)
    department_code: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    assigned_at: Mapped[datetime]
    assigned_count: Mapped[int]
