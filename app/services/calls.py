"""What becomes of calls: every source's draft is recorded here, and every decision of staff."""

import time
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

import apsw
from flask import Flask, current_app

from app import phones
from app.ids import id_bytes
from app.instants import duration_min, ends_before_it_starts, now_ms
from app.models.base import Page, Row
from app.models.calls import (
    Call,
    calls_to_enter,
    drop_call_words,
    forget_renamed,
    has_call_since,
    known_call_id,
    note_renamed,
    period_of,
    put_call_words,
    renamed_patient,
    show_earlier_calls,
    taken_calls,
    touch_period,
)
from app.models.engine import DatabaseBusy, DatabaseReplaced, database
from app.models.patients import patient_name, patients_with_number
from app.models.people import is_active_person
from app.problems import Problem
from app.services import call_list
from app.services.collection import Collection, Outcome, Restore
from app.services.drafts import (
    DERIVED,
    PERSON,
    Draft,
    Ranks,
    better_values,
    read_ranks,
    settled_end,
    stated_call_id,
    stated_ranks,
    write_ranks,
)
from app.words import fold, mark_words, number_words, period_mark

# So long a patient's other name is entered in one transaction.
ENTERING_S = 0.05


def init_app(app: Flask) -> None:
    """Finish what a process that was killed has left."""
    with app.app_context():
        calls.enter_names()


class Calls(Collection):
    """The calls of the clinic."""

    model = Call
    has_history = True

    def page(self, args: Mapping[str, Any]) -> Page:
        return call_list.list_calls(args)

    def record_draft(self, draft: Draft) -> Outcome:
        """Store what a draft says: insert, fill, correct or ignore. Runs inside `write()`.

        A deleted call stays deleted, but is up to date if it is ever brought back.
        """
        row = self.model.find_row(self.id_of(draft))
        if row is None:
            self._insert(_new_row(draft))
            return "created"
        if draft.digest in row["seen"].split():
            return "unchanged" if row["deleted_at"] is None else "ignored"
        changes, ranks = better_values(draft, row)
        if draft.digest:
            changes["seen"] = f"{row['seen']} {draft.digest}".strip()
        changes |= _link(draft, row, ranks)
        written = self._update(row, changes | {"origins": write_ranks(ranks)})
        if row["deleted_at"] is not None:
            return "ignored"
        return "unchanged" if written["version"] == row["version"] else "updated"

    def id_of(self, draft: Draft) -> str:
        """Give the id of a draft's call, which may be known under another than the draft's."""
        return known_call_id(stated_call_id(draft.values)) or draft.id

    def identify(self, values: Row) -> str | None:
        return values.get("id") or stated_call_id(values)

    def new_row(self, item_id: str, values: Row, **source: Any) -> Row:
        """Give the row of a stated call; what a person posts of the staff's fields is decided."""
        ranks = stated_ranks(values, by_person=source.get("by_person", True))
        link = source.get("link", "by_person" in source) and "patient_id" not in values
        return _new_row(Draft(item_id, values, ranks=ranks, link=link))

    def decided(self, row: Row, changes: Row) -> Row:
        """Make each changed field the person's from now on, null too."""
        after = row | changes
        self.check_row(after, row)
        ranks = read_ranks(row["origins"]) | dict.fromkeys(changes, PERSON)
        # After another start, an end that was passed over may be the best.
        end = settled_end(after, ranks) if "started_at" in changes else {}
        done = {}
        if after["status"] == "done" != row["status"]:
            done = {"due_at": None, "done_at": now_ms()}
        return _timed(changes | end | done) | {"origins": write_ranks(ranks)}

    def corrected(self, row: Row, changes: Row) -> Row:
        ranks = read_ranks(row["origins"]) | stated_ranks(changes)
        return _timed(changes) | {"origins": write_ranks(ranks)}

    def restored(self, row: Row, restore: Restore, at: int) -> Row:
        """Give what undoing makes of a row: what was nobody's decision is nobody's again."""
        changes = super().restored(row, {n: restore[n] for n in restore if n != "attempts"}, at)
        if "attempts" in restore:
            before, after = restore["attempts"]
            changes["attempts"] = row["attempts"] - (after - before)
        if "origins" in restore:
            before, after = map(read_ranks, restore["origins"])
            ranks = read_ranks(row["origins"])
            for name in before.keys() | after.keys():
                if ranks.get(name) == after.get(name):
                    ranks[name] = before.get(name, DERIVED)
            changes["origins"] = write_ranks(ranks)
        if changes.get("hidden_until") and has_call_since(row["number_key"], at):
            changes["hidden_until"] = None
        return changes

    def is_news(self, row: Row, name: str, value: Any) -> bool:
        # A duration that is not told follows from the instants.
        if name == "duration_min" and value is None:
            return False
        return super().is_news(row, name, value)

    def check_row(self, row: Row, before: Row | None) -> None:
        holder = row.get("assignee")
        # Who had a call that is done is a record, which a file may bring from elsewhere.
        is_record = before is None and row.get("status") == "done"
        is_news = holder != (before or _BLANK)["assignee"] and not is_record
        if holder is not None and is_news and not is_active_person(holder):
            message = "assignee must be the name of a person who signs in here."
            raise Problem("invalid_field", message, "assignee")
        if ends_before_it_starts(row.get("started_at"), row.get("ended_at")):
            raise Problem("invalid_field", "ended_at must not be before started_at.", "ended_at")
        stated_id = stated_call_id(row)
        is_new = before is None or stated_call_id(before) != stated_id
        if is_new and known_call_id(stated_id) not in (None, row["id"]):
            message = "provider and external_id belong to a call with another id."
            raise Problem("already_exists", message, "external_id")

    def derive(self, row: Row) -> None:
        number, started_at = row["customer_number"], row["started_at"]
        row["number_key"] = None if number is None else _number_key(number)
        row["sort_at"] = row["created_at"] if started_at is None else started_at
        follows = stated_call_id(row)
        row["known_as"] = id_bytes(follows) if follows and follows != row["id"] else None
        if row["status"] != "done":
            row["done_at"] = None
        if not read_ranks(row["origins"]).get("duration_min"):
            row["duration_min"] = duration_min(started_at, row["ended_at"])

    def follow(self, before: Row | None, row: Row) -> None:
        was, now = _found_by(before), _found_by(row)
        if was == now:
            return
        if now and now["number_key"] != (was or _BLANK)["number_key"] and caller_key(row):
            show_earlier_calls(row["number_key"], row["sort_at"])
        for sort_at in {found["sort_at"] for found in (was, now) if found}:
            touch_period(sort_at)
        if _worded(was) != _worded(now):
            if was:
                drop_call_words(row["number"])
            if now:
                put_call_words(row["number"], call_words(row))

    def name_changed(self, patient_id: str) -> None:
        """Let a patient's calls be found by the name as it is now. Runs inside `write()`.

        What takes longer than a transaction may follows it.
        """
        self._enter_name(patient_id, 0)
        database.later(self.enter_names)

    def enter_names(self) -> None:
        """Enter the names that are not entered yet, in transactions that keep nobody waiting."""
        with suppress(
            DatabaseBusy, DatabaseReplaced, apsw.Error
        ):  # left to the next who comes here
            while renamed_patient():
                database.give_way()
                with database.write():
                    if renamed := renamed_patient():
                        self._enter_name(*renamed)

    def _enter_name(self, patient_id: str, entered: int) -> None:
        """Enter a patient's name for the calls after a number, as far as time allows."""
        ends_at = time.monotonic() + ENTERING_S
        while rows := calls_to_enter(patient_id, entered):
            for row in rows:
                touch_period(row["sort_at"])
                drop_call_words(row["number"])
                put_call_words(row["number"], call_words(row))
                entered = row["number"]
                if time.monotonic() > ends_at:
                    note_renamed(patient_id, entered)
                    return
        forget_renamed(patient_id)

    def release_all(self, name: str) -> None:
        """Make the open calls that a person has taken nobody's. Runs inside `write()`."""
        for row in taken_calls(name):
            self._update(row, {"assignee": None})


def _new_row(draft: Draft) -> Row:
    """Give the whole row of a call whose id is new."""
    now = now_ms()
    values, ranks = draft.said()
    values |= _link(draft, _BLANK, ranks)
    return {
        **_BLANK,
        **{"created_at": now, "updated_at": now, "seen": draft.digest or ""},
        **{**_timed(values), "id": draft.id, "origins": write_ranks(ranks)},
    }


def _timed(changes: Row) -> Row:
    """Give changes with what follows from a time that is set, or cleared: it hides the call."""
    return changes | {"hidden_until": changes["due_at"]} if "due_at" in changes else changes


def caller_key(row: Row) -> str | None:
    """Give the key of a call's number where that tells who rang, and is not withheld."""
    number = row["customer_number"]
    known = number is not None and phones.tells_who(number, current_app.config["CLINIC_REGION"])
    return _number_key(number) if known else None


def _link(draft: Draft, row: Row, ranks: Ranks) -> Row:
    """Give the patient to whom a draft's number leads, as long as nobody has said who it is.

    It goes by the best number that a source has said, whatever a person has made of it since:
    else it would matter whether that person or the source came first. The number that has led to
    a patient once is not asked again.
    """
    number, rank = draft.values.get("customer_number"), draft.rank_of("customer_number")
    if not draft.link or number is None or rank < ranks.get("link", DERIVED):
        return {}
    ranks["link"] = rank
    key = _number_key(number)
    if ranks.get("patient_id") or (row["patient_id"] is not None and row["link_key"] == key):
        return {}
    known = phones.tells_who(number, current_app.config["CLINIC_REGION"])
    found = patients_with_number(key) if known else []
    return {"patient_id": found[0] if len(found) == 1 else None, "link_key": key}


def _number_key(number: str) -> str:
    return phones.match_key(number, current_app.config["CLINIC_REGION"])


def call_words(row: Row) -> tuple[str, ...]:
    """Give the five texts of marked words that a call is found by."""
    patient = row["patient_id"] and patient_name(row["patient_id"])
    mark = period_mark(period_of(row["sort_at"]))
    folded = (
        fold(row["summary"] or ""),
        _fold_name(patient or ""),
        fold(row["notes"] or ""),
        fold(row["transcript"] or ""),
        number_words(row["customer_number"] or ""),
    )
    return tuple([mark_words(text, mark) for text in folded])


# Few names, folded again and again while many calls arrive.
_fold_name = lru_cache(maxsize=4096)(fold)


def _found_by(row: Row | None) -> Row | None:
    """Give what a call is found by and counted by; None for one that is in no list."""
    if row is None or row["deleted_at"] is not None:
        return None
    return {name: row[name] for name in _FOUND_BY}


def _worded(found: Row | None) -> tuple[Any, ...] | None:
    """Give what the words of a call depend on."""
    if found is None:
        return None
    return (period_of(found["sort_at"]), *(found[name] for name in _WORDED))


_WORDED = ("summary", "notes", "transcript", "customer_number", "patient_id")
_FOUND_BY = (
    *("sort_at", "started_at", "status", "category", "type", "assistant_id"),
    *("sessions_scheduled", "number_key", *_WORDED),
)
_BLANK: Row = dict.fromkeys(Call._meta.sorted_field_names) | {
    "version": 1,
    "status": "pending",
    "attempts": 0,
}

calls = Calls()
