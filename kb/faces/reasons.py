"""Commands that ask for reasons and ways out: why, why-not, interview, bundles, what-if."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from kb.faces.options import app_of, base_of, echo_json, problem, shared, written

if TYPE_CHECKING:
    from kb.answers.interview import Interview
    from kb.answers.questions import Question


@click.command()
@click.argument("app")
@click.argument("fact")
@click.option(
    "--length",
    type=click.Choice(["short", "medium", "long"]),
    default="long",
    show_default=True,
    help="How far down the text goes.",
)
@click.option("--check", is_flag=True, help="Replay the proof step by step; exit 1 if it fails.")
@click.option("--include-drafts", is_flag=True, help="Let drafts count as if in force.")
@shared("text", "json", "html")
def why(
    app: str,
    fact: str,
    length: str,
    check: bool,
    include_drafts: bool,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> None:
    """Prove FACT of APP: a fact like "required(A, '教育-驾校平台')", a category, or `verdict`."""
    base = base_of(facts, as_of)
    found = base.why(fact, app_of(base, app), include_drafts=include_drafts, lang=lang)
    if found is None:
        raise problem("no-fact", f"`{fact}` does not hold", "`kb why-not` tells what it would take")
    if form == "json":
        echo_json(found.to_dict())
    else:
        click.echo(found.html() if form == "html" else found.text(length))
    if check:
        for fault in found.wrong:
            click.echo(f"the proof does not hold: {fault}", err=True)
        if found.wrong:
            sys.exit(1)
        click.echo(f"replayed: every step holds, height {found.proof.height}", err=True)


@click.command("why-not")
@click.argument("app")
@click.argument("fact")
@click.option("--include-drafts", is_flag=True, help="Let drafts count as if in force.")
@shared("text", "json")
def why_not(
    app: str,
    fact: str,
    include_drafts: bool,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> None:
    """What would make FACT hold: documents, conditions, services; the easiest way first."""
    base = base_of(facts, as_of)
    found = base.why_not(fact, app_of(base, app), include_drafts=include_drafts, lang=lang)
    if found is None:
        raise problem("fact-holds", f"`{fact}` holds", "`kb why` proves it")
    if form == "json":
        echo_json(found.to_dict())
    else:
        click.echo(found.text())


@click.command()
@click.argument("app", required=False)
@click.option("-o", "--output", metavar="FILE", help="Write the profile here (YAML).")
@click.option("--session", metavar="FILE", help="Save after each answer, and go on from here.")
@shared("text", "json")
def interview(
    app: str | None,
    output: str | None,
    session: str | None,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> NoReturn:
    """Ask one question at a time, the one that settles most, and make a profile of the answers.

    Answers: an id or a label; several with commas; `?` for not known, `<` to go back, `q` to stop.
    """
    from kb.answers.interview import Interview
    from kb.model.days import date

    base = base_of(facts, as_of)
    if session and Path(session).exists():
        talk = Interview.resume(base, session)
    else:
        talk = base.interview(app_of(base, app) if app else None, lang=lang)
    _talk(talk, session)
    answer = base.ask(talk.app, date(talk.as_of), lang=lang)
    if output:
        written(output, profile_text(talk.profile))
        click.echo(f"profile written to {output}", err=True)
    if form == "json":
        echo_json({"profile": talk.profile, "answer": answer.to_dict()})
    else:
        click.echo(str(answer))
    sys.exit(answer.exit_code)


def _talk(talk: Interview, session: str | None) -> None:
    """Questions go to standard error, so that what is piped is the answer."""
    from kb.lang.problems import Problems

    while (question := talk.question) is not None:
        click.echo(f"\n[{len(talk.said) + 1}] {question.text}", err=True)
        for number, (id, label) in enumerate(question.options[:40], 1):
            click.echo(f"   {number:>2}. {label}  ({id})", err=True)
        click.echo("> ", err=True, nl=False)
        line = sys.stdin.readline()
        if not line or line.strip() == "q":
            break
        try:
            if line.strip() == "<":
                talk.back()
            else:
                talk.answer(reply(question, line.strip()))
        except Problems as found:
            click.echo(str(found), err=True)
        if session:
            talk.save(session)


def reply(question: Question, line: str) -> Any:
    """What a line typed at a question means."""
    if line in ("?", "？", ""):
        return None
    parts = [part.strip() for part in line.replace("，", ",").split(",") if part.strip()]
    ids = [id for id, _ in question.options]
    named = [
        ids[int(part) - 1] if part.isdigit() and ids and 0 < int(part) <= len(ids) else part
        for part in parts
    ]
    several = question.kind == "services" or question.type == "choices"
    return named if several else named[0] if named else None


def profile_text(profile: dict[str, Any]) -> str:
    """A profile as YAML that `kb ask` reads."""
    from kb.model.yamlread import as_text

    return as_text(profile)


@click.command()
@click.argument("app")
@click.option(
    "--by",
    type=click.Choice(["fewest", "cheapest", "fastest"]),
    default="fewest",
    show_default=True,
)
@click.option("--cost", multiple=True, metavar="DOCUMENT=CENTS", help="Cost of one copy.")
@click.option("--days", multiple=True, metavar="DOCUMENT=DAYS", help="Time to obtain it.")
@click.option("--all", "every", is_flag=True, help="List all sets that nothing can be left out of.")
@shared("text", "json")
def bundles(
    app: str,
    by: str,
    cost: tuple[str, ...],
    days: tuple[str, ...],
    every: bool,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> None:
    """The fewest, cheapest or fastest documents over all categories that APP needs."""
    from kb.answers.text import bundles_text

    base = base_of(facts, as_of)
    found = base.bundles(
        app_of(base, app), by=by, cost=_numbers(cost), days=_numbers(days), every=every, lang=lang
    )
    if form == "json":
        echo_json(found)
    else:
        click.echo(bundles_text(found, lang))


def _numbers(pairs: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not value.strip().isdigit():
            raise problem(
                "parameters", f"`{pair}` is not DOCUMENT=NUMBER", "write it like `营业执照=5000`"
            )
        found[name.strip()] = int(value)
    return found


@click.command("what-if")
@click.argument("app")
@click.option("--without", multiple=True, metavar="SERVICE", help="Without this service.")
@click.option("--with", "adding", multiple=True, metavar="SERVICE", help="With this one too.")
@click.option("--applicant", metavar="KIND", help="For another kind of applicant.")
@click.option("--region", "regions", multiple=True, metavar="PLACE", help="For these places.")
@click.option("--then", metavar="DATE", help="On another day.")
@shared("text", "json")
def what_if(
    app: str,
    without: tuple[str, ...],
    adding: tuple[str, ...],
    applicant: str | None,
    regions: tuple[str, ...],
    then: str | None,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> None:
    """Today's answer for APP beside the one with something changed."""
    base = base_of(facts, as_of)
    found = base.what_if(
        app_of(base, app),
        without=without,
        adding=adding,
        applicant=applicant,
        regions=regions or None,
        then_as_of=then,
        lang=lang,
    )
    if form == "json":
        echo_json(found.to_dict())
    else:
        click.echo(str(found))


@click.command()
@click.argument("app")
@click.option("--start", metavar="DATE", help="Give each step its dates, counted from this day.")
@click.option("-o", "--output", metavar="FILE", help="Draw the plan as a timeline (svg).")
@shared("text", "json")
def plan(
    app: str,
    start: str | None,
    output: str | None,
    facts: str | None,
    lang: str,
    as_of: str | None,
    form: str,
) -> None:
    """How APP is filed: steps, items, checks, time, who acts and what comes before."""
    from kb.answers.plan_text import plan_text

    base = base_of(facts, as_of)
    found = base.plan(app_of(base, app), start=start, lang=lang)
    if found is None:
        raise problem(
            "no-plan",
            "no filing procedure is known to apply to this app",
            "say where it serves (`regions: [CN-GD]`), or ask about a later day (`--as-of`)",
        )
    if output is not None:
        from kb.graph.timeline import timeline

        if not output.endswith(".svg"):
            raise problem("output", f"`{output}` is no svg file", "name it `plan.svg`")
        written(output, timeline(found, lang))
    if form == "json":
        echo_json(found.to_dict())
    elif output is None:
        click.echo(plan_text(found.to_dict(), lang))


COMMANDS = (plan, why, why_not, interview, bundles, what_if)
