"""What whoever does not see well, hear well or hold a mouse finds on the pages."""

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.support.browser import sign_in, watched
from tests.support.tools import install_npm
from tests.web.conftest import Morning

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESK = 390, 1280
FIRST_ROW = ".row >> nth=0"


def press(name: str) -> Callable[[Page], None]:
    """Press a button of the first row."""
    return lambda page: page.locator(FIRST_ROW).get_by_role("button", name=name, exact=True).click()


def open_folds(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")


def save_nonsense(page: Page) -> None:
    page.get_by_label("Sessions booked").fill("many")
    page.get_by_role("button", name="Save").click()
    page.locator(".fault").wait_for()


def save_too_late(page: Page) -> None:
    """Save twice what was decided on one version."""
    version = page.locator("#decide [name=version]").get_attribute("value")
    for notes in ("First.", "Second."):
        page.get_by_label("Notes").fill(notes)
        page.evaluate(f"document.querySelector('#decide [name=version]').value = {version}")
        with page.expect_navigation():
            page.get_by_role("button", name="Save").click()
    page.locator(".conflict").wait_for()


def ask_for_the_password(page: Page) -> None:
    page.evaluate("showEnding('length')")


# Every page and state: its address, and what is done there.
STATES: list[tuple[str, Callable[[Page], None] | None]] = [
    ("/queue", None),
    ("/queue", press("Done")),
    ("/queue", press("No answer")),
    ("/queue", press("More")),
    ("/queue", lambda page: page.keyboard.press("?")),
    ("/queue", ask_for_the_password),
    ("/queue?view=flagged", None),
    ("/queue?view=later", None),
    ("/queue?view=done_today", None),
    ("/calls", None),
    ("/calls?category=billing&started_gte=2026-01-01", open_folds),
    ("/calls?q=zzzzz", None),
    ("/calls/new", None),
    ("a call", None),
    ("a call", save_nonsense),
    ("a call", save_too_late),
    ("/patients", None),
    ("/patients/new", None),
    ("a patient", None),
    ("/figures?group_by=week", open_folds),
    ("/people", None),
    ("/people/2", None),
    ("/keys", None),
    ("/me", None),
    ("/calls/nothing", None),
    ("/calls?limit=900", None),
]


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("axe")
    return install_npm(folder, "axe-core@4").parent / "axe-core" / "axe.min.js"


def faults(page: Page, axe: Path) -> list[str]:
    """Say what axe finds on a page."""
    page.add_script_tag(path=axe)
    found: dict[str, Any] = page.evaluate(f"axe.run({{ runOnly: {RULES} }})")
    return [
        f"{page.url}: {fault['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def address_of(page: Page, name: str) -> str:
    """Give the address of a page of the list, or of one call or patient."""
    if name.startswith("/"):
        return name
    page.goto("/queue" if name == "a call" else "/patients")
    found = page.locator(".row__name a, td.name a").first.get_attribute("href")
    assert found
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_axe_finds_nothing(
    browser: Browser, morning: Morning, axe: Path, width: int, scheme: Any
) -> None:
    found: list[str] = []
    # The policy of the pages would not let axe in.
    size: Any = {"width": width, "height": 800}
    options = {"bypass_csp": True, "color_scheme": scheme, "viewport": size}
    with watched(browser, morning.url, locale="en-US", **options) as page:
        page.goto("/sign-in")
        found += faults(page, axe)
        page.get_by_label("Name", exact=True).fill("Nobody")
        page.get_by_label("Password", exact=True).fill("not a password")
        page.get_by_role("button", name="Sign in").click()
        page.locator(".problem").wait_for()
        found += faults(page, axe)
        sign_in(page, "Julia Moreno", morning.password)
        for name, do in STATES:
            page.goto(address_of(page, name))
            if do:
                do(page)
            found += faults(page, axe)
    assert not found, "\n".join(found)


@pytest.fixture
def phone(browser: Browser, morning: Morning) -> Iterator[Page]:
    """A manager's telephone."""
    size: Any = {"width": PHONE, "height": 844}
    with watched(browser, morning.url, locale="en-US", viewport=size) as page:
        sign_in(page, "Julia Moreno", morning.password)
        yield page


# What can be pressed, but links within a text, whose line gives their height (WCAG 2.5.8); of a
# field with its label around it the label counts too.
TARGETS = """least => {
  const text = (node) => node.nodeType === 3 && /[^\\s·,.|]/.test(node.textContent);
  const small = [];
  for (const one of document.querySelectorAll("a, button, input, select, textarea, summary")) {
    const inText = one.matches("p a, dd a") && [...one.parentNode.childNodes].some(text);
    const label = one.matches("[type=checkbox]") ? one.closest("label") : null;
    const box = (label || one).getBoundingClientRect();
    if (inText || !one.checkVisibility() || one.closest(".unseen, .skip, .find")) continue;
    if (box.height < least - 0.5 || box.width < 23.5) {
      small.push(`${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`);
    }
  }
  return small;
}"""


# A window of 640 pixels at 200 % is one of 320.
@pytest.mark.parametrize(
    ("width", "least"), [(320, 44), (PHONE, 44), (700, 24), (1000, 24), (DESK, 24)]
)
def test_all_fits_and_can_be_hit(managers_page: Page, width: int, least: int) -> None:
    """Nothing scrolls sideways, and what can be pressed is large enough."""
    page = managers_page
    page.set_viewport_size({"width": width, "height": 844})
    found: list[str] = []
    for name, do in STATES:
        page.goto(address_of(page, name))
        if do:
            do(page)
        found += [f"{page.url}: {one}" for one in page.evaluate(TARGETS, least)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{page.url} is {wide} wide"] * (wide > width)
    assert not found, "\n".join(found)


@pytest.fixture
def many(page: Page, morning: Morning) -> Page:
    """Let sixty more calls wait."""
    for number in range(60):
        summary = f"Asks for visit {number} and whether the insurance covers what it costs her now."
        morning.ring("+12125550142", summary, f"call-{number}")
    page.goto("/queue")
    return page


def test_rows_are_high_enough_and_eight_of_them_are_seen(many: Page) -> None:
    page = many
    page.set_viewport_size({"width": DESK, "height": 768})
    boxes = [box for row in page.locator(".row").all() if (box := row.bounding_box())]
    assert len(boxes) == 50
    assert all(box["height"] >= 56 for box in boxes)
    assert sum(box["y"] + box["height"] <= 768 for box in boxes) >= 8
    whys = page.locator(".row__why > span").all()
    lines = [box for why in whys if (box := why.bounding_box())]
    assert all(box["height"] < 24 for box in lines)


def a_row(page: Page, number: int) -> Locator:
    call_id = page.locator(".row").nth(number).get_attribute("data-call-id")
    return page.locator(f'.row[data-call-id="{call_id}"]')


def test_after_an_action_the_focus_is_on_undo(many: Page) -> None:
    page = many
    for number, name in enumerate(("Done", "Flag", "Take", "Reached"), start=4):
        row = a_row(page, number)
        if name != "Done":
            row.get_by_role("button", name="More", exact=True).click()
        row.get_by_role("button", name=name, exact=True).click()
        expect(row.get_by_role("button", name="Undo")).to_be_focused()
    row = a_row(page, 0)
    row.get_by_role("button", name="No answer").click()
    row.get_by_role("button", name="In 2 hours").click()
    expect(row.get_by_role("button", name="Undo")).to_be_focused()


def test_buttons_of_a_row_say_whose_they_are(page: Page) -> None:
    row = a_row(page, 2)
    name = row.get_by_role("link").inner_text()
    row.get_by_role("button", name="More", exact=True).click()
    for button in row.get_by_role("button").all():
        expect(button).to_have_accessible_description(name)


def test_the_status_region_speaks_once_a_change(page: Page) -> None:
    page.evaluate(
        """() => {
          window.spoken = [];
          const region = document.getElementById("said");
          new MutationObserver(() => window.spoken.push(region.textContent.trim()))
            .observe(region, { childList: true, characterData: true, subtree: true });
        }"""
    )
    name = page.locator(".row__name a").nth(1).inner_text()
    a_row(page, 1).get_by_role("button", name="Done", exact=True).click()
    page.locator(".row").get_by_role("button", name="Undo").wait_for()
    # Longer than it takes to look for what is new.
    page.wait_for_timeout(5000)
    assert page.evaluate("window.spoken") == [f"Done: {name}"]


def test_a_page_that_comes_with_something_to_say_has_the_region_from_the_start(
    browser: Browser, morning: Morning
) -> None:
    with watched(browser, morning.url, java_script_enabled=False) as page:
        for address in ("/sign-in", "/sign-in?next=/calls"):
            page.goto(address)
            expect(page.locator("#said[role=status]")).to_have_count(1)


def test_texts_in_other_languages_say_so(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/calls?q=jueves")
    expect(page.locator("td.why [lang=es]").first).to_be_visible()
    page.locator("td.name a").first.click()
    expect(page.locator(".lede [lang=es]")).to_be_visible()
    if page.locator(".talk").count():
        expect(page.locator(".talk")).to_have_attribute("lang", "es")
        assert page.locator(".talk b:not([lang=en])").count() == 0


def test_flagged_is_a_word(page: Page) -> None:
    for row in page.locator(".row--flagged").all():
        expect(row).to_contain_text("Flagged")
    page.goto("/calls?status=follow_up_needed")
    for row in page.locator("tr.flag").all():
        expect(row).to_contain_text("Flagged")


def test_nothing_moves_by_itself(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    a_row(page, 1).get_by_role("button", name="Done", exact=True).click()
    page.locator(".row").get_by_role("button", name="Undo").wait_for()
    moving = """document.getAnimations().filter((one) => one.effect.getKeyframes()
      .some((frame) => "transform" in frame || "opacity" in frame)).length"""
    assert page.evaluate(moving) == 0
    still = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(still) == "auto"


def test_letters_do_nothing_in_fields_with_ctrl_or_once_they_are_off(page: Page) -> None:
    page.keyboard.press("j")
    for key in ("Control+d", "Alt+d", "Meta+d"):
        page.keyboard.press(key)
    page.get_by_label("Search all calls").press_sequentially("dftnm")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.goto("/me")
    page.get_by_label("Single keys do something").uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    page.goto("/queue")
    for key in "jd?":
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(page.locator("#keys")).to_be_hidden()


def test_a_phone_folds_filters_behind_one_button(phone: Page) -> None:
    phone.goto("/calls")
    expect(phone.get_by_label("Status")).to_be_hidden()
    phone.get_by_text("Filters", exact=True).click()
    phone.get_by_label("Status").select_option("done")
    expect(phone.locator(".chips")).to_contain_text("Done")
    phone.set_viewport_size({"width": DESK, "height": 800})
    phone.goto("/calls")
    expect(phone.get_by_label("Status")).to_be_visible()


def test_a_first_visit_is_light(many: Page, browser: Browser, morning: Morning) -> None:
    answers: list[Response] = []
    # A browser that has nothing of it yet.
    with watched(browser, morning.url, storage_state=many.context.storage_state()) as page:
        page.on("response", lambda answer: answers.append(answer))
        page.goto("/queue", wait_until="networkidle")
        assert page.locator(".row").count() == 50
        files = [one for one in answers if not re.search("/queue/news|/session", one.url)]
        assert {one.status for one in files} == {200}
        assert len(files) <= 5
        assert sum(len(gzip.compress(one.body(), 9)) for one in files) <= 60 * 1024
