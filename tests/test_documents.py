"""README and docs/: links that lead somewhere, and everything that a user can name stands there."""

import re
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import click
import pytest
from flask.testing import FlaskClient

from app.commands import COMMANDS, main
from app.config import PROJECT_ROOT, SETTINGS
from app.problems import CODES, WIRE_CODES
from app.providers import PROVIDERS

README = PROJECT_ROOT / "README.md"
PAGES = [README, PROJECT_ROOT / "CHANGELOG.md", *sorted((PROJECT_ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def text_of(page: Path) -> str:
    """Give a page without its blocks of code."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def doc(name: str) -> str:
    return text_of(PROJECT_ROOT / "docs" / name)


def section(text: str, heading: str) -> str:
    """Give what stands under a heading, to the next one of any level."""
    return re.split(r"^#+ ", text.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Give the file and the anchor that each link of a page to our own files leads to."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if "://" not in target:
            path, _, anchor = target.partition("#")
            yield (page.parent / path if path else page).resolve(), anchor


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# --- the pages themselves


def test_readme_has_at_most_150_lines() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 150


def test_readme_leads_to_every_page() -> None:
    assert set(PAGES) - {README} <= {path for path, _ in links(README)}


@each_page
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert [path for path, _ in links(page) if not path.exists()] == []


@each_page
def test_every_anchor_is_a_heading(page: Path) -> None:
    told = [(path, anchor) for path, anchor in links(page) if anchor]
    assert [target for target in told if target[1] not in anchors(target[0])] == []


@each_page
def test_lines_of_prose_are_short(page: Path) -> None:
    lines = [line for line in text_of(page).splitlines() if not line.startswith("|")]
    assert [line for line in lines if len(line) > 100] == []


# --- commands


def commands(group: click.Group = main, *before: str) -> Iterator[tuple[str, click.Command]]:
    """Give every command that can be run, by what is typed for it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
        else:
            yield " ".join([*before, name]), command


def options(command: click.Command) -> set[str]:
    """Give the long names of a command's options, but for --help."""
    found = [option for option in command.params if isinstance(option, click.Option)]
    return {name for option in found for name in option.opts if name.startswith("--")}


@pytest.mark.parametrize(("name", "command"), [pytest.param(*c, id=c[0]) for c in commands()])
def test_every_command_is_told_with_its_options(name: str, command: click.Command) -> None:
    table = section(doc("operating.md"), "Commands")
    rows = re.findall(rf"^\| `{name}\b.*$", table, re.MULTILINE)
    assert len(rows) == 1
    assert set(re.findall(r"`(--[a-z-]+)", rows[0])) == options(command)


def test_options_of_all_commands_are_told() -> None:
    told = section(doc("operating.md"), "Commands").split("|")[0]
    assert {"`--help`", "`-h`", "`clinic-calls --version`"} <= set(re.findall(r"`[^`]+`", told))


@each_page
def test_no_command_is_told_that_is_not_there(page: Path) -> None:
    told = re.findall(r"[`/ ]clinic-calls ([a-z]+)", page.read_text(encoding="utf-8"))
    assert set(told) <= set(COMMANDS)


# --- settings


def test_every_setting_is_told_with_its_default() -> None:
    table = section(doc("operating.md"), "Settings")
    defaults = {
        setting.name: f"`{setting.default}`" if setting.default else "none" for setting in SETTINGS
    }
    assert dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.MULTILINE)) == defaults


def test_every_secret_that_a_command_reads_is_told() -> None:
    modules = (PROJECT_ROOT / "app").rglob("*.py")
    texts = [module.read_text(encoding="utf-8") for module in modules]
    read = {name for text in texts for name in re.findall(r'read_secret\("(\w+)"', text)}
    told = section(doc("operating.md"), "Settings")
    assert {name for name in read if f"`{name}`" not in told} == set()


def test_secrets_in_files_are_told() -> None:
    assert "`X_FILE`" in section(doc("operating.md"), "Settings")


# --- the API


@pytest.mark.parametrize("path", ["/v1/calls", "/v1/calls/stats", "/v1/patients", "/v1/tags"])
def test_every_parameter_is_told(anonymous: FlaskClient, path: str) -> None:
    description = anonymous.get("/openapi.json").get_json()["paths"][path]["get"]
    names = {each["name"] for each in description["parameters"] if each["in"] == "query"}
    table = doc("api.md").split(f"| parameter of `GET {path}` |")[1].split("\n\n")[0]
    first_cells = "".join(re.findall(r"^\|(.*?)\|", table, re.MULTILINE))
    assert set(re.findall(r"`(.+?)`", first_cells)) - {"tags"} == names


def test_every_error_code_is_told_with_its_status() -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", section(doc("api.md"), "Errors"), re.MULTILINE)
    problems = {(str(status), WIRE_CODES[name]) for name, (status, *_) in CODES.items()}
    assert {code for _, code in rows} == {code for _, code in problems}
    assert problems <= set(rows)


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_has_a_section(name: str) -> None:
    page = doc("providers.md")
    headings = {heading.lower(): heading for heading in re.findall(r"^## (\w+)$", page, re.M)}
    told = section(page, headings[name])
    assert f"/v1/ingest/{name}`" in told
    assert f"`{PROVIDERS[name].SECRET}`" in told
    assert f"`clinic-calls simulate {name}`" in told


# --- the code


def test_every_dependency_is_told_with_its_use() -> None:
    setup = ConfigParser()
    setup.read(PROJECT_ROOT / "setup.cfg")
    needed = re.findall(r"^[\w-]+", setup["options"]["install_requires"], re.MULTILINE)
    table = section(doc("developing.md"), "Dependencies")
    rows = re.findall(r"^\| ([\w, -]+) \|", table, re.MULTILINE)
    assert {name for row in rows[1:] for name in row.split(", ")} == set(needed)


@pytest.mark.parametrize(("folder", "column"), [("app", 1), ("tests", 2)])
def test_the_map_of_the_house_names_what_is_there(folder: str, column: int) -> None:
    table = section(doc("developing.md"), "Where to look").split("|---|---|---|\n")[1]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ")]
    named = {path for row in rows for path in re.findall(r"`([\w/]+[./][\w.]*)`", row[column])}
    roots = (PROJECT_ROOT / folder, PROJECT_ROOT)
    assert len(named) > 30
    assert [path for path in named if not any((root / path).exists() for root in roots)] == []
