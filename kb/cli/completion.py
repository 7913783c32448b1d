"""`kb completion`: what a shell offers at the Tab key - commands, flags, ids and names, files."""

from __future__ import annotations

from collections.abc import Callable

import click
from click.shell_completion import CompletionItem, get_completion_class

from kb.lang.problems import Problems
from kb.model.layers import layered

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
SHELLS = ("bash", "zsh", "fish")
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


def terms(kind: str) -> Complete:
    """Completes the ids of a kind, or its names in the language that is being typed."""

    def complete(
        context: click.Context, parameter: click.Parameter, typed: str
    ) -> list[CompletionItem]:
        # Imported here: `kb --help` has no use for facts.
        from kb.base.loading import load_facts

        try:
            asked = layered(context.params.get("facts"), context.params.get("only_facts"))
            names = load_facts(asked).names
        except Problems:  # a shell has no place for it; the command itself will tell
            return []
        found = []
        for term in names.of(kind):
            if term.id.startswith(typed):
                found.append(CompletionItem(term.id, help=f"{term.zh} · {term.en}"))
            elif typed:
                called = (term.zh, *term.aliases, *term.former)
                named = next((name for name in called if name.startswith(typed)), None)
                if named is not None:
                    found.append(CompletionItem(named, help=term.id))
        return found

    return complete


def files(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Completes the names of files."""
    return [CompletionItem(typed, type="file")]


def folders(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Completes the names of folders."""
    return [CompletionItem(typed, type="dir")]
