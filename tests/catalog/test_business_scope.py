"""The sample list of business-scope entries."""

from catalog import business_scope


def test_the_list_says_its_version_and_that_it_is_a_sample() -> None:
    found = business_scope.catalogue()
    assert found.version == "2026-11-01"
    assert "样例目录" in found.note


def test_every_entry_that_needs_a_permit_names_it_and_no_other_does() -> None:
    entries = business_scope.catalogue().entries
    assert len(entries) >= 60
    for entry in entries.values():
        assert (entry.permit is None) == (entry.kind == "general"), entry.code
        assert entry.name.zh
        assert entry.name.en
    assert {entry.kind for entry in entries.values()} == {"general", "post_licence", "pre_licence"}


def test_an_entry_is_found_by_its_code() -> None:
    entry = business_scope.get("I6501")
    assert entry is not None
    assert entry.name.zh == "软件开发"
    assert business_scope.get("Z9999") is None


def test_search_reads_code_and_both_languages() -> None:
    assert "H6201" in {entry.code for entry in business_scope.search("餐饮")}
    assert "H6201" in {entry.code for entry in business_scope.search(" CATERING ")}
    assert [entry.code for entry in business_scope.search("h6201")] == ["H6201"]
    assert business_scope.search("没有这一条") == ()
