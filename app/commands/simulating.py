"""Simulated webhooks: of believable calls, planned and sent to a server."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import requests

from app.demo import make_clinic
from app.providers import Provider
from app.providers.webhooks.making import Row, Webhook

TIMEOUTS_S = (5, 60)
# With --shuffle: how many webhooks come twice.
SHARE_OF_DUPLICATES = 0.3


@dataclass(slots=True)
class Answers:
    """How often the server gave each outcome, and each refusal: its status and code."""

    outcomes: Counter[str] = field(default_factory=Counter)
    refusals: Counter[tuple[int, str]] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.outcomes.total() + self.refusals.total()

    def add(self, response: requests.Response) -> None:
        try:
            content = response.json()
        except requests.JSONDecodeError:
            content = None
        if not isinstance(content, dict):
            content = {}
        if response.status_code == 200 and "outcome" in content:
            self.outcomes[content["outcome"]] += 1
        else:
            code = str(content.get("detail", {}).get("code", ""))
            self.refusals[response.status_code, code] += 1


def plan(
    provider: Provider, *, count: int, seed: int, shuffle: bool, today: date, timezone: ZoneInfo
) -> list[Webhook]:
    """Give the webhooks of `count` calls before today, each time the same for the same arguments.

    With `shuffle` some come twice, and all in any order. The provider's id of each call says that
    it is simulated.
    """
    days = min(90, 1 + count // 100)
    clinic = make_clinic(calls=count, days=days, seed=seed, today=today, timezone=timezone)
    planned = [webhook for row in clinic.calls() for webhook in provider.make(_simulated(row))]
    if shuffle:
        chance = random.Random(seed)  # noqa: S311
        planned += [webhook for webhook in planned if chance.random() < SHARE_OF_DUPLICATES]
        chance.shuffle(planned)
    return planned


def _simulated(row: Row) -> Row:
    return row | {"external_id": f"simulated-{row['external_id']}"}


def send(
    planned: list[Webhook],
    url: str,
    sign: Callable[[Webhook], dict[str, str]],
    rate: float,
    answers: Answers,
) -> Iterator[None]:
    """Send webhooks, at most `rate` a second, and yield after each answer."""
    began = time.monotonic()
    with requests.Session() as session:
        for number, webhook in enumerate(planned):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            response = session.post(
                webhook.address(url),
                webhook.body,
                headers={"Content-Type": webhook.content_type, **sign(webhook)},
                timeout=TIMEOUTS_S,
                allow_redirects=False,
            )
            answers.add(response)
            yield
