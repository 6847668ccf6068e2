"""A morning at the desk, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import watched
from tests.web.conftest import Morning

pytestmark = pytest.mark.browser


def row_of(page: Page, call_id: str | None) -> Locator:
    return page.locator(f'.row[data-call-id="{call_id}"]')


def some_row(page: Page, number: int = 0) -> Locator:
    """Give a row that stays the same one whatever becomes of it."""
    return row_of(page, page.locator(".row").nth(number).get_attribute("data-call-id"))


def press(row: Locator, name: str) -> None:
    row.get_by_role("button", name=name, exact=True).click()


def count(page: Page, words: str) -> int:
    text = page.locator(".counts").get_by_role("link", name=re.compile(words)).inner_text()
    return int(re.sub(r"\D", "", text))


def test_done_stays_in_its_place_with_undo(page: Page) -> None:
    row, before = some_row(page, 1), count(page, "waiting")
    press(row, "Done")
    expect(row.get_by_role("button", name="Undo")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Done: ")
    assert page.locator(".row").nth(1).get_attribute("data-call-id") == row.get_attribute(
        "data-call-id"
    )
    page.reload()
    assert (count(page, "waiting"), count(page, "done today")) == (before - 1, 1)


def test_undo_goes_back_step_by_step(page: Page) -> None:
    first, second = some_row(page, 0), some_row(page, 1)
    press(first, "Done")
    expect(first.get_by_role("button", name="Undo")).to_be_visible()
    press(second, "Done")
    expect(second.get_by_role("button", name="Undo")).to_be_visible()
    page.keyboard.press("u")
    expect(second.get_by_role("button", name="Done")).to_be_visible()
    page.keyboard.press("u")
    expect(first.get_by_role("button", name="Done")).to_be_visible()


def test_who_rings_again_is_back_at_once(page: Page, morning: Morning) -> None:
    row = page.locator(".row", has=page.locator(".row__number")).first
    number, call_id = row.locator(".row__number").inner_text(), row.get_attribute("data-call-id")
    press(row, "No answer")
    press(row_of(page, call_id), "Tomorrow morning")
    expect(page.locator("#said")).to_contain_text("To try again later")
    page.goto("/queue?view=later")
    expect(row_of(page, call_id)).to_be_visible()
    morning.ring(number, "Rings again about the same.")
    page.goto("/queue")
    expect(row_of(page, call_id)).to_contain_text("No answer")


def test_a_new_call_is_told_of_and_moves_nothing(page: Page, morning: Morning) -> None:
    places = page.locator(".row__name").first.bounding_box()
    morning.ring("+12125550199", "Wants to come on Monday.")
    expect(page.locator("#news")).to_contain_text("1 new call", timeout=6000)
    expect(page).to_have_title(re.compile(r"^\(1\) Queue"))
    assert page.locator(".row__name").first.bounding_box() == places
    page.get_by_role("link", name="Show them").click()
    expect(page.locator(".row", has_text="Wants to come on Monday.")).to_be_visible()


def test_what_a_colleague_changed_is_shown_and_not_overwritten(
    page: Page, managers_page: Page
) -> None:
    mine = some_row(page)
    call_id = mine.get_attribute("data-call-id")
    press(row_of(managers_page, call_id), "Done")
    expect(row_of(managers_page, call_id).get_by_role("button", name="Undo")).to_be_visible()
    press(mine, "No answer")
    press(mine, "In 2 hours")
    expect(row_of(page, call_id)).to_contain_text("Julia Moreno set it done")
    managers_page.reload()
    assert count(managers_page, "later") == 0


def test_taking_what_a_colleague_took_is_told(page: Page, managers_page: Page) -> None:
    mine = some_row(page)
    theirs = row_of(managers_page, mine.get_attribute("data-call-id"))
    press(theirs, "More")
    press(theirs, "Take")
    expect(theirs).to_contain_text("You have it")
    press(mine, "More")
    press(mine, "Take")
    expect(mine).to_contain_text("Julia Moreno took it")
    page.reload()
    expect(mine).to_contain_text("Julia Moreno has it")


def test_a_call_is_found_as_one_types_and_the_address_tells_nothing(page: Page) -> None:
    name = page.locator(".row__name a").first.inner_text()
    page.goto("/calls")
    page.get_by_label("Search").fill(name.split()[0])
    expect(page.locator("#results")).to_contain_text("“")
    expect(page.locator("td.name").first).to_contain_text(name.split()[0])
    assert name.split()[0] not in page.url


def test_filters_stand_in_the_address_and_are_taken_away(page: Page) -> None:
    page.goto("/calls")
    page.get_by_text("More filters").click()
    page.get_by_label("post-op").check()
    page.get_by_label("From").fill("2026-06-01")
    expect(page.locator(".chips")).to_contain_text("any of these: post-op")
    page.wait_for_url(re.compile("started_gte=2026-06-01"))
    page.reload()
    expect(page.get_by_label("From")).to_have_value("2026-06-01")
    page.locator(".chips").get_by_role("link", name=re.compile("post-op")).click()
    expect(page.locator(".chips")).not_to_contain_text("post-op")
    assert "tags" not in page.url


def test_a_patient_is_linked_to_a_call(page: Page, morning: Morning) -> None:
    morning.ring("+12125550100", "Somebody whom nobody knows.")
    page.reload()
    page.locator(".row", has_text="Somebody whom nobody knows.").get_by_role("link").first.click()
    page.get_by_role("link", name="Find a patient").click()
    page.locator("td.name a").first.click()
    page.get_by_role("button", name="This patient has called").click()
    expect(page.locator("#said")).to_contain_text("Saved who called")
    expect(page.locator(".history")).to_contain_text("You said who called")


def test_managers_take_away_what_is_filtered_as_csv(managers_page: Page) -> None:
    managers_page.goto("/calls?category=billing")
    total = int(managers_page.locator(".chips p").first.inner_text().split()[0])
    with managers_page.expect_download() as download:
        managers_page.get_by_role("link", name="CSV").click()
    lines = Path(download.value.path()).read_bytes().decode().split("\r\n")
    assert sum(",billing," in line for line in lines) == total
    assert download.value.suggested_filename.startswith("calls-")


def test_a_link_to_a_call_opens_after_signing_in(page: Page, morning: Morning) -> None:
    page.locator(".row__name a").first.click()
    address = page.url
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")
    page.goto(address)
    page.get_by_label("Name", exact=True).fill("kevin tran")
    page.get_by_label("Password", exact=True).fill(morning.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(address)


def test_what_is_typed_outlives_the_server(page: Page, morning: Morning) -> None:
    page.locator(".row__name a").first.click()
    page.get_by_label("Notes").fill("Rings back at noon.")
    morning.server.stop()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("No contact since")).to_be_visible()
    expect(page.get_by_label("Notes")).to_have_value("Rings back at noon.")
    morning.server.start()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#said")).to_contain_text("Saved")
    expect(page.get_by_label("Notes")).to_have_value("Rings back at noon.")


def test_the_whole_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("j")
    expect(page.locator(".row__name a").first).to_be_focused()
    page.keyboard.press("j")
    second = some_row(page, 1)
    expect(second.get_by_role("link")).to_be_focused()
    page.keyboard.press("f")
    expect(page.locator("#said")).to_contain_text(re.compile("Flagged|flagged"))
    page.keyboard.press("u")
    expect(page.locator("#said")).to_contain_text("Undone")
    page.keyboard.press("k")
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="In 2 hours")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("Search all calls")).to_be_focused()
    page.keyboard.type("d")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_keys_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("button", name="Switch keys off").click()
    page.wait_for_url("**/me*")
    page.goto("/queue")
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_without_javascript_all_goes_by_links_and_forms(browser: Browser, morning: Morning) -> None:
    with watched(browser, morning.url, java_script_enabled=False) as page:
        page.goto("/sign-in")
        page.get_by_label("Name", exact=True).fill("Leo Brandt")
        page.get_by_label("Password", exact=True).fill(morning.password)
        page.get_by_role("button", name="Sign in").click()
        before, row = count(page, "waiting"), some_row(page)
        press(row, "Done")
        expect(page.locator("#said")).to_contain_text("Done")
        assert count(page, "waiting") == before - 1
        page.locator("#said").get_by_role("button", name="Undo").click()
        assert count(page, "waiting") == before
        press(row, "No answer")
        page.get_by_role("button", name="Next Monday").click()
        assert count(page, "later") == 1
        press(some_row(page), "More")
        press(page.locator(".call"), "Take")
        expect(page.locator(".call")).to_contain_text("you have it")
        page.goto("/calls")
        page.get_by_label("Search").fill("appointment")
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".chips")).to_contain_text("appointment")
