"""CODEOWNERS: the whole file, and that it asks nobody who could not review."""

from review_samples import ANNA, FILES, SITE, changed, put, side

from appstore.documents.findings import Severity
from appstore.govern.owners import codeowners


def test_the_whole_file() -> None:
    rules = codeowners(side(FILES).registry, "github").splitlines()
    assert [line for line in rules if not line.startswith("#")] == [
        "* @Rita @Root",
        "/catalog/code/ @Carl @Cora @Rita @Root",
        "/catalog/code/*/approval.yaml @Carl @Cora @Rita @Root",
        "/catalog/net/ @Carl @Cora @Rita @Root",
        "/catalog/net/*/approval.yaml @Carl @Cora @Rita @Root",
        "/catalog/toy/ @Carl @Cora @Rita @Root @anna",
        "/catalog/toy/*/approval.yaml @Carl @Cora @Rita @Root",
        "/catalog/web/ @Carl @Cora @Rita @Root",
        "/catalog/web/*/approval.yaml @Carl @Cora @Rita @Root",
        "/deployments/anna/ @Carl @Cora @Rita @Root @anna",
        "/deployments/anna/net/ @Carl @Cora @Rita @Root @anna @lea",
        "/deployments/anna/lecturer.yaml @Carl @Cora @Rita @Root",
        "/deployments/bob/ @Carl @Cora @Rita @Root @bob",
        "/deployments/bob/lecturer.yaml @Carl @Cora @Rita @Root",
        "/deployments/phil/ @Petra @Rita @Root @phil",
        "/deployments/phil/lecturer.yaml @Petra @Rita @Root",
        "/deployments/site.yaml @Rita @Root",
    ]


def test_each_forge_has_its_own_accounts() -> None:
    gitlab = codeowners(side(FILES).registry, "gitlab")
    assert "@anna-lab" in gitlab
    assert "@anna\n" not in gitlab


def test_nobody_named_means_no_rule() -> None:
    lone = changed(
        {SITE: FILES[SITE].replace("admins: [Root, Rita]\n", "").replace("[Carl, Cora]", "[]")},
        put(ANNA, "accounts: {github: [anna], gitlab: [anna-lab]}\n", ""),
    )
    registry = side(lone).registry
    assert not [one for one in registry.findings if one.severity is Severity.ERROR]
    assert "/deployments/anna/ " not in codeowners(registry)
