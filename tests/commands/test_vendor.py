"""What was taken from GOV.UK Frontend: unchanged since, and without its brand."""

import hashlib
from pathlib import Path

from commands.vendor import TARGET, main, unbranded
from core.settings import ROOT

TAKEN = {
    "govuk-frontend.min.css": "21f67122d9f49e75e122b06e19a1e28fb4fe773015cea50820a22a49de7e5bae",
    "govuk-frontend.min.js": "4e8b95d53d3c5cba3c62a396bb4d9ba5c213ec641bbe46168ce881f5c1a8ddcb",
}


def test_the_vendored_files_are_those_that_were_taken() -> None:
    found = {name: hashlib.sha256((TARGET / name).read_bytes()).hexdigest() for name in TAKEN}

    assert found == TAKEN


def test_their_licence_is_kept() -> None:
    licence = (ROOT / "docs" / "licences" / "govuk-frontend.txt").read_text(encoding="utf-8")

    assert "The MIT License" in licence


def test_fonts_and_emblems_are_cut_out() -> None:
    css = (
        '@font-face{font-family:"GDS Transport";src:url(/assets/fonts/a.woff2)}'
        ".govuk-body{font-family:GDS Transport,arial,sans-serif;color:red}"
        ".govuk-footer__crown{margin:0}"
        ".logo:before{background-image:url(/assets/images/govuk-crest.svg)}"
        ".govuk-tag{color:blue}"
    )

    kept = unbranded(css)

    assert "GDS" not in kept
    assert "crest" not in kept
    assert "crown" not in kept
    assert ".govuk-tag{color:blue}" in kept
    assert "Noto Sans CJK SC" in kept


def test_the_whole_package_is_taken_the_same_way(tmp_path: Path) -> None:
    source = tmp_path / "dist" / "govuk"
    source.mkdir(parents=True)
    (source / "govuk-frontend.min.css").write_text(".a{color:red}", encoding="utf-8")
    (source / "govuk-frontend.min.js").write_text("x=1\n//# sourceMappingURL=x", encoding="utf-8")

    main(tmp_path, target := tmp_path / "taken")

    assert (target / "govuk-frontend.min.css").read_text(encoding="utf-8") == ".a{color:red}"
    assert "sourceMapping" not in (target / "govuk-frontend.min.js").read_text(encoding="utf-8")
