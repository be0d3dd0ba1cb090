"""The throttle counts what fails, forgets in time, and cannot be outrun by many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import TooManyAttemptsError
from models.attempt import Attempt
from services import attempts
from services.attempts import Limit

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
THREE_AN_HOUR = Limit("test", 3, timedelta(hours=1))
METER = attempts.meter(THREE_AN_HOUR, "someone", "secret")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_the_door_closes_after_the_last_free_attempt(session: Session) -> None:
    for minute in range(3):
        attempts.reserve(session, (METER,), AT + minutes(minute))

    with pytest.raises(TooManyAttemptsError) as refused:
        attempts.reserve(session, (METER,), AT + minutes(10))

    assert refused.value.wait_seconds == 50 * 60
    assert refused.value.sentence.zh == "尝试次数太多，请在 50 分钟后再试。"
    assert (
        refused.value.sentence.en == "There have been too many attempts. Try again in 50 minutes."
    )


def test_the_window_slides(session: Session) -> None:
    for minute in (0, 30, 40):
        attempts.reserve(session, (METER,), AT + minutes(minute))

    attempts.reserve(session, (METER,), AT + minutes(60))
    with pytest.raises(TooManyAttemptsError) as refused:
        attempts.reserve(session, (METER,), AT + minutes(61))

    assert refused.value.wait_seconds == 29 * 60


def test_a_closed_door_does_not_count_the_knocks(session: Session) -> None:
    for _ in range(3):
        attempts.reserve(session, (METER,), AT)
    for minute in range(1, 50):
        with pytest.raises(TooManyAttemptsError):
            attempts.reserve(session, (METER,), AT + minutes(minute))

    attempts.reserve(session, (METER,), AT + minutes(60))


def test_what_is_given_back_does_not_count(session: Session) -> None:
    for _ in range(20):
        attempts.give_back(session, attempts.reserve(session, (METER,), AT))


def test_one_full_meter_closes_the_door_and_counts_on_none(session: Session) -> None:
    other = attempts.meter(Limit("other", 1, timedelta(hours=1)), "here", "secret")
    attempts.reserve(session, (other,), AT)

    with pytest.raises(TooManyAttemptsError):
        attempts.reserve(session, (METER, other), AT)

    for _ in range(3):
        attempts.reserve(session, (METER,), AT)


def test_clearing_one_meter_leaves_the_others(session: Session) -> None:
    neighbour = attempts.meter(THREE_AN_HOUR, "neighbour", "secret")
    for _ in range(3):
        attempts.reserve(session, (METER, neighbour), AT)

    attempts.clear(session, METER)

    attempts.reserve(session, (METER,), AT)
    with pytest.raises(TooManyAttemptsError):
        attempts.reserve(session, (neighbour,), AT)


def test_the_table_never_holds_who_knocked(session: Session) -> None:
    attempts.reserve(session, (METER,), AT)

    row = session.execute(select(Attempt)).scalar_one()

    assert b"someone" not in row.key_hash
    assert row.key_hash != attempts.meter(THREE_AN_HOUR, "someone", "other secret").key_hash


def test_old_attempts_are_forgotten(session: Session) -> None:
    attempts.reserve(session, (METER,), AT)

    assert attempts.forget_old(session, AT + minutes(59)) == 0
    assert attempts.forget_old(session, AT + minutes(61)) == 1


def test_many_at_once_count_no_less_than_one_after_another(database: Database) -> None:
    def knock(_number: int) -> bool:
        try:
            with database.transaction() as session:
                attempts.reserve(session, (METER,), AT)
        except TooManyAttemptsError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        let_in = list(threads.map(knock, range(20)))

    assert sum(let_in) == 3


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not an address", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_address_stands_for_its_network(address: str | None, network: str) -> None:
    assert attempts.network_of(address) == network


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 minute."), (60, "1 minute."), (61, "2 minutes.")]
)
def test_waiting_is_said_in_whole_minutes(seconds: int, words: str) -> None:
    assert attempts.wait_words(seconds).en.endswith(words)
