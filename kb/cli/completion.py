"""`kb completion`: what a shell offers at the Tab key - commands, flags, ids and names, files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
)

from kb.lang.problems import Problems
from kb.model.layers import layered

if TYPE_CHECKING:
    from kb.model.facts import FactBase
    from kb.model.names import Term

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
SHELLS = ("bash", "zsh", "fish")
STATED_BY = {"duty": "duty", "prohibition": "forbids"}
"""Relations that say of a part of a text that it is a duty, or a prohibition."""
VARIABLE = "_KB_COMPLETE"
"""What a shell sets when it asks `kb` for completions, as click has it."""


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the completion for a SHELL, which reads it when it starts.

    \b
    bash:  kb completion bash > ~/.local/share/bash-completion/completions/kb
    zsh:   kb completion zsh > ~/.zfunc/_kb      (with ~/.zfunc in fpath before compinit)
    fish:  kb completion fish > ~/.config/fish/completions/kb.fish
    """
    made = get_completion_class(shell)
    assert made is not None
    root = click.get_current_context().find_root().command
    click.echo(made(root, {}, "kb", VARIABLE).source())


@add_completion_class
class Bash(BashComplete):
    """Bash puts what is offered into the line as it is: what it would read as more than text is
    quoted here, unless the word that is being typed begins with a quotation mark."""

    source_template = BashComplete.source_template.replace(
        "IFS=',' read type", "IFS=',' read -r type"
    ).replace("COMPREPLY+=($value)", 'COMPREPLY+=("$value")')

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is typed, and that one. Bash takes `--flag=value` for three
        words."""
        words, typed = super().get_completion_args()
        before = ["", *words]
        kept = [
            word
            for last, word in zip(before, words, strict=False)
            if word != "=" or not last.startswith("--")
        ]
        return kept, "" if typed == "=" else typed

    def format_completion(self, item: CompletionItem) -> str:
        """A thing that is offered, as the printed lines of bash read it."""
        words = os.environ.get("COMP_WORDS", "").split("\n")
        at = int(os.environ.get("COMP_CWORD", 0))
        quoted = words[at : at + 1] and words[at][:1] in ("'", '"')
        value = item.value if quoted else _OBEYED.sub(r"\\\g<0>", item.value)
        return f"{item.type},{value}"


_OBEYED = re.compile(r"""[\s()&;|<>$`"'\\*?\[\]{}!#~]""")
"""What bash obeys within a word."""


def terms(*kinds: str) -> Complete:
    """Completes the ids of some kinds, or their names in the language that is being typed."""

    def complete(
        context: click.Context, parameter: click.Parameter, typed: str
    ) -> list[CompletionItem]:
        facts = _facts(context)
        found: list[CompletionItem] = []
        every = (term for kind in kinds for term in _terms(facts, kind)) if facts else ()
        for term in every:
            if term.id.startswith(typed):
                found.append(CompletionItem(term.id, help=f"{term.zh} · {term.en}"))
            elif typed:
                called = (term.zh, *term.aliases, *term.former)
                named = next((name for name in called if name.startswith(typed)), None)
                if named is not None:
                    found.append(CompletionItem(named, help=term.id))
        return found

    return complete


def kinds(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Completes the kinds of terms."""
    facts = _facts(context)
    known = sorted(facts.names.kinds()) if facts else []
    return [CompletionItem(kind) for kind in known if kind.startswith(typed)]


def _terms(facts: FactBase, kind: str) -> Iterator[Term]:
    """What is called by a name of a kind; duties and prohibitions are parts of texts."""
    if kind not in STATED_BY:
        yield from facts.names.of(kind)
        return
    stated = {part for part, _ in facts.rows.facts.get(STATED_BY[kind], ())}
    yield from (term for term in facts.names.of("part") if term.id in stated)


def _facts(context: click.Context) -> FactBase | None:
    """The facts that a command line is about; none where they can not be read: a shell has no place
    for it, and the command itself will tell."""
    # Imported here: `kb --help` has no use for facts.
    from kb.base.loading import load_facts

    with suppress(Problems):
        asked = layered(context.params.get("facts"), context.params.get("only_facts"))
        return load_facts(asked)
    return None


def files(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Completes the names of files."""
    return [CompletionItem(typed, type="file")]


def folders(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Completes the names of folders."""
    return [CompletionItem(typed, type="dir")]
