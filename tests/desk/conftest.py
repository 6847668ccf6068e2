"""What tests of the front desk share: two people, and calls that wait."""

from collections.abc import Iterator
from itertools import count

import pytest
from flask import Flask

from app.models.engine import database
from app.services.history import Actor, acting
from tests.conftest import MakeCall
from tests.support.desk import ANA, add_person

NOON = 1_700_000_000_000


@pytest.fixture
def me(app: Flask) -> Iterator[Actor]:
    """Ana acts, in session 1; Ben and Eve have sessions too, and Eve has ended."""
    with database.write():
        add_person("Ana")
        add_person("Ben")
        add_person("Eve", ended_at=NOON)
    with acting(ANA):
        yield ANA


@pytest.fixture
def call(me: Actor, make_call: MakeCall) -> str:
    """Give the id of an open call."""
    return make_call(customer_number="+12125550123", started_at=NOON, created_at=NOON)


@pytest.fixture
def three(me: Actor, make_call: MakeCall) -> list[str]:
    """Give the ids of three open calls of one number, oldest first."""
    hours = count()
    return [
        make_call(customer_number="+12125550199", started_at=NOON + 3_600_000 * next(hours))
        for _ in range(3)
    ]
