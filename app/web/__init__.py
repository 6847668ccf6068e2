"""The pages: their templates and static files."""
