"""The base of every table: it belongs to the database of the current application."""

import peewee

from app.models.engine import database


class Model(peewee.Model):
    """Binds a table to the database of the current application."""

    class Meta:
        database = database
        legacy_table_names = False
