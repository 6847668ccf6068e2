"""No contestant: a server that sends one ready answer, to learn how fast the generator can ask.

python -m bench.contestants.canned BODY_BYTES PORT
"""

import select
import socket
import sys


def serve(answer: bytes, port: int) -> None:
    """Answer whatever arrives, one request of at most one packet at a time for each connection."""
    listener = socket.create_server(("127.0.0.1", port))
    sockets = {listener.fileno(): listener}
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == listener.fileno():
                connection, _ = listener.accept()
                sockets[connection.fileno()] = connection
                poll.register(connection, select.POLLIN)
            elif sockets[descriptor].recv(65_536):
                sockets[descriptor].sendall(answer)
            else:
                poll.unregister(descriptor)
                sockets.pop(descriptor).close()


if __name__ == "__main__":
    size = int(sys.argv[1])
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n"
    serve(head.encode() + b"x" * size, int(sys.argv[2]))
