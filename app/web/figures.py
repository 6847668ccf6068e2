"""/figures: what calls add up to, as pictures and as numbers, each a link to its calls."""

from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request

from app.auth import requires
from app.instants import parse_instant
from app.schemas.calls import CATEGORIES, STATUSES
from app.schemas.figures import GROUPINGS, CallStatsArgsSchema
from app.services.figures import Group, Sums, picture_calls
from app.services.filters import Args
from app.services.tags import tags
from app.web.filters import read_pairs
from app.web.showing import STATUS_WORDS, TYPE_WORDS, about, hours

blp = Blueprint("figures", __name__)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORDS = STATUS_WORDS | {name: about(name) for name in CATEGORIES} | TYPE_WORDS
GROUPING_WORDS = {name: name.capitalize() for name in GROUPINGS} | {"assistant_id": "Assistant"}
# Filters that are not often asked for.
MORE = {
    "q": "Words",
    "customer_number": "Number",
    "patient_id": "Patient’s id",
    "type": "Type",
    "assistant_id": "Assistant",
    "sessions_scheduled_min": "Sessions, at least",
}
# How the dates that groups are called by are written for people.
_DATES = {"day": "%a %d %b %Y", "week": "week of %d %b %Y", "month": "%b %Y"}
# Groups that are a filter of the list, by its name.
_FILTERED = ("category", "status", "type", "assistant_id")


class Bar(NamedTuple):
    """Some of the calls: what they are called, what they add up to, where they are listed."""

    label: str
    sums: Sums
    url: str | None


@blp.get("/figures")
@requires("desk")
def show() -> str:
    """Show the figures of the calls that the list's filters find."""
    args, _ = read_pairs(CallStatsArgsSchema)
    group_by = args.get("group_by")
    clinic = hours()
    shown = picture_calls(args, group_by, clinic.is_open if clinic.week else None)
    return render_template(
        "figures.html",
        args=args,
        shown=shown,
        times=[_bar(args, shown.unit or "", group) for group in shown.times],
        groups=[_bar(args, group_by or "", group) for group in shown.groups],
        categories=_kinds(shown.kinds, "category", CATEGORIES),
        statuses=_kinds(shown.kinds, "status", STATUSES),
        calls_url=calls_url,
        asked=request.args,
        more=MORE,
        asks_more=any(request.args.get(name) for name in ("tags", "tags[]", *MORE)),
        tags=tags.all_rows(),
        words=WORDS,
        weekdays=WEEKDAYS,
        groupings=GROUPING_WORDS,
    )


def calls_url(**changes: str) -> str:
    """Give the address of the list with the filters of this page, some of them changed."""
    kept = (
        (name, value)
        for name, value in request.args.items(multi=True)
        if value.strip() and name not in changes and name != "group_by"
    )
    return f"/calls?{urlencode([*kept, *changes.items()])}".rstrip("?")


def _bar(args: Args, group_by: str, group: Group) -> Bar:
    name, url = group.name, None
    if not group.sums.calls or name is None:
        pass
    elif group_by in _FILTERED:
        url = calls_url(**{group_by: str(name)})
    elif group_by in _DATES:
        url = _url_of_time(args, group_by, str(name))
    return Bar(_label(group_by, name), group.sums, url)


def _label(group_by: str, name: Any) -> str:
    if name is None:
        return "None given"
    if group_by == "weekday":
        return WEEKDAYS[name - 1]
    if group_by in _DATES:
        try:
            return format(_first_day(group_by, name), _DATES[group_by])
        except ValueError:  # beyond the years of dates
            return str(name)
    return f"{name}:00" if group_by == "hour" else WORDS.get(name, str(name))


def _url_of_time(args: Args, unit: str, name: str) -> str | None:
    """Give where the calls of a day, week or month are listed, within the bounds asked for."""
    try:
        first = _first_day(unit, name)
        days = monthrange(first.year, first.month)[1] if unit == "month" else 7
        last = first + timedelta(days=days - 1 if unit != "day" else 0)
        is_cut = "started_gte" in args and args["started_gte"] > _instant(first)
        is_cut_off = "started_lte" in args and args["started_lte"] < _instant(last, end_of_day=True)
    except (ValueError, OverflowError):  # at the ends of all time
        return None
    bounds = {"started_gte": first.isoformat(), "started_lte": last.isoformat()}
    if is_cut:
        bounds["started_gte"] = request.args["started_gte"]
    if is_cut_off:
        bounds["started_lte"] = request.args["started_lte"]
    return calls_url(**bounds)


def _first_day(unit: str, name: str) -> date:
    return date.fromisoformat(f"{name}-01" if unit == "month" else name)


def _instant(day: date, *, end_of_day: bool = False) -> int:
    zone = current_app.config["CLINIC_TIMEZONE"]
    return parse_instant(day.isoformat(), zone, end_of_day=end_of_day)


def _kinds(
    kinds: Counter[tuple[str | None, str]], by: str, names: tuple[str, ...]
) -> list[tuple[Bar, dict[str, int]]]:
    """Give a bar for each category or status that has calls, and how many of each status."""
    found = []
    for name in (*names, None):
        of = {
            status: sum(
                calls
                for kind, calls in kinds.items()
                if name == kind[by == "status"] and status == kind[1]
            )
            for status in STATUSES
        }
        group = Group(name, Sums(sum(of.values())))
        found.append((_bar({}, by, group), of))
    kept = [one for one in found if one[0].sums.calls]
    return sorted(kept, key=lambda one: -one[0].sums.calls)


@blp.app_template_filter("duration")
def duration(minutes: int) -> str:
    """Write a time as `31 min`, `4 h 10 min` or `2 days 3 h`."""
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} day{'s' * (days > 1)}" + f" {hours} h" * bool(hours)
    return (
        f"{hours} h" * bool(hours)
        + " " * bool(hours and rest)
        + f"{rest} min" * (bool(rest) or not hours)
    )
