"""Searches that take long: they end, and meanwhile pages and webhooks are answered as ever."""

import itertools
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import orjson
import pytest

from app.demo import make_clinic
from tests.support import process
from tests.support.served import Answer, Served
from tests.support.server import running
from tests.support.webhooks import signed

IMPORT_S = 3000
CALLS_A_DAY = 274
CALLS_A_PATIENT = 33
LIMIT_S = 3.0
# For the way there and back, on a machine that has more to do.
SLACK_S = 1.0
SOON_S = 0.3
ONE_LETTER = "b c d f g l m n p r s t a i y u"
TWO_LETTERS = "th an in re to ca st ne pa se ho fo wa on co de"
THREE_DIGITS = "000 111 222 333 444 555 666 777 888 999 012 123 234 345 456 567"
PHRASE = f'"{" ".join(["the a to for"] * 30)}"'
WORST = (
    ONE_LETTER,
    " ".join(["s"] * 16),
    TWO_LETTERS,
    THREE_DIGITS,
    " ".join(["555"] * 16),
    PHRASE,
    '"the" "a" "to" "for" "in" "and" "of" "on" "is" "with" "her" "his"',
    " ".join(["a-b-c-d-e-f-g-h"] * 16),
)
MODES = ("any", "all", "exclude_any", "exclude_all")

# The status of an answer, and how long it took.
Timed = tuple[int, float]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(100_000, marks=pytest.mark.slow),
        pytest.param(1_000_000, marks=[pytest.mark.long, pytest.mark.timeout(IMPORT_S)]),
    ],
)
def busy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Serve a clinic of so many calls, ten years old where they are a million."""
    served = Served(tmp_path_factory.mktemp("busy"), RETELL_API_KEY="retell-secret")
    fill(served.database, request.param)
    with running(served):
        yield served


def fill(database: Path, calls: int) -> None:
    """Import a clinic of so many calls."""
    clinic = make_clinic(
        calls=calls,
        patients=calls // CALLS_A_PATIENT,
        days=calls // CALLS_A_DAY,
        today=date(2025, 7, 1),
        timezone=ZoneInfo("America/New_York"),
        transcripts=False,
    )
    resources = {"tags": clinic.tags, "patients": clinic.patients, "calls": clinic.calls()}
    for name, rows in resources.items():
        file = database.with_name(f"{name}.ndjson")
        with file.open("wb") as lines:
            lines.writelines(orjson.dumps(row) + b"\n" for row in rows)
        importing = process.start(database, "import", name, str(file))
        importing.communicate(timeout=IMPORT_S)
        assert importing.returncode == 0


def timed(ask: Callable[[], Answer]) -> Timed:
    began = time.monotonic()
    return ask().status, time.monotonic() - began


def get(served: Served, path: str) -> Timed:
    return timed(lambda: served.ask("GET", path))


def search(served: Served, q: str, *params: tuple[str, str], of: str = "calls") -> Timed:
    return get(served, f"/v1/{of}?{urlencode([('q', q), *params])}")


def head(served: Served, path: str, more: str = "") -> bytes:
    """Give a GET as it is sent."""
    return f"GET {path} HTTP/1.1\r\nHost: x\r\nX-API-Key: {served.key}\r\n{more}\r\n".encode()


def report(served: Served, number: int) -> Timed:
    """Send a webhook of a new call."""
    event = {"event": "call_ended", "call": {"call_id": f"load-{number}"}}
    body = orjson.dumps(event)
    headers = signed("retell", body) | {"Content-Type": "application/json"}
    path = "/v1/ingest/retell"
    return timed(lambda: served.ask("POST", path, headers, body.decode()))


def worst_of(seed: str) -> Iterator[str]:
    """Give searches that take long, no two of them alike."""
    rng = random.Random(seed)
    while True:
        yield " ".join(rng.sample(ONE_LETTER.split(), 8) + rng.sample(TWO_LETTERS.split(), 8))


def cpu_s(served: Served) -> float:
    """Give the seconds of a processor's time that the server has taken."""
    fields = Path(f"/proc/{served.pid}/stat").read_text().split()
    return (int(fields[13]) + int(fields[14])) / 100


def until_idle(served: Served) -> float:
    """Wait until the server works no more, and give the seconds until then."""
    began = last = time.monotonic()
    used = cpu_s(served)
    while time.monotonic() < last + 1.5:
        time.sleep(0.25)
        if cpu_s(served) > used + 0.05:
            last = time.monotonic()
        used = cpu_s(served)
    return last - began


def most(times: list[float]) -> float:
    """Give the time that nine of ten do not exceed."""
    return sorted(times)[len(times) * 9 // 10]


def test_no_query_takes_longer_than_it_may(busy: Served) -> None:
    tags = [("tags[]", tag["id"]) for tag in orjson.loads(busy.ask("GET", "/v1/tags").body)["data"]]
    tags += [("tags[]", f"none-{number}") for number in range(100 - len(tags))]
    asked: dict[str, Timed] = {}
    for of, q in itertools.product(("calls", "patients"), WORST):
        asked[f"{of} {q}"] = search(busy, q, of=of)
    for of, q, mode in itertools.product(("calls", "patients"), ("", ONE_LETTER), MODES):
        query = (("q", q),) if q else ()
        path = f"/v1/{of}?{urlencode((*query, *tags, ('tag_filter_mode', mode), ('page', '300')))}"
        asked[f"{of} {q} {mode}"] = get(busy, path)
    for sort, page in itertools.product(("started_at", "-started_at"), ("2", "2000", "2147483647")):
        bounds = (("sort", sort), ("page", page), ("started_gte", "2019-02-03T04:05:06Z"))
        asked[f"calls {bounds}"] = search(busy, "s t", *bounds)
    assert {status for status, _ in asked.values()} <= {200, 503}
    assert {name: took for name, (_, took) in asked.items() if took > LIMIT_S + SLACK_S} == {}


def test_searches_delay_neither_a_page_nor_a_webhook(busy: Served) -> None:
    ends_at = time.monotonic() + 10

    def search_on(seed: int) -> set[int]:
        searches = itertools.takewhile(lambda _: time.monotonic() < ends_at, worst_of(f"{seed}"))
        return {search(busy, q)[0] for q in searches}

    with ThreadPoolExecutor(16) as threads:
        searching = [threads.submit(search_on, seed) for seed in range(16)]
        pages: list[Timed] = []
        webhooks: list[Timed] = []
        while time.monotonic() < ends_at:
            pages.append(get(busy, "/v1/calls"))
            webhooks.append(report(busy, len(webhooks)))
            time.sleep(0.05)
    assert set.union(*(done.result() for done in searching)) <= {200, 503}
    assert {status for status, _ in (*pages, *webhooks)} == {200}
    assert max(most([took for _, took in kind]) for kind in (pages, webhooks)) < SOON_S


def test_nothing_is_searched_for_who_has_left(busy: Served) -> None:
    for q in itertools.islice(worst_of("left"), 200):
        with busy.connect() as connection:
            connection.sendall(head(busy, f"/v1/calls?{urlencode({'q': q})}"))
    assert until_idle(busy) < LIMIT_S + SLACK_S


def test_one_question_is_counted_once_for_all_its_pages(busy: Served) -> None:
    words = ONE_LETTER.split()
    before = cpu_s(busy)
    search(busy, " ".join(words[:9]))
    alone = cpu_s(busy) - before
    with ThreadPoolExecutor(8) as threads:
        reverse = " ".join(words[8::-1])
        pages = [threads.submit(search, busy, reverse, ("page", f"{n}")) for n in range(1, 9)]
    assert [page.result()[0] for page in pages] == [200] * 8
    assert cpu_s(busy) - before - alone < 2 * alone + 0.2


def test_a_list_that_begins_again_counts_once_for_the_rate(tmp_path: Path) -> None:
    with running(Served(tmp_path, RATE_LIMIT="3")) as served:
        statuses = [search(served, q)[0] for q in ("knee", "back", "hip", "arm")]
    assert statuses == [200, 200, 200, 429]


def test_lists_asked_for_in_one_go_are_answered_in_turn(served: Served) -> None:
    answers = served.send(
        head(served, "/v1/calls?q=one&limit=11"),
        head(served, "/v1/calls?q=two&limit=12", "Connection: close\r\n"),
    )
    assert answers.count(b"HTTP/1.1 200 OK") == 2
    assert answers.index(b'"limit":11') < answers.index(b'"limit":12')
