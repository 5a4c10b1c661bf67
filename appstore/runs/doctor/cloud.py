"""doctor judges what was seen of a cloud: credentials, roles, quotas, Heat."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import assert_never
from urllib.parse import urlsplit

from appstore.cloud.credentials import Purpose
from appstore.cloud.permits import Act
from appstore.documents.site import Cloud
from appstore.errors import AppstoreError
from appstore.registry.nearest import listed
from appstore.report.doctor import Check, Level
from appstore.report.wording import counted
from appstore.runs.doctor.facts import CloudSeen, CredentialSeen, ProjectSeen

WRITES = (Act.CREATE, Act.UPDATE, Act.DELETE, Act.SUSPEND, Act.RESUME)
_LOOPBACK = frozenset(["localhost", "127.0.0.1", "::1"])
_LATE, _TOO_LATE = timedelta(seconds=5), timedelta(seconds=60)
_NAMES = {Purpose.WRITE: "apply", Purpose.READ: "plan"}


def cloud_checks(
    seen: CloudSeen, settings: Cloud, template_versions: frozenset[str]
) -> Iterator[Check]:
    """One cloud; `template_versions` are those that the catalog uses."""
    about = f"cloud {seen.name}"
    for purpose in (Purpose.WRITE, Purpose.READ):
        match seen.credentials[purpose]:
            case AppstoreError() as error:
                what = f"The credential to {_NAMES[purpose]}: {error.message}"
                yield Check(about, Level.PROBLEM, what, error.hint or "Mend it and run this again.")
            case CredentialSeen() as credential:
                yield from _credential_checks(about, seen.name, purpose, credential)
    usable = [one for one in seen.credentials.values() if isinstance(one, CredentialSeen)]
    for address in dict.fromkeys(one.auth_url for one in usable):
        offset = next(one.offset for one in usable if one.auth_url == address)
        yield from _clock_checks(about, offset)
    if usable:
        yield from _version_checks(about, usable, template_versions)
        yield from _limit_checks(about, usable, settings.max_stacks)


def _credential_checks(
    about: str, cloud: str, purpose: Purpose, seen: CredentialSeen
) -> Iterator[Check]:
    name = _NAMES[purpose]
    yield Check(about, Level.OK, f"To {name}: {seen.user} (entry {seen.entry}) can log in.")
    yield from _entry_checks(about, cloud, purpose, seen)
    if not seen.projects:
        yield Check(
            about,
            Level.UNKNOWN,
            f"No lecturer deploys here yet, so what the credential to {name} may do was not tried.",
            "Add one with `appstore new lecturer`, and run this again.",
        )
    broken = {name: one for name, one in seen.projects.items() if isinstance(one, AppstoreError)}
    for error in broken.values():
        yield Check(about, Level.PROBLEM, error.message, error.hint)
    usable = {name: one for name, one in seen.projects.items() if isinstance(one, ProjectSeen)}
    if usable:
        yield Check(
            about, Level.OK, f"To {name}: no token holds the role admin ({_projects(usable)})."
        )
        yield from _permit_checks(about, purpose, seen.user, usable)
        yield from _quota_checks(about, purpose, usable)
    if seen.strangers:
        yield Check(
            about,
            Level.WARNING,
            f"To {name}: it also holds a role in {listed(seen.strangers)}, which no lecturer has.",
            "Take its roles there away, unless a lecturer is to come: every project that it "
            "reaches is listed.",
        )


def _entry_checks(
    about: str, cloud: str, purpose: Purpose, seen: CredentialSeen
) -> Iterator[Check]:
    address = urlsplit(seen.auth_url)
    if address.scheme != "https" and address.hostname not in _LOOPBACK:
        yield Check(
            about,
            Level.WARNING,
            f"The password travels unencrypted to {address.hostname}.",
            "Write auth_url with https:// in clouds.yaml.",
        )
    match purpose:
        case Purpose.READ if seen.entry == cloud:
            yield Check(
                about,
                Level.PROBLEM,
                f"There is no entry {cloud}-plan: plans run with the credential that may write.",
                "Make a user with the role reader alone, and an entry of that name in clouds.yaml "
                "(deployments/README.md, Two users).",
            )
        case Purpose.WRITE if seen.bound:
            yield Check(
                about,
                Level.PROBLEM,
                "To apply: an application credential cannot create stacks, because Heat makes a "
                "trust for each.",
                "Use a user with a password (deployments/README.md, Why apply needs a password).",
            )
        case Purpose.READ | Purpose.WRITE:
            pass
        case _:
            assert_never(purpose)


def _clock_checks(about: str, offset: timedelta | None) -> Iterator[Check]:
    remedy = "Let this machine set its clock from the network (NTP)."
    if offset is None:
        yield Check(about, Level.UNKNOWN, "Keystone does not tell its time.", remedy)
        return
    seconds = round(abs(offset).total_seconds())
    level = Level.OK
    if abs(offset) > _LATE:
        level = Level.PROBLEM if abs(offset) > _TOO_LATE else Level.WARNING
    what = f"The clocks here and of the cloud differ by {seconds} s."
    yield Check(about, level, what, "" if level is Level.OK else remedy)


def _permit_checks(
    about: str, purpose: Purpose, user: str, usable: Mapping[str, ProjectSeen]
) -> Iterator[Check]:
    """What must be permitted to apply must be forbidden to plan; both were tried, harmlessly."""
    wanted = purpose is Purpose.WRITE
    wrong: defaultdict[tuple[Act, ...], list[str]] = defaultdict(list)
    untold: list[str] = []
    for name, one in usable.items():
        wrong[tuple(act for act in WRITES if one.permits[act] is (not wanted))].append(name)
        if any(one.permits[act] is None for act in WRITES):
            untold.append(name)
    fine = [name for name in wrong.pop((), []) if name not in untold]
    for acts, names in wrong.items():
        yield _not_as_wanted(about, purpose, user, acts, names)
    if untold:
        yield Check(
            about,
            Level.UNKNOWN,
            f"Heat did not tell what {user} may do in {listed(untold)}.",
            "Look at its roles: openstack role assignment list --names --project <project>",
        )
    roles = {role for name in fine for role in usable[name].roles}
    if fine:
        may = f"may {_acts(WRITES, 'and')}" if wanted else f"may read and cannot {_acts(WRITES)}"
        yield Check(
            about,
            Level.OK,
            f"To {_NAMES[purpose]}: it {may} stacks ({_projects(fine)}; "
            f"roles: {', '.join(sorted(roles))}).",
        )
    if purpose is Purpose.READ:
        yield from _beyond_reading(about, roles, usable)


def _beyond_reading(
    about: str, roles: set[str], usable: Mapping[str, ProjectSeen]
) -> Iterator[Check]:
    """What a credential to plan holds without need."""
    if more := sorted(roles - {"reader"}):
        yield Check(
            about,
            Level.WARNING,
            f"To plan: it also holds {listed(more)}; Heat does not take that for a right to write, "
            "but another service may.",
            "Leave it the role reader alone.",
        )
    if any(one.permits[Act.CHECK] for one in usable.values()):
        yield Check(
            about,
            Level.WARNING,
            "To plan: it may start Heat's check, which spoils stacks that sleep.",
            "Heat permits it to readers. To forbid it, write this into Heat's policy.yaml: "
            '"actions:check": "role:member and project_id:%(project_id)s"',
        )


def _not_as_wanted(
    about: str, purpose: Purpose, user: str, acts: Sequence[Act], names: Sequence[str]
) -> Check:
    where = listed(names)
    if purpose is Purpose.WRITE:
        return Check(
            about,
            Level.PROBLEM,
            f"To apply: {user} may not {_acts(acts)} stacks in {where}.",
            f"openstack role add --user <user> --project {names[0]} member",
        )
    return Check(
        about,
        Level.PROBLEM,
        f"To plan: {user} may {_acts(acts)} stacks in {where}; plans of merge requests that "
        "nobody has reviewed run with it.",
        f"Leave it the role reader alone: openstack role remove --user <user> --project {names[0]} "
        "member",
    )


def _quota_checks(
    about: str, purpose: Purpose, usable: Mapping[str, ProjectSeen]
) -> Iterator[Check]:
    if purpose is not Purpose.READ:
        return
    for sentence in sorted({said for one in usable.values() for said in one.unread}):
        yield Check(
            about,
            Level.WARNING,
            sentence,
            "Until it can be read, plans do not know whether everything fits.",
        )
    if readable := [name for name, one in usable.items() if not one.unread]:
        yield Check(about, Level.OK, f"To plan: the quotas can be read ({_projects(readable)}).")


def _version_checks(
    about: str, usable: Sequence[CredentialSeen], template_versions: frozenset[str]
) -> Iterator[Check]:
    known = next((one.versions for one in usable if one.versions is not None), None)
    if known is None:
        yield Check(
            about,
            Level.UNKNOWN,
            "Which template versions Heat knows was not asked.",
            "openstack orchestration template version list",
        )
    elif lacking := sorted(template_versions - known):
        yield Check(
            about,
            Level.PROBLEM,
            f"Heat does not know heat_template_version {listed(lacking)}, which the catalog uses.",
            f"The newest that it knows is {max(known, default='none')}.",
        )
    else:
        yield Check(about, Level.OK, "Heat knows every template version that the catalog uses.")


def _limit_checks(
    about: str, usable: Sequence[CredentialSeen], most: int | None
) -> Iterator[Check]:
    fullest = max(
        (
            one.stacks
            for credential in usable
            for one in credential.projects.values()
            if isinstance(one, ProjectSeen)
        ),
        default=0,
    )
    if most is None:
        yield Check(
            about,
            Level.UNKNOWN,
            "How many stacks a project may have, Heat tells nobody.",
            "Ask for max_stacks_per_tenant in heat.conf (512 unless it is set), and write it as "
            "max_stacks below the cloud in deployments/site.yaml.",
        )
    elif fullest * 10 >= most * 9:
        yield Check(
            about,
            Level.WARNING,
            f"A project has {fullest} of at most {most} stacks.",
            "Let max_stacks_per_tenant be raised in heat.conf, then max_stacks in site.yaml.",
        )
    else:
        yield Check(about, Level.OK, f"The fullest project has {fullest} of {most} stacks.")


def _acts(acts: Sequence[Act], joined: str = "or") -> str:
    *most, last = acts
    return f"{', '.join(most)} {joined} {last}" if most else str(last)


def _projects(names: Iterable[str]) -> str:
    return counted(len(list(names)), "project")
