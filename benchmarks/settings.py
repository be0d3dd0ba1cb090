"""What a run measures, from the environment: ``BENCH_CASES=40 BENCH_ROUNDS=2 make bench``."""

from collections.abc import Mapping
from dataclasses import dataclass

PARTS = ("cases", "claims", "web", "start_up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is done."""

    cases: int
    """By each contender at each number of existing cases, in all rounds together."""
    rounds: int
    existing: tuple[int, ...]
    waiting: tuple[int, ...]
    """Entries in a queue from which the next is claimed."""
    claims: int
    """Claims in a row before the queue is measured again."""
    requests: int
    """Of each kind in each round, over HTTP."""
    parts: tuple[str, ...]

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Sizes":
        """The sizes of the goals, unless BENCH_… says otherwise."""

        def numbers(name: str, default: str) -> tuple[int, ...]:
            return tuple(int(part) for part in environ.get(name, default).split(","))

        [cases] = numbers("BENCH_CASES", "400")
        [rounds] = numbers("BENCH_ROUNDS", "5")
        [claims] = numbers("BENCH_CLAIMS", "20000")
        [requests] = numbers("BENCH_REQUESTS", "200")
        return cls(
            cases=cases,
            rounds=rounds,
            existing=numbers("BENCH_EXISTING", "1000,100000"),
            waiting=numbers("BENCH_WAITING", "1000,1000000"),
            claims=claims,
            requests=requests,
            parts=tuple(environ.get("BENCH_PARTS", ",".join(PARTS)).split(",")),
        )
