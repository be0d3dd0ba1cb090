"""Addresses inside this site: where to go next, and never anywhere else."""

from urllib.parse import urlsplit


def safe_path(target: str | None) -> str | None:
    r"""``target`` if it is a path of this site; None for anything that could lead elsewhere.

    Browsers read ``//host``, ``/\host`` and a path with tabs or line breaks as other hosts.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or not target.isprintable():
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target
