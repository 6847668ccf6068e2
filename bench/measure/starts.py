"""Starting: the import of the application, and each stack until it first answers."""

import os
import subprocess
import sys
from statistics import median
from typing import Any

from bench.bench import Bench
from bench.data import PROJECT_ROOT, Clinic
from bench.databases import natural_database, service_database, service_environ
from bench.servers import BenchFailed, serving
from bench.stacks import all_stacks

# The application object as a server gets it: everything imported, the database opened.
IMPORT = "import time; began = time.perf_counter(); import wsgi; print(time.perf_counter() - began)"


def measure(bench: Bench) -> dict[str, Any]:
    """Give medians in s: the import of `wsgi`, and by stack from its start to its first answer."""
    clinic = Clinic(min(bench.plan.sizes))
    database = service_database(clinic)
    stacks = all_stacks(database, clinic, natural_database(clinic))
    imports: list[float] = []
    starts: dict[str, list[float]] = {stack.name: [] for stack in stacks}
    bench.say("starting")
    for _ in range(bench.plan.starts):
        imports.append(_import_s(service_environ(database.path)))
        for stack in stacks:
            with serving(stack) as servers:
                starts[stack.name].append(servers[stack.name].started_in_s)
    return {
        "import_s": median(imports),
        "start_s": {name: median(times) for name, times in starts.items()},
    }


def _import_s(environ: dict[str, str]) -> float:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT],
        cwd=PROJECT_ROOT,
        env=os.environ | environ,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"The application cannot be imported: {done.stderr.decode()[-500:]}")
    return float(done.stdout)
