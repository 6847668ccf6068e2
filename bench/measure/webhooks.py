"""Reading while webhooks arrive: the first page with and without them, in turns."""

import hmac
import time
from statistics import median
from typing import Any

import orjson

from bench.bench import Bench
from bench.data import Clinic
from bench.databases import WEBHOOK_SECRET, copy_of, service, service_database
from bench.queries import PATH
from bench.servers import BenchFailed, Server, fetch, serving
from bench.turns import Generator, Target, request_text

INGEST_PATH = "/v1/ingest/retell"
PER_SECOND = 100
READERS = 8
# Providers do not wait for one webhook's answer before they send the next.
SENDERS = 4


def measure(bench: Bench) -> dict[str, Any]:
    """Give the first page's figures without and with webhooks, and how fast these came."""
    clinic = Clinic(bench.plan.middle_size)
    database = service_database(clinic)
    bench.say(f"{clinic.calls:,} calls: reading while webhooks arrive")
    quiet: list[dict[str, Any]] = []
    busy: list[dict[str, Any]] = []
    sent: list[dict[str, Any]] = []
    with copy_of(database) as copy, serving(service(copy)) as servers, Generator() as sender:
        (server,) = servers.values()
        total = _total(server)
        for number in range(bench.plan.webhook_rounds):
            quiet.append(_read(bench, server))
            _begin_webhooks(bench, sender, server, number)
            busy.append(_read(bench, server))
            sent.append(sender.end(200))
        _check_stored(_total(server) - total, sent)
    return {
        "calls": clinic.calls,
        "without": _medians(quiet),
        "with": _medians(busy),
        "webhooks": _medians(sent),
    }


def _read(bench: Bench, server: Server) -> dict[str, Any]:
    return bench.generator.load(Target(server, (PATH,)), bench.plan.webhook_turn_s, READERS, 1)


def _begin_webhooks(bench: Bench, sender: Generator, server: Server, number: int) -> None:
    seconds = bench.plan.webhook_turn_s
    requests = [_webhook(number, each) for each in range(int(seconds * PER_SECOND) + 1)]
    order = {"connections": SENDERS, "seconds": seconds, "per_second": PER_SECOND, "once": True}
    sender.begin(server, requests, **order)


def _webhook(turn: int, number: int) -> str:
    """Give a signed request that tells of a call not told of before, ended when it is sent."""
    now_ms = int(time.time() * 1000) + number * 1000 // PER_SECOND
    call = {
        "call_id": f"bench-{turn}-{number}",
        "call_type": "phone_call",
        "direction": "inbound",
        "from_number": "+12125550123",
        "to_number": "+12125550100",
        "agent_id": "asst_after-hours",
        "start_timestamp": now_ms - 95_000,
        "end_timestamp": now_ms,
        "disconnection_reason": "user_hangup",
        "transcript": "Agent: How can I help you?\nUser: I would like to move my visit.\n" * 10,
        "call_analysis": {
            "call_summary": "The caller asked to move a visit and was given another hour.",
            "custom_analysis_data": {"category": "rescheduling"},
        },
    }
    body = orjson.dumps({"event": "call_analyzed", "call": call})
    digest = hmac.new(WEBHOOK_SECRET.encode(), body + str(now_ms).encode(), "sha256").hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Retell-Signature": f"v={now_ms},d={digest}",
    }
    return request_text("POST", INGEST_PATH, headers, body.decode())


def _total(server: Server) -> int:
    total: int = orjson.loads(fetch(server, PATH))["pagination"]["total"]
    return total


def _check_stored(stored: int, sent: list[dict[str, Any]]) -> None:
    """Raise BenchFailed unless each webhook made a call."""
    if stored != sum(report["requests"] for report in sent):
        raise BenchFailed(f"{stored} calls were stored, not one for each webhook.")


def _medians(reports: list[dict[str, Any]]) -> dict[str, float]:
    names = ("per_second", "median_ms", "p99_ms")
    return {name: median(report[name] for report in reports) for name in names}
