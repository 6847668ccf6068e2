"""Where the program lies, and where the clinic's data lie; never among installed packages."""

import os
from collections.abc import Mapping
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
IS_CHECKOUT = (PROJECT_ROOT / "setup.cfg").is_file()
STATE_FOLDER = Path("/var/lib/clinic-calls")


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Give the folder of databases: `instance/` in a checkout, else one of this machine's."""
    if IS_CHECKOUT:
        return PROJECT_ROOT / "instance"
    found = STATE_FOLDER if STATE_FOLDER.exists() else STATE_FOLDER.parent
    if os.access(found, os.W_OK):
        return STATE_FOLDER
    home = Path(environ.get("XDG_DATA_HOME", ""))
    # The XDG specification: a relative one is to be ignored.
    return (home if home.is_absolute() else Path.home() / ".local" / "share") / "clinic-calls"


def resolve(path: str) -> Path:
    """Give the file that a relative path means: `instance/` stands for the folder of data."""
    first, *others = Path(path).parts
    if first == "instance":
        return data_folder().joinpath(*others)
    return (PROJECT_ROOT if IS_CHECKOUT else data_folder()) / path
