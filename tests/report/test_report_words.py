"""Each language has a word for whatever a plan, a review or an outcome can hold."""

from dataclasses import fields
from itertools import product
from typing import get_args

import pytest

from appstore.documents.review_file import ReviewFile, VersionSheet
from appstore.reconcile.decision import Action
from appstore.reconcile.difference import Effect, ResourceEffect
from appstore.reconcile.effects_losses import loss
from appstore.reconcile.vocabulary import Owner
from appstore.report.words import Words, words_of

LANGUAGES = [words_of("en"), words_of("de")]
TYPES = (
    "OS::Nova::Server", "OS::Cinder::Volume", "OS::Manila::Share", "OS::Trove::Instance",
    "OS::Swift::Container", "OS::Neutron::FloatingIP", "OS::Heat::RandomString", "OS::Other",
)  # fmt: skip
LOSSES = {
    sentence
    for kind, effect, guarded in product(TYPES, Effect, (True, False))
    if (sentence := loss(ResourceEffect("lab", kind, effect, "", guarded), "web-lab@1.0.0"))
}


@pytest.mark.parametrize("words", LANGUAGES)
def test_every_word_of_the_documents_has_a_translation(words: Words) -> None:
    assert words.to_do.keys() == set(Action)
    assert words.owners.keys() == set(Owner)
    for name, mapping in (("verdict", words.verdicts), ("tier", words.tiers)):
        assert mapping.keys() == set(get_args(ReviewFile.model_fields[name].annotation))
    shown_apart = {"version", "before", "difference"}
    assert words.sheet_parts.keys() | shown_apart == VersionSheet.model_fields.keys()


def test_german_translates_what_english_only_repeats() -> None:
    german = words_of("de")
    assert german.effects.keys() == set(Effect) - {Effect.UNCHANGED}
    assert len(LOSSES) > 20
    for sentence in LOSSES:
        assert "`lab`" in german.say(sentence), sentence
        assert " is " not in german.say(sentence)


def test_no_entry_is_english_by_mistake() -> None:
    english, german = LANGUAGES
    same = {f.name for f in fields(Words) if getattr(english, f.name) == getattr(german, f.name)}
    assert same == {"plan"}


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("state is absent", "so steht es in der Datei"),
        (
            "its seat was removed; it is deleted after 14 days unless it comes back",
            "der Platz wurde gestrichen; gelöscht nach `14` Tagen, wenn es nicht zurückkommt",
        ),
        ("its seat was removed; what nobody has translated", None),
        ("course ended on 2026-01-01", "`course` endete am `2026-01-01`"),
        ("x" * 100_000, None),
    ],
)
def test_a_sentence_is_told_whole_or_left_alone(sentence: str, told: str | None) -> None:
    shown = words_of("de").say(sentence)
    assert shown == told if told else shown.startswith(sentence[:40])
