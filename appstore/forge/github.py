"""GitHub behind our few questions, by PyGithub.

Facts of its REST API that the code relies on:
1. A review carries the commit it was given for (`commit_id`); the latest of a person that is no
   mere comment counts, and DISMISSED takes an approval back.
2. A run of `pull_request_target` executes the workflow of the default branch whatever the proposal
   contains, and its `head_sha` is a commit of that branch, not of the proposal (actions/checkout,
   pull request 2454). A run of `pull_request` executes the proposal's own workflow, so its
   artifacts prove nothing.
3. Requests that were merged by a push of their commits are "merged" too: who gave which approval
   must always be looked at besides.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

import requests
from github import Auth, Github, GithubException
from github.Artifact import Artifact
from github.PullRequest import PullRequest

from appstore.forge.answers import ODD, a_text
from appstore.forge.archive import LARGEST_ARCHIVE, gathered, plan_in
from appstore.forge.errors import ForgeError, ForgeRefused, failure, undocumented, unreachable
from appstore.forge.github_settings import protections
from appstore.forge.patience import TIMEOUT, Patience, Rest
from appstore.forge.protocol import Protection, Request, Standing, State

PLAN_WORKFLOW = ".github/workflows/plan.yml"
_EVENTS = frozenset(["pull_request_target", "workflow_dispatch"])
_TOKEN = "GITHUB_TOKEN"
_BOT = "github-actions[bot]"
"""Whose notes a workflow's own token writes; that token may not ask who it is (403)."""
_STATES = {
    Standing.PENDING: "pending",
    Standing.SUCCESS: "success",
    Standing.FAILURE: "failure",
}
_CHUNK = 65536
_STORES = ("https://", "http://localhost:")
"""Where an archive may be fetched from: encrypted, or a server of this machine."""


class GitHub:
    """One repository; see `Forge` for what the methods promise."""

    def __init__(self, api: str, repository: str, token: str, rest: Rest) -> None:
        self._client = Github(
            base_url=api,
            auth=Auth.Token(token),
            retry=Patience(rest),
            timeout=TIMEOUT,
            per_page=100,
            seconds_between_requests=None,
            seconds_between_writes=None,
            lazy=True,
        )
        self._owner = repository.split("/")[0]
        self._repository = self._client.get_repo(repository)
        self._own: str | None = None

    def request(self, number: int) -> Request:
        """See `Forge`."""
        with _asking(f"read pull request {number}"):
            return self._told(self._repository.get_pull(number))

    def default_branch(self) -> str:
        """See `Forge`."""
        with _asking("read the repository"):
            return a_text(self._repository.default_branch)

    def head_ref(self, number: int) -> str:
        """See `Forge`."""
        return f"refs/pull/{number}/head"

    def request_of(self, commit: str) -> Request | None:
        """See `Forge`; of several the one that was merged first brought the commit."""
        with _asking(f"find the pull request of commit {commit[:12]}"):
            default = self._repository.default_branch
            found = [
                pull
                for pull in self._repository.get_commit(commit).get_pulls()
                if pull.merged_at is not None and pull.base.ref == default
            ]
            if not found:
                return None
            first = min(found, key=_merged_at)
            return self._told(self._repository.get_pull(first.number))

    def note(self, number: int, marker: str, body: str) -> None:
        """See `Forge`."""
        with _asking(f"write the note of pull request {number}"):
            own = self._account()
            issue = self._repository.get_issue(number)
            for comment in issue.get_comments():
                if comment.user.login == own and comment.body.startswith(marker):
                    if comment.body != body:
                        comment.edit(body)
                    return
            a_text(issue.create_comment(body).body)

    def status(self, commit: str, context: str, state: Standing, text: str, url: str) -> None:
        """See `Forge`."""
        with _asking(f"set the status {context} of commit {commit[:12]}"):
            words: dict[str, str] = {"target_url": url} if url else {}
            made = self._repository.get_commit(commit).create_status(
                _STATES[state], context=context, description=text[:140], **words
            )
            a_text(made.context)  # a login page in the place of an answer is no success

    def reviewed_plan(self, request: Request) -> bytes | None:
        """See `Forge`; only from a run of the default branch's own workflow."""
        with _asking(f"fetch the plan of pull request {request.number}"):
            named = self._repository.get_artifacts(name=f"plan-{request.head}")
            kept = [a for a in named if not a.expired and a.size_in_bytes <= LARGEST_ARCHIVE]
            for artifact in sorted(kept, key=lambda a: a.id, reverse=True):
                if self._trusted(artifact):
                    archive = self._download(artifact)
                    return plan_in(archive) if archive is not None else None
        return None

    def merge(self, number: int, head: str) -> str:
        """See `Forge`."""
        with _asking(f"merge pull request {number}"):
            pull = self._repository.get_pull(number)
            try:
                done = pull.merge(sha=head, merge_method=self._merge_method())
            except GithubException as error:
                raise _unmerged(number, error) from error
            return a_text(done.sha)

    def open_request(self, branch: str, target: str, title: str, body: str) -> Request:
        """See `Forge`."""
        with _asking(f"open a pull request for {branch}"):
            try:
                made = self._repository.create_pull(target, branch, title=title, body=body)
            except GithubException as error:
                if error.status != 422:
                    raise
                whose = f"{self._owner}:{branch}"
                same = self._repository.get_pulls(state="open", base=target, head=whose)
                if (first := next(iter(same), None)) is None:
                    raise
                made = first
            return self._told(made)

    def protections(self) -> tuple[Protection, ...]:
        """See `Forge`."""
        with _asking("read the settings of the repository"):
            return protections(self._repository)

    def _told(self, pull: PullRequest) -> Request:
        merged = pull.merged_at is not None
        author, head = a_text(pull.user.login), a_text(pull.head.sha)
        return Request(
            number=pull.number,
            author=author,
            base=a_text(pull.base.ref),
            head=head,
            state=State.MERGED if merged else State(a_text(pull.state)),
            merged_as=a_text(pull.merge_commit_sha) if merged else None,
            title=a_text(pull.title),
            url=a_text(pull.html_url),
            reviewers=tuple(sorted(_approving(pull, head) - {author})),
        )

    def _account(self) -> str:
        if self._own is None:
            try:
                self._own = a_text(self._client.get_user().login)
            except GithubException as error:
                if error.status != 403:
                    raise
                self._own = _BOT
        return self._own

    def _merge_method(self) -> str:
        if self._repository.allow_merge_commit is not False:
            return "merge"
        return "squash" if self._repository.allow_squash_merge else "rebase"

    def _trusted(self, artifact: Artifact) -> bool:
        """Whether a run of the default branch's workflow made it (fact 2)."""
        run = self._repository.get_workflow_run(artifact.workflow_run.id)
        if run.event not in _EVENTS or run.path.split("@")[0] != PLAN_WORKFLOW:
            return False
        # Who may write can start any branch's workflow by hand, and on older servers a run took
        # the target branch's, whichever that was: so the text of what ran must be the default's.
        default = self._repository.default_branch
        return self._workflow_at(a_text(run.head_sha)) == self._workflow_at(default)

    def _workflow_at(self, ref: str) -> str:
        found = self._repository.get_contents(PLAN_WORKFLOW, ref=ref)
        return "" if isinstance(found, list) else a_text(found.sha)

    def _download(self, artifact: Artifact) -> bytes | None:
        """The archive, from the address to which GitHub sends us; the token stays here."""
        url = a_text(artifact.archive_download_url)
        status, headers, said = self._repository.requester.requestJson("GET", url)
        location = str(headers.get("location", ""))
        if status != 302 or not location.startswith(_STORES):
            raise GithubException(status, None, headers, said[:200])
        with requests.get(location, stream=True, timeout=TIMEOUT, allow_redirects=False) as answer:
            if answer.status_code != 200:
                raise GithubException(answer.status_code)
            return gathered(answer.iter_content(_CHUNK), LARGEST_ARCHIVE)


def _approving(pull: PullRequest, head: str) -> set[str]:
    """Whose last word on exactly this head is an approval (fact 1)."""
    last: dict[str, bool] = {}
    for review in pull.get_reviews():
        if review.user is not None and review.state in (
            "APPROVED",
            "CHANGES_REQUESTED",
            "DISMISSED",
        ):
            last[review.user.login] = review.state == "APPROVED" and review.commit_id == head
    return {account for account, approves in last.items() if approves}


def _merged_at(pull: PullRequest) -> datetime:
    assert pull.merged_at is not None
    return pull.merged_at


def _unmerged(number: int, error: GithubException) -> Exception:
    """409: the head has changed; 405: it cannot be merged now; 422: not with this commit."""
    if error.status == 409:
        return ForgeRefused(
            f"Somebody pushed to pull request {number} after it was looked at; it is not merged.",
            "The pipeline of the new commit decides anew.",
        )
    if error.status in (405, 422):
        return ForgeRefused(
            f"GitHub cannot merge pull request {number} now.",
            "Look there: a conflict, a missing check, or a rule of the branch stands in its way.",
        )
    return error


@contextmanager
def _asking(doing: str) -> Iterator[None]:
    """Turns every failure into one of ours; nothing of a request's headers gets into it."""
    try:
        yield
    except GithubException as error:
        raise _failure(doing, error) from None
    except requests.RequestException:
        raise unreachable("GitHub", doing) from None
    except ODD:
        raise undocumented("GitHub", doing) from None


def _failure(doing: str, error: GithubException) -> ForgeError:
    if error.status < 400:
        return undocumented("GitHub", doing)
    return failure("GitHub", doing, error.status, _said(error), _TOKEN)


def _said(error: GithubException) -> str:
    """GitHub's message and those of the fields that it refuses."""
    if not isinstance(error.data, dict):
        return ""
    fields: Iterable[object] = error.data.get("errors") or ()
    told = (error.data, *(field for field in fields if isinstance(field, dict)))
    words = (each.get("message") for each in told)
    return " ".join(word for word in words if isinstance(word, str))
