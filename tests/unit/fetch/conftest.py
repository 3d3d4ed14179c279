"""A world for fetching that is made of tables: names, scripted servers, and what was asked."""

import socket

import pytest

from service.fetch import Network


class ScriptedSocket(socket.socket):
    """One end of a socket pair that says it is connected to some address."""

    peer = ("", 0)

    def getpeername(self):
        return self.peer


class FakeWorld:
    """Answers names and connections from tables, and records every one of them.

    ``names`` maps a host to its addresses; a list of lists gives one answer after the other.
    ``servers`` maps (address, port) to the responses it gives, one a connection.
    ``impostors`` maps an address to the one that really takes its connections.
    """

    def __init__(self):
        self.names = {}
        self.servers = {}
        self.impostors = {}
        self.own = set()
        self.resolved = []
        self.opened = []
        self._ends = []

    @property
    def network(self):
        return Network(
            resolve=self._resolve, connect=self._connect, is_own_address=self.own.__contains__
        )

    def requests(self):
        """What was sent over each connection, in order."""
        received = []
        for end in self._ends:
            end.setblocking(False)
            try:
                received.append(end.recv(100_000))
            except (BlockingIOError, ConnectionResetError):
                received.append(b"")
        return received

    def close(self):
        for end in self._ends:
            end.close()

    def _resolve(self, host, seconds):
        self.resolved.append(host)
        answers = self.names.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        if answers and isinstance(answers[0], list):
            return answers.pop(0) if len(answers) > 1 else answers[0]
        return answers

    def _connect(self, address, port, seconds):
        self.opened.append((address, port))
        responses = self.servers.get((address, port))
        if not responses:
            raise ConnectionRefusedError
        ours, theirs = socket.socketpair()
        self._ends.append(theirs)
        theirs.sendall(responses.pop(0))
        theirs.shutdown(socket.SHUT_WR)
        scripted = ScriptedSocket(fileno=ours.detach())
        scripted.peer = (self.impostors.get(address, address), port)
        return scripted


@pytest.fixture
def world():
    made = FakeWorld()
    yield made
    made.close()
