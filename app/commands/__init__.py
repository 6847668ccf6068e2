"""The command `clinic-calls`: one module a command, thin over what the routes use too."""

import difflib
import importlib
import os
import sys
from typing import Any

import apsw
import click

COMMANDS = {
    "serve": "Serve the API, its description and the pages.",
    "demo": "Fill a demo database and serve it.",
    "people": "Add people, list them, change and end them.",
    "keys": "Make, list, rotate and revoke API keys.",
    "import": "Store calls, patients or tags from a file.",
    "export": "Write calls, patients or tags to a file.",
    "pull": "Copy calls from another API like this one.",
    "undelete": "Bring back a deleted call.",
    "deadletters": "Look through webhooks that could not be read.",
    "simulate": "Send believable webhooks to a server.",
    "settings": "Show each setting, its value and its origin.",
    "migrate": "Bring the database's tables up to date.",
    "doctor": "Check settings, database, disk and engine.",
}


class Commands(click.Group):
    """Loads a command's module when it is run: `--help` and `keys` need no web server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            near = difflib.get_close_matches(cmd_name[:64], COMMANDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"There is no command {cmd_name!r}.{hint}", ctx)
        module = importlib.import_module(f"app.commands.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what a person can mend becomes one clear line, not a traceback."""
        from app.config import SettingError
        from app.models.opening import DatabaseRefused

        try:
            return super().invoke(ctx)
        except (SettingError, DatabaseRefused) as error:
            raise click.ClickException(str(error)) from None
        except OSError as error:
            _drop_unwritable_output()
            if isinstance(error, BrokenPipeError):
                # The reader has gone, as `head` does: nobody is left to be told.
                ctx.exit(1)
            place = f": {error.filename}" if error.filename else ""
            raise click.ClickException(f"{error.strerror or error}{place}") from None
        except Exception as error:
            if words := engine_trouble(error):
                raise click.ClickException(words) from None
            raise


def _drop_unwritable_output() -> None:
    """Let go of what stdout cannot take: Python would try it again, and complain, at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def engine_trouble(error: BaseException) -> str | None:
    """Say what a person can do about an error of the database's engine."""
    from app.errors import causes
    from app.models.engine import DatabaseBusy, DatabaseReplaced

    for cause in causes(error):
        for kinds, words in (
            ((apsw.FullError,), "The disk is full; make room and run this again."),
            ((apsw.BusyError, apsw.LockedError, DatabaseBusy), "The database is busy; try again."),
            ((apsw.CorruptError, apsw.NotADBError), "The database is damaged; restore a backup."),
            ((apsw.ReadOnlyError,), "The database cannot be written; check its file and folder."),
            ((DatabaseReplaced,), "The database's file was replaced meanwhile; run this again."),
        ):
            if isinstance(cause, kinds):
                return words
    return None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="clinic-calls")
def main() -> None:
    """A clinic's own book of the calls that its AI receptionists answered.

    Settings come from the environment, then from one file; `clinic-calls settings` shows them.
    """
