"""FastAPI with SQLAlchemy, as their documentation teaches: models, a session for each request.

    BENCH_DATABASE=FILE uvicorn bench.contestants.fastapi_stack:app

Plain `def` endpoints, which FastAPI runs in its threads; pydantic models for arguments and answer.
Only the columns of the list are mapped; nobody's key is checked.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, create_engine, event, func, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine(
    f"sqlite:///{os.environ['BENCH_DATABASE']}", connect_args={"check_same_thread": False}
)
SessionLocal = sessionmaker(engine)


@event.listens_for(engine, "connect")
def set_pragmas(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA cache_size = -16000")


class Base(DeclarativeBase):
    pass


class Call(Base):
    __tablename__ = "call"

    pk: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str]
    org_id: Mapped[str]
    created_at: Mapped[datetime]
    assistant_id: Mapped[str | None]
    phone_number_id: Mapped[str | None]
    type: Mapped[str | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    summary: Mapped[str | None]
    customer_number: Mapped[str | None]
    status: Mapped[str]
    category: Mapped[str | None]
    duration_min: Mapped[float | None]
    patient_id: Mapped[str | None]
    language: Mapped[str | None]
    sessions_scheduled: Mapped[int | None]
    sort_at: Mapped[datetime]


class PatientTag(Base):
    __tablename__ = "patient_tag"

    tag_id: Mapped[str] = mapped_column(primary_key=True)
    patient_id: Mapped[str] = mapped_column(primary_key=True)


class CallPublic(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    org_id: str
    created_at: datetime
    assistant_id: str | None
    phone_number_id: str | None
    type: str | None
    started_at: datetime | None
    ended_at: datetime | None
    summary: str | None
    customer_number: str | None
    status: str
    category: str | None
    duration_min: float | None
    patient_id: str | None
    language: str | None
    sessions_scheduled: int | None


class Pagination(BaseModel):
    has_more: bool
    total: int
    page: int
    limit: int


class CallList(BaseModel):
    data: list[CallPublic]
    pagination: Pagination


class CallQuery(BaseModel):
    page: int = Field(1, ge=1)
    limit: int = Field(50, ge=1, le=100)
    status: str | None = None
    category: str | None = None
    started_gte: datetime | None = None
    started_lte: datetime | None = None
    tags: list[str] = Field([], alias="tags[]")
    tag_filter_mode: Literal["any", "all", "exclude_any", "exclude_all"] = "any"
    q: str | None = None


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]
app = FastAPI()


@app.get("/v1/calls", response_model=CallList)
def list_calls(session: SessionDep, query: Annotated[CallQuery, Query()]) -> Any:
    statement = filtered(query)
    count = statement.with_only_columns(func.count(), maintain_column_froms=True)
    total = session.scalar(count) or 0
    newest_first = statement.order_by(Call.sort_at.desc(), Call.id.desc())
    page = newest_first.limit(query.limit).offset((query.page - 1) * query.limit)
    return {
        "data": session.scalars(page).all(),
        "pagination": {
            "has_more": query.page * query.limit < total,
            "total": total,
            "page": query.page,
            "limit": query.limit,
        },
    }


def filtered(query: CallQuery) -> Select[Any]:
    statement = select(Call)
    if query.status:
        statement = statement.where(Call.status == query.status)
    if query.category:
        statement = statement.where(Call.category == query.category)
    if query.started_gte:
        started = Call.started_at.is_not(None)
        statement = statement.where(Call.sort_at >= query.started_gte, started)
    if query.started_lte:
        started = Call.started_at.is_not(None)
        statement = statement.where(Call.sort_at <= query.started_lte, started)
    if query.tags:
        holders = select(PatientTag.patient_id).where(PatientTag.tag_id.in_(query.tags))
        statement = statement.where(Call.patient_id.in_(holders))
    if query.q:
        words = " ".join(f'"{word}"*' for word in query.q.replace('"', " ").split())
        found = text("call.pk IN (SELECT rowid FROM call_fts WHERE call_fts MATCH :words)")
        statement = statement.where(found.bindparams(words=words))
    return statement
