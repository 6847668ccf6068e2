"""Reading while webhooks arrive: the first page with and without them, in turns."""

import hmac
import time
from collections.abc import Iterator
from typing import Any

import orjson

from bench.data import Clinic
from bench.databases import WEBHOOK_SECRET, copy_of, service_database
from bench.queries import PATH
from bench.report import Bar, Results, at_least, figures_text, table
from bench.servers import BenchFailed, Server, client, serving
from bench.stacks import service
from bench.turns import Bench, Figures, Generator, Target, load_generator, medians, request_text

INGEST_PATH = "/v1/ingest/retell"
PER_SECOND = 100
READERS = 8
# Providers do not wait for one webhook's answer before they send the next.
SENDERS = 4


def measure(bench: Bench) -> Results:
    """Give the first page's figures without and with webhooks, and how fast these came."""
    clinic = Clinic(bench.plan.middle_size)
    database = service_database(clinic)
    bench.say(f"{clinic.calls:,} calls: reading while webhooks arrive")
    quiet: list[Figures] = []
    busy: list[Figures] = []
    sent: list[dict[str, Any]] = []
    with copy_of(database) as copy, serving(service(copy)) as servers, load_generator() as sender:
        (server,) = servers.values()
        total = _total(server)
        for number in range(bench.plan.webhook_rounds):
            quiet.append(_read(bench, server))
            _begin_webhooks(bench, sender, server, number)
            busy.append(_read(bench, server))
            sent.append(sender.end(200))
        if _total(server) - total != sum(report["requests"] for report in sent):
            raise BenchFailed("Not each webhook made a call.")
    return {
        "calls": clinic.calls,
        "without": medians(quiet),
        "with": medians(busy),
        "webhooks a second": sum(report["per_second"] for report in sent) / len(sent),
    }


def _read(bench: Bench, server: Server) -> Figures:
    return bench.generator.load(Target(server, (PATH,)), bench.plan.webhook_turn_s, READERS, 1)


def _begin_webhooks(bench: Bench, sender: Generator, server: Server, turn: int) -> None:
    seconds = bench.plan.webhook_turn_s
    requests = [_webhook(turn, number) for number in range(int(seconds * PER_SECOND) + 1)]
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
    with client(server) as ask:
        total: int = orjson.loads(ask("GET", PATH))["pagination"]["total"]
    return total


def bars(found: Results) -> Iterator[Bar]:
    """Hold reading with webhooks against reading without."""
    ratio = found["with"]["per_second"] / found["without"]["per_second"]
    what = f"first page while {PER_SECOND} webhooks a second arrive, {found['calls']:,} calls"
    yield at_least(what, ratio, 0.75, f"{found['webhooks a second']:.0f} a second arrived")


def tables(found: Results) -> Iterator[str]:
    """Give the figures of both."""
    yield f"## The first page, {READERS} connections, {found['calls']:,} calls"
    rows = [
        ("no webhooks", figures_text(found["without"])),
        (f"{PER_SECOND} webhooks a second", figures_text(found["with"])),
    ]
    yield table(("meanwhile", "figures"), rows)
