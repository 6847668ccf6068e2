#!/bin/sh
# Makes .venv and installs into it; makes it anew where it is broken, moved, or of another Python.
#
# venv.sh NAME EXTRAS, with PYTHON in the environment, CHOSEN=yes where a person has chosen it, and
# WHEELS where everything comes from a folder.
set -eu
name=$1 extras=$2
stamp=.venv/$name python=.venv/bin/python
fail() { echo "$1" >&2; exit 1; }

# Where it lies and what it is of; nothing where it does not run, or a file of a package is missing.
about='
import sys
from importlib.metadata import distributions
for package in distributions():
    for file in package.files or ():
        if file.suffix != ".pyc" and not file.locate().exists():
            sys.exit(1)
print(sys.prefix, *sys.version_info[:2])
'

is_sound() {
    [ -s .venv/made ] && [ ! -e .venv/installing ] || return 1
    found=$($python -c "$about" 2>/dev/null) && [ "$found" = "$(cat .venv/made)" ] || return 1
    [ -z "${CHOSEN:-}" ] || $python -c "import sys
sys.exit(f'{sys.version_info[:2]}' != '$($PYTHON -c 'import sys; print(sys.version_info[:2])')')"
}

make_venv() {
    $PYTHON -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "clinic-calls needs Python 3.11 or newer; set PYTHON=/path/to/python3."
    $PYTHON -c 'import venv, ensurepip' 2>/dev/null ||
        fail "This Python has no venv: install it, on Debian or Ubuntu with
    sudo apt-get install python3-venv"
    # Moved away first: what an interruption leaves of it is then no .venv.
    [ ! -e .venv ] || { echo "Making .venv anew: it is not whole, moved, or of another Python."
        rm -rf .venv.old; mv .venv .venv.old; }
    rm -rf .venv.old
    $PYTHON -m venv .venv
    $python -c "$about" >.venv/made
}

# What a package index that is not there makes pip say.
unreachable='NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError'
unreachable="$unreachable|Connection refused|Network is unreachable|name resolution"

install() {
    echo "Installing clinic-calls into .venv ..."
    set -- -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 15
    if [ -n "${WHEELS:-}" ]; then
        [ -d "$WHEELS" ] || fail "There is no folder $WHEELS of wheels; docs/operating.md tells more."
        set -- "$@" --no-index --find-links "$WHEELS"
    fi
    touch .venv/installing
    if ! $python "$@" -e ".$extras" 2>.venv/pip.log; then
        # It says so itself: it has not been interrupted, and has changed nothing.
        rm .venv/installing
        [ -n "${WHEELS:-}" ] || ! grep -Eq "$unreachable" .venv/pip.log ||
            fail "The package index cannot be reached; without internet: make install WHEELS=wheels"
        grep '^ERROR' .venv/pip.log >&2 || cat .venv/pip.log >&2
        exit 1
    fi
    rm .venv/installing
    touch "$stamp"
}

is_sound || make_venv
[ "$stamp" -nt setup.cfg ] && [ "$stamp" -nt pyproject.toml ] || install
