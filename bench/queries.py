"""What is asked of every contestant: the list's queries, the same at every size."""

from dataclasses import dataclass
from urllib.parse import urlencode

from app.instants import format_instant
from bench.data import Clinic, Row

PATH = "/v1/calls"
PAGE_SIZE = 50
MANY = 1000
FIRST_PAGE = "first page"
MOMENTS = "moments in turn"
PATIENTS = "patients in turn"
# What a row of a page holds.
LISTED = (
    *("id", "org_id", "created_at", "assistant_id", "phone_number_id", "type", "started_at"),
    *("ended_at", "summary", "customer_number", "status", "category", "duration_min"),
    *("patient_id", "language", "sessions_scheduled"),
)
# The five that every stack answers: one page of each kind that a front desk asks for all day.
OF_EVERY_STACK = (
    FIRST_PAGE,
    "status (rare)",
    "category and a week",
    "tags any",
    "q rare",
)

Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """One query: its name in the tables, and its parameters as they stand in a URL.

    With `others` it is many of a kind, asked for one after the other: what is remembered of one
    helps none of the rest.
    """

    name: str
    params: Params
    others: tuple[Params, ...] = ()

    @property
    def forms(self) -> tuple[Params, ...]:
        return (self.params, *self.others)

    @property
    def is_rare_search(self) -> bool:
        """Tell whether it asks for words that only a few calls of a period hold."""
        return dict(self.params).get("q") in _RARE_WORDS


def query_string(params: Params) -> str:
    """Give the text behind a URL's question mark."""
    return urlencode(params)


def path(params: Params) -> str:
    """Give the path of the list with these parameters."""
    return f"{PATH}?{query_string(params)}" if params else PATH


def list_queries(clinic: Clinic) -> list[Query]:
    """Give all queries, with ids and instants that occur in this clinic."""
    picks = clinic.picks
    found = {
        FIRST_PAGE: (),
        **_filters(picks),
        **_tag_modes(picks),
        **_combinations(picks),
        **_searches(picks),
        **_deep_pages(clinic.calls),
    }
    return [*(Query(name, params) for name, params in found.items()), *_changing(clinic)]


def _filters(picks: Row) -> dict[str, Params]:
    return {
        "assistant_id": (("assistant_id", "asst_after-hours"),),
        "status (common)": (("status", "done"),),
        "status (rare)": (("status", "pending"),),
        "category": (("category", "billing"),),
        "type (common)": (("type", "inboundPhoneCall"),),
        "type (rare)": (("type", "webCall"),),
        "customer_number": (("customer_number", picks["customer_number"]),),
        "patient_id": (("patient_id", picks["patient_id"]),),
        "sessions_scheduled_min": (("sessions_scheduled_min", "1"),),
        "started_gte": (("started_gte", picks["long_ago"]),),
        "started_lte": (("started_lte", picks["long_ago"]),),
        "a week": _week(picks),
        "oldest first": (("sort", "started_at"),),
    }


def _week(picks: Row) -> Params:
    return ("started_gte", picks["week_start"]), ("started_lte", picks["week_end"])


def _tag_modes(picks: Row) -> dict[str, Params]:
    asked = _tagged(picks, "post-op", "Medicare")
    return {
        f"tags {mode}": (*asked, ("tag_filter_mode", mode))
        for mode in ("any", "all", "exclude_any", "exclude_all")
    }


def _tagged(picks: Row, *names: str) -> Params:
    return tuple(("tags[]", picks["tags"][name]) for name in names)


def _combinations(picks: Row) -> dict[str, Params]:
    return {
        "status and category": (("status", "pending"), ("category", "billing")),
        "category and a week": (("category", "billing"), *_week(picks)),
        "assistant, type and category": (
            ("assistant_id", "asst_front-desk"),
            ("type", "inboundPhoneCall"),
            ("category", "rescheduling"),
        ),
        "status, category and a tag": (
            ("status", "done"),
            ("category", "existing_appointment"),
            *_tagged(picks, "no-show risk"),
        ),
        "status, type, sessions and since": (
            ("status", "done"),
            ("type", "inboundPhoneCall"),
            ("sessions_scheduled_min", "1"),
            ("started_gte", picks["long_ago"]),
        ),
        # About one call in a period: a page spans almost fifty of them.
        "sessions and type (one a period)": (("sessions_scheduled_min", "12"), ("type", "webCall")),
    }


def _searches(picks: Row) -> dict[str, Params]:
    common, rare = ("q", "asked"), ("q", "interpreter")
    return {
        "q common": (common,),
        "q rare": (rare,),
        "q two common words": (("q", "asked session"),),
        "q in quotes": (("q", '"pinched nerve"'),),
        "q common, status": (common, ("status", "pending")),
        "q common, category and a week": (common, ("category", "billing"), *_week(picks)),
        "q common, assistant, type and status": (
            common,
            ("assistant_id", "asst_front-desk"),
            ("type", "inboundPhoneCall"),
            ("status", "done"),
        ),
        "q common, a tag": (common, *_tagged(picks, "no-show risk")),
        "q rare, status": (rare, ("status", "done")),
        "q (one a period)": (("q", "paperback"),),
        "q in quotes (one a period)": (("q", '"swim meet"'),),
    }


_RARE_WORDS = ("interpreter", '"pinched nerve"', "paperback", '"swim meet"')


def _deep_pages(calls: int) -> dict[str, Params]:
    last = -(-calls // PAGE_SIZE)
    return {
        "middle page": (("page", str(last // 2)),),
        "last page": (("page", str(last)),),
    }


def _changing(clinic: Clinic) -> list[Query]:
    patients = [patient["id"] for patient in clinic.rows("patients")][:MANY]
    moments = [format_instant(ms) for ms in clinic.moments(2 * MANY)]
    found: dict[str, list[Params]] = {
        MOMENTS: [(("started_lte", moment),) for moment in moments],
        PATIENTS: [(("patient_id", name),) for name in patients],
    }
    return [Query(name, first, tuple(rest)) for name, (first, *rest) in found.items()]
