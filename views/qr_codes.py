"""QR codes, drawn here: inline SVG without any style, so that the policy for styles holds."""

import segno
from markupsafe import Markup

QUIET_ZONE = 4
"""Modules of white around it, as the standard (ISO/IEC 18004) wants."""


def qr_code(content: str, label: str) -> Markup:
    """A QR code of ``content``, read out as ``label``; always black on white."""
    drawn = segno.make(content, error="m", micro=False).svg_inline(
        omitsize=True,
        border=QUIET_ZONE,
        dark="#000",
        light="#fff",
        svgclass="app-qr",
        lineclass=None,
    )
    # Drawn by segno from text of ours; the label is escaped by `format`.
    opening = Markup('<svg role="img" aria-label="{}"').format(label)
    return opening + Markup(drawn.removeprefix("<svg"))  # noqa: S704  drawn by ourselves, of our own address
