"""What the chain says of hand-over packages, beside what their table keeps."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.hand_over_package import PackageState
from services.door.package_content import digest

Row = Mapping[str, Any]


def expected(
    events: Sequence[Row], packages: Iterable[Row]
) -> dict[str, tuple[Iterable[object], Iterable[object]]]:
    """Said and kept: the hash of each package, that of its content, and where it stands."""
    said: dict[tuple[str, int], tuple[str, str]] = {}
    for event in events:
        for row in event["body"].get("rows", {}).get("packages", ()):
            state = row.get("state", PackageState.SENT.value)
            said[row["item_code"], row["number"]] = (row["content_hash"], state)
    return {
        "packages": (
            [(*key, hash_, hash_, state) for key, (hash_, state) in said.items()],
            [
                (
                    row["item_code"],
                    row["number"],
                    bytes(row["content_hash"]).hex(),
                    digest(row["content"]).hex(),
                    str(row["state"]),
                )
                for row in packages
            ],
        )
    }
