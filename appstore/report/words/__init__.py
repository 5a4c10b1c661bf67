"""The words of a note, one table for each language; what is not in a table stays as it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from appstore.report.markdown import code, text

LONGEST = 1000
"""Characters of a sentence that is looked for in a table."""
Many = tuple[str, str]
"""The words for one, and for `{n}`."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Mappings go by the words of `plan.json`, `review.json` and `outcome.json`.

    `sentences` turn what a plan says in English into this language: patterns to templates, where
    `{0}` is what the first group found; an empty template says nothing. Everything here is Markdown
    of ours, everything that is filled in was escaped.
    """

    # plan
    plan: str
    merging: str
    nothing: str
    to_do: Mapping[str, str]
    meanings: Mapping[str, str]
    not_done: Mapping[str, str]
    rules: Mapping[str, str]
    loses: Many
    all_lost: str
    sentences: Mapping[str, str]
    effects: Mapping[str, str]
    none: str
    ordered_at: str
    unordered: str
    next_step: str
    until: str
    warning: str
    drift: Many
    withdrawn: Many
    later: Many
    ending: Many
    unplanned: str
    held: str
    orphans: Many
    # quota, findings
    uses: str
    use_line: str
    quota: str
    quota_line: str
    findings: str
    findings_before: Many
    severities: Mapping[str, str]
    # review
    reviews: str
    verdicts: Mapping[str, str]
    missing: str
    given_by: str
    anybody_of: str
    tiers: Mapping[str, str]
    changes: str
    sheet: str
    sheet_parts: Mapping[str, str]
    lines: Many
    # outcome
    outcome: str
    results: Mapping[str, str]
    already: Many
    owners: Mapping[str, str]
    actor: str
    run: str
    # the frame
    details: str
    digest: str
    full: str
    left_out: Many
    more: Many

    def many(self, words: Many, number: int, *values: str) -> str:
        """The words for this number; `values` are Markdown for `{0}` and so on."""
        one, several = words
        return (one if number == 1 else several).format(*values, n=number)

    def say(self, sentence: str) -> str:
        """A sentence of a plan, whole or clause by clause; as it is where the table lacks it."""
        for clauses in ((sentence,), sentence.split("; ")):
            told = [self._told(clause) for clause in clauses]
            if None not in told:
                return "; ".join(clause for clause in told if clause)
        return text(sentence)

    def _told(self, clause: str) -> str | None:
        if len(clause) <= LONGEST:
            for pattern, template in self.sentences.items():
                if found := re.fullmatch(pattern, clause):
                    return template.format(*(code(group, 100) for group in found.groups()))
        return None


def words_of(language: str) -> Words:
    """The table of this language; English where there is none yet."""
    from appstore.report.words.de import GERMAN
    from appstore.report.words.en import ENGLISH

    return {"de": GERMAN}.get(language, ENGLISH)
