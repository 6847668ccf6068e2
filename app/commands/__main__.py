"""Runs the command as `python -m app.commands`."""

from app.commands import main

main(prog_name="clinic-calls")
