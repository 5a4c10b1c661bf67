"""A repository to practise in: a copy of some files with a history of its own."""

from pathlib import Path

from appstore.source.command import ask, output
from appstore.source.tree import Tree

_AUTHOR = ("-c", "user.name=appstore demo", "-c", "user.email=demo@example.org")


def commit_files(tree: Tree, folder: Path, message: str) -> None:
    """Let the next commit of the repository in `folder` hold exactly the files of `tree`.

    The repository is made where there is none. Its history only grows, so that the commits that
    live stacks name stay ancestors. The same files again make no commit.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / ".git").exists():
        output(folder, "init", "--quiet", "--initial-branch=main")
    known = output(folder, "ls-files", "-z").decode().split("\0")
    for path in filter(None, known):
        if path not in tree.files:
            (folder / path).unlink(missing_ok=True)
    for path, content in tree.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    commit_all(folder, message)


def commit_all(folder: Path, message: str) -> None:
    """Commit everything that lies in the work tree, if anything changed."""
    output(folder, "add", "--all")
    if ask(folder, "diff", "--cached", "--quiet").status:
        output(folder, *_AUTHOR, "commit", "--quiet", "-m", message)
