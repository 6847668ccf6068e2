"""The version of this program, from its package's metadata."""

from importlib.metadata import version

VERSION = version("clinic-calls")
