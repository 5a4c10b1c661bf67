"""GitLab behind our few questions, by python-gitlab; only what the free tier has.

Facts of its API v4 that the code relies on:
1. `/approvals` tells who approves now, and since GitLab 18 when (`approved_at`). Older ones leave a
   system note "approved this merge request", which nobody can write by hand. Removing approvals
   at a push is no setting of the free tier, so the moment decides.
2. `/versions` has one entry for each push, the newest first, with its moment.
3. Jobs of a merge request run what the CI configuration says. Only where the project takes that
   from another project (`ci_config_path` with an `@`) the proposal cannot change it.
4. A token in `Authorization: Bearer` is not sent on when GitLab sends us to its object store;
   one in `PRIVATE-TOKEN` would be.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any  # attributes of python-gitlab's objects have no types

import requests
from gitlab import Gitlab
from gitlab.exceptions import GitlabError
from requests.adapters import HTTPAdapter

from appstore.forge.answers import ODD, a_text
from appstore.forge.archive import PLAN, gathered
from appstore.forge.errors import ForgeError, ForgeRefused, failure, undocumented, unreachable
from appstore.forge.gitlab_settings import protections
from appstore.forge.patience import TIMEOUT, Patience, Rest
from appstore.forge.protocol import Protection, Request, Standing, State
from appstore.reconcile.reviewed import LARGEST

PLAN_JOB = "plan"
_TOKEN = "APPSTORE_FORGE_TOKEN"
_STATES = {
    Standing.PENDING: "pending",
    Standing.SUCCESS: "success",
    Standing.FAILURE: "failed",
}
_REQUEST_STATES = {"opened": State.OPEN, "closed": State.CLOSED, "merged": State.MERGED}
_APPROVED = "approved this merge request"
_CHUNK = 65536


class _Client(Gitlab):
    """Leaves waiting and asking again to `Patience`."""

    def http_request(self, *args: Any, **kwargs: Any) -> requests.Response:
        return super().http_request(*args, **{**kwargs, "obey_rate_limit": False})


class GitLab:
    """One project; see `Forge` for what the methods promise."""

    def __init__(self, api: str, project: str, token: str, rest: Rest) -> None:
        session = requests.Session()
        session.mount("https://", HTTPAdapter(max_retries=Patience(rest)))
        session.mount("http://", HTTPAdapter(max_retries=Patience(rest)))
        self._client = _Client(
            api.removesuffix("/").removesuffix("/api/v4"),
            oauth_token=token,
            timeout=TIMEOUT,
            per_page=100,
            keep_base_url=True,  # the next page is asked of this server, whatever the answer says
            session=session,
        )
        self._id = project
        self._project = self._client.projects.get(project, lazy=True)
        self._own: str | None = None

    def request(self, number: int) -> Request:
        """See `Forge`."""
        with _asking(f"read merge request {number}"):
            return self._told(self._project.mergerequests.get(number))

    def default_branch(self) -> str:
        """See `Forge`."""
        with _asking("read the project"):
            return a_text(self._settings()["default_branch"])

    def head_ref(self, number: int) -> str:
        """See `Forge`."""
        return f"refs/merge-requests/{number}/head"

    def request_of(self, commit: str) -> Request | None:
        """See `Forge`; of several the one that was merged first brought the commit."""
        with _asking(f"find the merge request of commit {commit[:12]}"):
            default = self._settings()["default_branch"]
            listed = self._project.commits.get(commit, lazy=True).merge_requests(get_all=True)
            found = [
                (_moment(each["merged_at"]), each["iid"])
                for each in listed
                if each["state"] == "merged" and each["target_branch"] == default
            ]
            if not found:
                return None
            return self._told(self._project.mergerequests.get(min(found)[1]))

    def note(self, number: int, marker: str, body: str) -> None:
        """See `Forge`."""
        with _asking(f"write the note of merge request {number}"):
            own = self._account()
            notes = self._project.mergerequests.get(number, lazy=True).notes
            for note in notes.list(iterator=True):
                if note.author["username"] == own and note.body.startswith(marker):
                    if note.body != body:
                        notes.update(note.id, {"body": body})
                    return
            a_text(notes.create({"body": body}).body)

    def status(self, commit: str, context: str, state: Standing, text: str, url: str) -> None:
        """See `Forge`."""
        with _asking(f"set the status {context} of commit {commit[:12]}"):
            words = {"state": _STATES[state], "name": context, "description": text[:140]}
            if url:
                words["target_url"] = url
            try:
                made = self._project.commits.get(commit, lazy=True).statuses.create(words)
                a_text(made.name)  # a login page in the place of an answer is no success
            except GitlabError as error:
                # A state that is there already is a 400 "Cannot transition status via ...".
                if error.response_code != 400 or "transition" not in _said(error):
                    raise

    def reviewed_plan(self, request: Request) -> bytes | None:
        """See `Forge`; only where the proposal cannot say what its pipeline does (fact 3)."""
        with _asking(f"fetch the plan of merge request {request.number}"):
            if "@" not in (self._settings().get("ci_config_path") or ""):
                return None
            pipeline = self._project.mergerequests.get(request.number).head_pipeline
            if not pipeline or not _of_request(pipeline, request):
                return None
            jobs = self._project.pipelines.get(pipeline["id"], lazy=True).jobs.list(iterator=True)
            done = [j.id for j in jobs if j.name == PLAN_JOB and j.status == "success"]
            if not done:
                return None
            job = self._project.jobs.get(max(done), lazy=True)
            chunks = job.artifact(PLAN, streamed=True, iterator=True, chunk_size=_CHUNK)
            if not isinstance(chunks, Iterable):
                raise TypeError("no stream")
            return gathered(chunks, LARGEST)

    def merge(self, number: int, head: str) -> str:
        """See `Forge`."""
        with _asking(f"merge merge request {number}"):
            try:
                done = self._project.mergerequests.get(number, lazy=True).merge(sha=head)
            except GitlabError as error:
                raise _unmerged(number, error) from error
            return a_text(_merged_as(done))

    def open_request(self, branch: str, target: str, title: str, body: str) -> Request:
        """See `Forge`."""
        with _asking(f"open a merge request for {branch}"):
            both = {"source_branch": branch, "target_branch": target}
            requests_ = self._project.mergerequests
            try:
                made = requests_.create({**both, "title": title, "description": body})
            except GitlabError as error:
                if error.response_code != 409:
                    raise
                same = requests_.list(state="opened", iterator=True, **both)
                if (first := next(iter(same), None)) is None:
                    raise
                made = requests_.get(first.iid)
            return self._told(made)

    def protections(self) -> tuple[Protection, ...]:
        """See `Forge`."""
        with _asking("read the settings of the project"):
            return protections(self._project, self._settings())

    def _settings(self) -> dict[str, Any]:
        return self._client.projects.get(self._id).attributes

    def _told(self, request: Any) -> Request:
        state = _REQUEST_STATES.get(request.state, State.CLOSED)
        author, head = a_text(request.author["username"]), a_text(request.sha)
        return Request(
            number=request.iid,
            author=author,
            base=a_text(request.target_branch),
            head=head,
            state=state,
            merged_as=a_text(_merged_as(request.attributes)) if state is State.MERGED else None,
            title=a_text(request.title),
            url=a_text(request.web_url),
            reviewers=tuple(sorted(self._approving(request.iid, head) - {author})),
        )

    def _approving(self, number: int, head: str) -> set[str]:
        """Who approved after the last push (facts 1 and 2); nobody where that cannot be told."""
        request = self._project.mergerequests.get(number, lazy=True)
        approved = request.approvals.get().approved_by
        if not approved:
            return set()
        versions = request.diffs.list(get_all=False, per_page=1)
        if not versions or versions[0].head_commit_sha != head:
            return set()
        pushed = _moment(versions[0].created_at)
        given = {each["user"]["username"]: each.get("approved_at") for each in approved}
        if None in given.values():
            told = _approval_notes(request.notes.list(iterator=True, order_by="created_at"))
            given = {account: moment or told.get(account) for account, moment in given.items()}
        return {account for account, moment in given.items() if moment and _moment(moment) > pushed}

    def _account(self) -> str:
        if self._own is None:
            self._client.auth()
            assert self._client.user is not None
            self._own = a_text(self._client.user.username)
        return self._own


def _of_request(pipeline: dict[str, Any], request: Request) -> bool:
    """Whether it is a merge request's own pipeline: of its head, or of its merge result."""
    result = f"refs/merge-requests/{request.number}/merge"
    fits = pipeline["sha"] == request.head or pipeline["ref"] == result
    return bool(pipeline["source"] == "merge_request_event" and fits)


def _approval_notes(notes: Iterable[Any]) -> dict[str, str]:
    """When each account last approved, by GitLab's own notes, whichever order they come in."""
    last: dict[str, str] = {}
    for note in notes:
        if note.system is True and note.body == _APPROVED:
            account = note.author["username"]
            last[account] = max(last.get(account, ""), note.created_at)
    return last


def _merged_as(request: dict[str, Any]) -> object:
    """The commit on the target branch: of a merge, a squash, or a fast-forward."""
    return request.get("merge_commit_sha") or request.get("squash_commit_sha") or request.get("sha")


def _unmerged(number: int, error: GitlabError) -> Exception:
    """409: the head has changed; 405, 406, 422: it cannot be merged now."""
    if error.response_code == 409:
        return ForgeRefused(
            f"Somebody pushed to merge request {number} after it was looked at; it is not merged.",
            "The pipeline of the new commit decides anew.",
        )
    if error.response_code in (405, 406, 422):
        return ForgeRefused(
            f"GitLab cannot merge merge request {number} now.",
            "Look there: a conflict, a draft, a pipeline or a discussion stands in its way.",
        )
    return error


def _moment(text: object) -> datetime:
    moment = datetime.fromisoformat(a_text(text))
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset")
    return moment


@contextmanager
def _asking(doing: str) -> Iterator[None]:
    """Turns every failure into one of ours; nothing of a request's headers gets into it."""
    try:
        yield
    except GitlabError as error:
        raise _failure(doing, error) from None
    except requests.JSONDecodeError:
        raise undocumented("GitLab", doing) from None
    except requests.RequestException:
        raise unreachable("GitLab", doing) from None
    except ODD:
        raise undocumented("GitLab", doing) from None


def _failure(doing: str, error: GitlabError) -> ForgeError:
    if error.response_code is None or error.response_code < 400:
        return undocumented("GitLab", doing)
    return failure("GitLab", doing, error.response_code, _said(error), _TOKEN)


def _said(error: GitlabError) -> str:
    """GitLab's message, which may be a list or a mapping of lists."""
    said = error.error_message
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
