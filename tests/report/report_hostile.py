"""Texts that would do something in a note if they were put there as they are."""

from hypothesis import strategies as st

HOSTILE = (
    "/merge",
    "x\n/merge\n/assign @root",
    "```\n/approve\n```",
    "````\n</details>\n\n/close",
    "@ada @group/subgroup @all",
    "ada@example.org",
    "fixes #1, closes !2 and GH-3, group/project#4, &5, %6, $7, ^alert#8",
    '~bug ~"two words" %"next term"',
    "JIRA-12 da39a3ee5e6b4b0d3255bfef95601890afd80709 da39a3e",
    "[vulnerability:1] [[wiki]] [^1] [text](https://evil.example) [a][b]",
    "![beacon](https://evil.example/x.png)",
    "https://evil.example www.evil.example mailto:a@b.c ftp://x.y <https://evil.example>",
    "slack://open evil://x",
    "<script>alert(1)</script><img src=x onerror=y>",
    "<!-- appstore:note -->",
    "--> <!-- x",
    "</details><details open>",
    "| a | b |\n|---|---|",
    "# heading",
    "- item",
    "1. item",
    "1) item",
    "> quote",
    "> [!WARNING]\n> x",
    "***",
    "---",
    "===",
    "**bold** _em_ ~~gone~~ __x__",
    "$`x`$ $$y$$ $z$",
    "`$`x`$`",
    ":tada: :+1:",
    "&copy; &#64;ada &lt;b&gt;",
    "\\@ada \\`x\\`",
    "`a``b` ``` `",
    "`/merge`",
    "a`",
    "\u202egnp.exe \u2066x\u2069 zero\u200bwidth \ufeff",
    "::error file=x::y",
    "##[add-mask]x",
    "\x1b[31mred\x07\x00\r",
    "{+ added +} [- gone -] %{project_name}",
    "{{TOC}} [[_TOC_]] [TOC]",
    "+ ~~~\n~~~ x",
    "\ud800",
    "   ",
    "",
)

_PIECES = st.sampled_from(
    [*HOSTILE, "`", "``", "```", "$", "*", "**", "_", "\n", "\n\n", "/", "@", "#", "<", ">", "[",
     "](", ")", "!", "|", "\\", "&", ":", "-", "1.", " ", "    ", "x", "ada"]
)  # fmt: skip


def hostile_text() -> st.SearchStrategy[str]:
    """Any text, and joined pieces of Markdown."""
    return st.one_of(st.text(max_size=40), st.lists(_PIECES, max_size=6).map("".join))
