"""Stands where an interpreter is named: has the server fork a process, and ends as that one does.

Takes the path of the server's socket and what an interpreter takes. Loads little, as one is started
for each process.
"""

import json
import os
import signal
import socket
import struct
import sys

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def main() -> None:
    server = socket.socket(socket.AF_UNIX)
    server.connect(sys.argv[1])
    asked = {"arguments": sys.argv[2:], "environment": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109
    message = json.dumps(asked).encode()
    socket.send_fds(server, [struct.pack("q", len(message))], [0, 1, 2])
    server.sendall(message)
    with server.makefile("rb") as answers:
        [process] = struct.unpack("q", answers.read(8))
        for number in SIGNALS:
            signal.signal(number, lambda number, frame: os.kill(process, number))
        [code] = struct.unpack("q", answers.read(8))
    if code < 0:  # it was killed
        if -code in SIGNALS:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


main()
