"""clinic-calls people: who may sign in to the pages."""

import sys
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import click

from app.commands.context import echo_table, with_app, with_app_to_fill
from app.instants import format_instant
from app.models.people import Person, all_people
from app.problems import Problem
from app.services.people import (
    ROLES,
    add_person,
    check_name,
    end_person,
    find_person,
    set_password,
    set_role,
)

ROLE = click.Choice(ROLES)


def told(function: Callable[..., Any], in_app: Callable[..., Any] = with_app) -> Callable[..., Any]:
    """Run a command inside the application, and say in one line what it cannot do."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Problem as problem:
            raise click.ClickException(problem.words) from None

    return in_app(run)


@click.group(name="people")
def command() -> None:
    """Add people, list them, change and end them.

    Roles: desk (reads everything, decides calls, keeps patients), manager (also CSV, people, keys).
    """


@command.command()
@click.argument("name")
@click.option("--role", type=ROLE, required=True, help="What they may do.")
@partial(told, in_app=with_app_to_fill)
def add(name: str, role: str) -> None:
    """Add NAME; the password is asked for twice, or is one line of standard input."""
    check_name(name)
    person = add_person(name, role, _ask_password())
    click.echo(f"{person.name} can sign in.", err=True)


@command.command(name="list")
@with_app
def list_people() -> None:
    """List the people, those who were ended too."""
    people = all_people()
    if not people:
        click.echo("Nobody yet; add one with: clinic-calls people add NAME --role manager")
        return
    rows = [("NAME", "ROLE", "STATE", "ADDED")]
    for person in people:
        added = format_instant(person.created_at // 1000 * 1000)
        rows.append((person.name, person.role, person.state, added))
    echo_table(rows)


@command.command()
@click.argument("name")
@told
def password(name: str) -> None:
    """Give NAME a new password, which signs them out everywhere."""
    person = _find(name)
    set_password(person, _ask_password())
    click.echo(f"{person.name} has a new password.", err=True)


@command.command()
@click.argument("name")
@click.argument("role", type=ROLE)
@told
def role(name: str, role: str) -> None:
    """Give NAME another ROLE, from the next request on."""
    person = _find(name)
    set_role(person, role)
    click.echo(f"{person.name} is {role} now.", err=True)


@command.command()
@click.argument("name")
@told
def end(name: str) -> None:
    """Sign NAME out for good, and release the calls they have taken."""
    person = _find(name)
    end_person(person)
    click.echo(f"{person.name} can no longer sign in.", err=True)


def _find(name: str) -> Person:
    person = find_person(name)
    if person is None:
        raise click.ClickException(
            f"There is no {name} who can sign in; see: clinic-calls people list"
        )
    return person


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return answer
