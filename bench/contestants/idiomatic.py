"""The idiomatic stack: flask-smorest, marshmallow `dump`, peewee models, `count()`.

    python -m bench.contestants.idiomatic DATABASE PORT

It runs under the service's own waitress settings. peewee speaks through apsw, which is faster than
`sqlite3` and brings the same SQLite; a thread keeps its connection; only the columns of the list
are read; nobody's key is checked.
"""

import sys
from datetime import UTC
from pathlib import Path
from typing import Any

import marshmallow as ma
from flask import Flask
from flask.views import MethodView
from flask_smorest import Api, Blueprint
from peewee import CharField, DatabaseProxy, FloatField, IntegerField, Model, TextField
from playhouse.apsw_ext import APSWDatabase, DateTimeField
from playhouse.sqlite_ext import FTS5Model, SearchField

from app.commands.serve_command import run

database = DatabaseProxy()


class BaseModel(Model):
    class Meta:
        database = database


class Call(BaseModel):
    pk = IntegerField(primary_key=True)
    id = CharField(unique=True)
    org_id = CharField()
    created_at = DateTimeField()
    assistant_id = CharField(null=True)
    phone_number_id = CharField(null=True)
    type = CharField(null=True)
    started_at = DateTimeField(null=True)
    ended_at = DateTimeField(null=True)
    summary = TextField(null=True)
    customer_number = CharField(null=True)
    status = CharField()
    category = CharField(null=True)
    duration_min = FloatField(null=True)
    patient_id = CharField(null=True)
    language = CharField(null=True)
    sessions_scheduled = IntegerField(null=True)
    sort_at = DateTimeField()


class PatientTag(BaseModel):
    tag_id = CharField()
    patient_id = CharField()

    class Meta:
        table_name = "patient_tag"
        primary_key = False


class CallFts(FTS5Model):
    summary = SearchField()

    class Meta:
        database = database
        table_name = "call_fts"


class CallSchema(ma.Schema):
    id = ma.fields.String()
    org_id = ma.fields.String()
    created_at = ma.fields.DateTime()
    assistant_id = ma.fields.String(allow_none=True)
    phone_number_id = ma.fields.String(allow_none=True)
    type = ma.fields.String(allow_none=True)
    started_at = ma.fields.DateTime(allow_none=True)
    ended_at = ma.fields.DateTime(allow_none=True)
    summary = ma.fields.String(allow_none=True)
    customer_number = ma.fields.String(allow_none=True)
    status = ma.fields.String()
    category = ma.fields.String(allow_none=True)
    duration_min = ma.fields.Float(allow_none=True)
    patient_id = ma.fields.String(allow_none=True)
    language = ma.fields.String(allow_none=True)
    sessions_scheduled = ma.fields.Integer(allow_none=True)


class PaginationSchema(ma.Schema):
    has_more = ma.fields.Boolean()
    total = ma.fields.Integer()
    page = ma.fields.Integer()
    limit = ma.fields.Integer()


class CallListSchema(ma.Schema):
    data = ma.fields.List(ma.fields.Nested(CallSchema))
    pagination = ma.fields.Nested(PaginationSchema)


class CallQueryArgsSchema(ma.Schema):
    page = ma.fields.Integer(load_default=1, validate=ma.validate.Range(min=1))
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=100))
    status = ma.fields.String()
    category = ma.fields.String()
    started_gte = ma.fields.NaiveDateTime(timezone=UTC)
    started_lte = ma.fields.NaiveDateTime(timezone=UTC)
    tags = ma.fields.List(ma.fields.String(), data_key="tags[]")
    tag_filter_mode = ma.fields.String(load_default="any")
    q = ma.fields.String()


blp = Blueprint("Calls", __name__, url_prefix="/v1")


@blp.route("/calls")
class Calls(MethodView):
    @blp.arguments(CallQueryArgsSchema, location="query")
    @blp.response(200, CallListSchema)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List calls"""
        page, limit = args["page"], args["limit"]
        query = filtered(args)
        total = query.count()
        newest_first = query.order_by(Call.sort_at.desc(), Call.id.desc())
        pagination = {
            "has_more": page * limit < total,
            "total": total,
            "page": page,
            "limit": limit,
        }
        return {"data": newest_first.paginate(page, limit), "pagination": pagination}


def filtered(args: dict[str, Any]) -> Any:
    query = Call.select()
    for name in ("status", "category"):
        if name in args:
            query = query.where(getattr(Call, name) == args[name])
    if "started_gte" in args:
        query = query.where(Call.sort_at >= args["started_gte"], Call.started_at.is_null(False))
    if "started_lte" in args:
        query = query.where(Call.sort_at <= args["started_lte"], Call.started_at.is_null(False))
    if "tags" in args:
        holders = PatientTag.select(PatientTag.patient_id)
        query = query.where(Call.patient_id.in_(holders.where(PatientTag.tag_id.in_(args["tags"]))))
    if "q" in args:
        words = " ".join(f'"{word}"*' for word in args["q"].replace('"', " ").split())
        query = query.where(Call.pk.in_(CallFts.select(CallFts.rowid).where(CallFts.match(words))))
    return query


def create_stack(path: str) -> Flask:
    app = Flask(__name__)
    app.config.update(API_TITLE="Calls", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    database.initialize(APSWDatabase(path, pragmas={"journal_mode": "wal", "cache_size": -16_000}))
    Api(app).register_blueprint(blp)
    return app


if __name__ == "__main__":
    run(create_stack(str(Path(sys.argv[1]))), "127.0.0.1", int(sys.argv[2]))
