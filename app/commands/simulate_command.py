"""clinic-calls simulate: send believable, signed webhooks to a running server."""

import re
from datetime import datetime
from functools import partial
from typing import Any

import click
import requests

from app import instants
from app.commands.context import counted, progress
from app.commands.simulating import Answers, plan, send
from app.config import load_settings
from app.providers import PROVIDERS, Provider


class Rate(click.ParamType[float]):
    """So many a second, as in 20/s."""

    name = "rate"

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(?:/s)?", str(value), re.ASCII)
        if not match or float(match[1]) == 0:
            self.fail(f"{value} is not a rate such as 20/s.")
        return float(match[1])


@click.command(name="simulate")
@click.argument("name", metavar="|".join(PROVIDERS), type=click.Choice([*PROVIDERS]))
@click.option("--to", "server", metavar="URL", help="The server; default: HOST and PORT.")
@click.option(
    "--rate", type=Rate(), default="10/s", show_default=True, help="How many webhooks a second."
)
@click.option(
    "--count",
    type=click.IntRange(1, 100_000),
    default=20,
    show_default=True,
    help="How many calls they tell of.",
)
@click.option("--shuffle", is_flag=True, help="In any order, and some of them twice.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another one, other calls.")
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="The calls lie before it; default: today."
)
def command(
    name: str,
    server: str | None,
    rate: float,
    count: int,
    shuffle: bool,
    seed: int,
    today: datetime | None,
) -> None:
    """Send webhooks of invented calls, signed with the secret in the environment.

    Run it with the settings of the server. The same again changes nothing there: each call has its
    id from the seed and the day, beginning with "simulated-" as the provider's id.
    """
    settings = load_settings()
    provider = PROVIDERS[name]
    secret = _secret(provider, settings)
    base = (server or _own_address(settings)).rstrip("/")
    if not re.match(r"https?://[^/]", base):
        raise click.UsageError("--to must look like http://127.0.0.1:8000.")
    path = f"/v1/ingest/{name}"
    zone = settings["CLINIC_TIMEZONE"]
    day = today.date() if today else instants.today(zone)
    planned = plan(provider, count=count, seed=seed, shuffle=shuffle, today=day, timezone=zone)
    sign = partial(provider.sign, secret=secret, url=(settings["PUBLIC_URL"] or base) + path)
    answers = Answers()
    try:
        with progress("Sending", len(planned)) as bar:
            for _ in send(planned, base + path, sign, rate, answers):
                bar.update(1)
    except requests.RequestException as error:
        raise click.ClickException(_why_not(error, base)) from None
    finally:
        _show(answers, count)
    if answers.refusals:
        raise click.ClickException(_advice(answers, provider.SECRET))


def _secret(provider: Provider, settings: dict[str, Any]) -> str:
    """Give the secret to sign with. Raises ClickException where a setting is missing."""
    name = provider.SECRET
    if not settings[name]:
        raise click.ClickException(f"{name} is not set; give it the value that the server has.")
    if provider.NEEDS_PUBLIC_URL and not settings["PUBLIC_URL"]:
        raise click.ClickException("PUBLIC_URL is not set; the signature is over it.")
    return str(settings[name][0])


def _own_address(settings: dict[str, Any]) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings["HOST"], settings["HOST"])  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings['PORT']}"


def _show(answers: Answers, calls: int) -> None:
    outcomes = answers.outcomes
    told = ", ".join(f"{outcomes[name]} {name}" for name in sorted(outcomes)) or "none taken in"
    click.echo(f"{counted(answers.total, 'webhook')} of {counted(calls, 'call')} sent: {told}.")
    for (status, code), times in sorted(answers.refusals.items()):
        click.echo(f"{times} refused: {status} {code}".rstrip(), err=True)


def _why_not(error: Exception, base: str) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return (
            f"{base} shows no certificate that can be trusted; for one of your own name its"
            " authority's file in REQUESTS_CA_BUNDLE."
        )
    if isinstance(error, requests.Timeout):
        return f"{base} does not answer in time."
    if isinstance(error, requests.ConnectionError):
        return f"No server answers at {base}; start one with: clinic-calls serve"
    return f"{base} cannot be asked; look at --to."


def _advice(answers: Answers, secret: str) -> str:
    """Say what to do about the first refusal."""
    status, code = min(answers.refusals)
    if code == "invalid_signature":
        return f"The server has another {secret}, or one of the clocks is wrong."
    if code == "provider_not_configured":
        return f"The server has no {secret}; set it and start the server anew."
    return f"The server did not take in every webhook; the first answer was {status}."
