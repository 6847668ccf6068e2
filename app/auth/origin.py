"""Whether a request for a page comes from a page of ours, at an address of ours."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request, current_app

from app.problems import Problem

WILDCARDS = ("0.0.0.0", "::")  # noqa: S104


def check_host(asked: Request) -> None:
    """Refuse a Host that is not ours: else any site could have its own name lead to us."""
    name = urlsplit(f"//{asked.host}").hostname or ""
    config = current_app.config
    ours = {"localhost", config["HOST"].lower()}
    if config["PUBLIC_URL"]:
        ours.add(urlsplit(config["PUBLIC_URL"]).hostname)
    if name not in ours and not _is_own_address(name, listens_to_all=config["HOST"] in WILDCARDS):
        message = "This address is not the clinic's. Whoever runs the service can set PUBLIC_URL."
        raise Problem("forbidden", message)


def _is_own_address(name: str, *, listens_to_all: bool) -> bool:
    """Tell the loopback, and any address where all are listened on: no name leads to it."""
    try:
        return ip_address(name).is_loopback or listens_to_all
    except ValueError:
        return False


def check_origin(asked: Request) -> None:
    """Refuse what another site's page sends with our cookie, and what does not say who sends it."""
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        is_ours = site == "same-origin"
    else:
        # Over plain HTTP browsers send no Sec-Fetch-Site but to this machine itself.
        is_ours = asked.headers.get("Origin") == _own_origin(asked)
    if not is_ours:
        raise Problem("forbidden", "This was sent from another page than ours; nothing was done.")


def _own_origin(asked: Request) -> str:
    if url := current_app.config["PUBLIC_URL"]:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}".lower()
    return f"{asked.scheme}://{asked.host}"
