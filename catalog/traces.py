"""The shortest way through a process to a state: the example that shows an author a mistake."""

from collections import deque

from workflows.process import Process

ARROW = " → "


def path_to(process: Process, code: str) -> str:
    """The states and steps from the beginning to ``code``: ``waiting (release) → in_review``.

    The code alone if nothing leads there, which the author is told elsewhere.
    """
    ways: dict[str, tuple[str, ...]] = {process.initial: ()}
    ahead = deque([process.initial])
    while ahead:
        state = ahead.popleft()
        if state == code:
            return ARROW.join((*ways[state], code))
        for row in process.from_state(state):
            if row.destination not in ways:
                ways[row.destination] = (*ways[state], f"{state} ({row.trigger})")
                ahead.append(row.destination)
    return code
