"""Answers of the network for urllib.request: the run's owner fetches while this thread waits."""

import http.client
import io
import json
import os
import urllib.error
import urllib.parse

import _lanes
from _lanes_start import FETCH

EACCES = 2


class _Body:
    """What http.client reads an answer from."""

    def __init__(self, content):
        self._content = content

    def makefile(self, mode):
        """The answer, from its first line on."""
        return self._content


class _Chain(io.RawIOBase):
    """The head, then the body as a file of the run."""

    def __init__(self, head, body):
        self._head, self._body = head, body

    def readable(self):
        return True

    def readinto(self, buffer):
        with memoryview(buffer) as view:
            part = self._head[:len(view)]
            self._head = self._head[len(part):]
            if not part:
                part = os.read(self._body, len(view))
            view[:len(part)] = part
            return len(part)

    def close(self):
        if not self.closed:
            os.close(self._body)
        super().close()


def open_request(handler, request):
    """The answer to a request: of a server that this run has started, or of an address that the browser fetches."""
    if request.type == "http" and urllib.parse.urlsplit(request.full_url).hostname in ("localhost", "127.0.0.1"):
        try:
            return handler.do_open(http.client.HTTPConnection, request)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
    return fetch(request)


def fetch(request):
    """The answer to a `urllib.request.Request`, as http.client gives it."""
    url = request.full_url
    body = request.data
    if body is not None and not isinstance(body, (bytes, bytearray)):
        body = b"".join(body)
    message = {
        "url": url,
        "method": request.get_method(),
        "headers": {name: value for name, value in request.header_items() if name.lower() not in ("host", "user-agent", "connection", "content-length")},
        "body": list(body) if body is not None else None,
    }
    number, about = _lanes.call(FETCH, 0, 0, json.dumps(message).encode())
    if number == -EACCES:
        raise urllib.error.URLError(f"{url} is not among the addresses that this run may fetch")
    if number < 0:
        raise urllib.error.URLError(f"{url} cannot be fetched: it does not answer, or does not allow other sites' pages to read it")
    about = json.loads(about)
    # The browser has undone the compression and knows the length of what is left.
    left_out = ("content-encoding", "content-length", "transfer-encoding")
    headers = [f"{name}: {value}" for name, value in about["headers"] if name not in left_out]
    head = "\r\n".join([f"HTTP/1.1 {about['status']} {about['reason']}", *headers, "Connection: close", "", ""])
    answer = http.client.HTTPResponse(_Body(io.BufferedReader(_Chain(head.encode("latin-1", "replace"), int(number)))), method=request.get_method())
    answer.begin()
    answer.url, answer.msg = url, answer.reason
    return answer
