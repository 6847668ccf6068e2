"""What a program does with the client that openapi-generator makes for Python."""

import json
import sys
from datetime import datetime, timedelta, timezone

import made

URL, KEY, TAG, CALL = sys.argv[1:]
START = datetime(2023, 11, 7, 0, 31, 56, tzinfo=timezone(timedelta(hours=-5)))

configuration = made.Configuration(host=URL, api_key={"ApiKey": KEY})
calls = made.CallsApi(made.ApiClient(configuration))


def summaries(page: made.CallList) -> list[str | None]:
    return [call.summary for call in page.data]


def code_of_unknown_call() -> str:
    try:
        calls.get_call("00000000-0000-4000-8000-000000000000")
    except made.ApiException as error:
        return json.loads(error.body)["detail"]["code"]
    return "no error"


call = calls.get_call(CALL)
result = {
    "listed": summaries(calls.list_calls(limit=2)),
    "started_at": call.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "in_time": summaries(calls.list_calls(started_gte=START, started_lte=START)),
    "tagged": summaries(calls.list_calls(tags=[TAG], tag_filter_mode=made.TagFilterMode.ALL)),
    "untagged": summaries(
        calls.list_calls(tags=[TAG, "x"], tag_filter_mode=made.TagFilterMode.EXCLUDE_ANY)
    ),
    "unknown": code_of_unknown_call(),
}
body = made.CallCreate(customer_number="(212) 555-0123", language="cmn", started_at=START)
new = calls.create_call(body)
change = made.CallPatch(version=new.version, status=made.CallStatus.DONE, notes=None)
done = calls.update_call(new.id, change)
result["created"] = [new.customer_number, new.language]
result["changed"] = [done.version, done.status]
print(json.dumps(result))
