"""Every sentence of the pages exists in both languages."""

import re

from commands import translations

PLACE = re.compile(r"%\(\w+\)s")


def test_every_sentence_of_the_pages_has_english_words() -> None:
    assert translations.untranslated(translations.renewed(translations.read())) == []


def test_no_english_words_are_kept_for_sentences_that_nobody_says() -> None:
    said = {sentence for sentence, _place in translations.collected()}

    assert {str(message.id) for message in translations.read() if message.id} <= said


def test_both_languages_name_the_same_places() -> None:
    for message in translations.read():
        assert set(PLACE.findall(str(message.id))) == set(PLACE.findall(str(message.string)))


def test_the_program_reads_what_people_read() -> None:
    wording = translations.compiled(translations.read())

    assert translations.COMPILED.read_bytes() == wording


def test_english_words_have_no_chinese_in_them() -> None:
    for message in translations.read():
        if message.id:
            assert not re.search(r"[一-鿿，。：；]", str(message.string)), message.id
