"""The load generator, a process of its own: keep-alive connections that ask as fast as they can.

It reads one order a line from standard input and writes one report a line to standard output, both
JSON. It does as little as possible for each answer, so that the server is what is measured; how
busy it was itself stands in the report.
"""

import gc
import json
import select
import socket
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from typing import Any

RECEIVE_BYTES = 256 * 1024
TIMEOUT_S = 60.0


class Connection:
    """One keep-alive connection with at most one request under way."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answer = bytearray()
        self.length = 0
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.answer.clear()
        self.length = 0
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take in what has arrived and tell whether the answer is whole."""
        part = self.socket.recv(RECEIVE_BYTES)
        if not part:
            raise ConnectionError("The server closed a connection in the middle of an answer.")
        self.answer += part
        if not self.length:
            self.length = self._whole_length()
        if self.length < 0:
            return self.answer.endswith(b"\r\n0\r\n\r\n")
        return 0 < self.length <= len(self.answer)

    def _whole_length(self) -> int:
        """Give the answer's length with its head: 0 as long as unknown, -1 where it is chunked."""
        end = self.answer.find(b"\r\n\r\n")
        if end < 0:
            return 0
        head = bytes(self.answer[:end]).lower()
        at = head.find(b"content-length:")
        if at < 0:
            return -1
        return end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0])


class Run:
    """One order: so many connections, for so long, each asking again once it is answered.

    With `per_second`, requests start at that pace instead, whether earlier ones are answered or
    not as long as a connection is free. `requests` are sent in turn, once each with `once`.
    """

    def __init__(self, order: dict[str, Any]) -> None:
        requests = [text.encode("latin-1") for text in order["requests"]]
        self.requests: Iterator[bytes] = iter(requests) if order.get("once") else cycle(requests)
        self.seconds: float = order["seconds"]
        self.least: int = order.get("least", 1)
        self.interval_s = 1 / order["per_second"] if order.get("per_second") else 0.0
        self.idle = [Connection(order["host"], order["port"]) for _ in range(order["connections"])]
        self.busy: dict[int, Connection] = {}
        self.poll = select.poll()
        for connection in self.idle:
            self.poll.register(connection.socket, select.POLLIN)
        self.latencies: list[float] = []
        self.statuses: dict[str, int] = {}
        self.started = 0

    def run(self) -> dict[str, Any]:
        began, began_cpu = time.perf_counter(), time.process_time()
        open_for_more = True
        while open_for_more or self.busy:
            now = time.perf_counter()
            if now - began >= self.seconds and self.started >= self.least:
                open_for_more = False
            while open_for_more and self.idle and self._due(began, now):
                open_for_more = self._send_next()
            if open_for_more or self.busy:
                self._wait(began)
        elapsed = time.perf_counter() - began
        for connection in self.idle:
            connection.socket.close()
        return self._report(elapsed, time.process_time() - began_cpu)

    def _due(self, began: float, now: float) -> bool:
        return not self.interval_s or now - began >= self.started * self.interval_s

    def _send_next(self) -> bool:
        request = next(self.requests, None)
        if request is None:
            return False
        connection = self.idle.pop()
        self.busy[connection.socket.fileno()] = connection
        self.started += 1
        connection.send(request)
        return True

    def _wait(self, began: float) -> None:
        timeout_ms = TIMEOUT_S * 1000
        if self.interval_s and self.idle:
            due_at = began + self.started * self.interval_s
            timeout_ms = max(0.0, due_at - time.perf_counter()) * 1000
        ready = self.poll.poll(timeout_ms)
        if not ready and not self.interval_s:
            raise TimeoutError(f"No answer within {TIMEOUT_S:.0f} s.")
        for descriptor, _ in ready:
            connection = self.busy.get(descriptor)
            if connection is None:
                raise ConnectionError("The server closed an idle connection.")
            if connection.receive():
                self.latencies.append(time.perf_counter() - connection.sent_at)
                status = connection.answer[9:12].decode("ascii", "replace")
                self.statuses[status] = self.statuses.get(status, 0) + 1
                self.idle.append(self.busy.pop(descriptor))

    def _report(self, elapsed: float, cpu: float) -> dict[str, Any]:
        latencies = sorted(self.latencies)
        return {
            "requests": len(latencies),
            "per_second": len(latencies) / elapsed,
            "median_ms": quantile(latencies, 0.5) * 1000,
            "p99_ms": quantile(latencies, 0.99) * 1000,
            "statuses": self.statuses,
            "busy": cpu / elapsed,
        }


def quantile(ordered: list[float], share: float) -> float:
    """Give the value that so large a share of the ordered values does not exceed."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def main() -> None:
    gc.disable()
    for line in sys.stdin:
        try:
            report = Run(json.loads(line)).run()
        except OSError as error:
            report = {"error": str(error)}
        print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
