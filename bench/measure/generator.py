"""That the load generator is not what is measured: how fast it asks a server that does nothing."""

from typing import Any

from bench.bench import Bench
from bench.data import Clinic
from bench.databases import service, service_database
from bench.queries import PATH
from bench.servers import Contestant, fetch, python, serving
from bench.turns import Target, take_turns

CONNECTIONS = (1, 8)


def measure(bench: Bench) -> dict[str, Any]:
    """Give the generator's requests a second, for answers as long as a first page."""
    bench.say("the load generator alone")
    with serving(service(service_database(Clinic(min(bench.plan.sizes))))) as servers:
        size = len(fetch(servers["clinic-calls"], PATH))
    canned = Contestant("canned", python("bench.contestants.canned", str(size), "{port}"), "/")
    with serving(canned) as servers:
        targets = {"canned": Target(servers["canned"], ("/",))}
        return {
            str(connections): take_turns(
                bench.generator,
                targets,
                connections=connections,
                plan=bench.plan,
                seconds=bench.plan.turn_s,
            )["canned"]
            for connections in CONNECTIONS
        } | {"body_bytes": size}
