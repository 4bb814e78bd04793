"""HTTP of the serving loop, over plain sockets."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from serving_process import Answer, ServingProcess, read_all, serving

ECHO = """
    def model_fn(model_dir): return None
    def input_fn(data, content_type): return data
    def predict_fn(data, model): return data
    def output_fn(prediction, accept): return prediction, "application/octet-stream"
"""
OCTETS = "application/octet-stream"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("http"), ECHO, SAGEMAKER_MAX_PAYLOAD_IN_MB="1") as server:
        yield server


def head(line: str = "POST /invocations HTTP/1.1", *fields: str) -> bytes:
    return "\r\n".join([line, "Host: x", *fields, "", ""]).encode()


def test_a_body_comes_back_as_it_went(server: ServingProcess):
    for size in (0, 1, 1000, 70_000, 1024 * 1024):
        body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
        answer = server.invoke(body, OCTETS)
        assert (answer.status, answer.content_type) == (200, OCTETS)
        assert answer.body == body


def test_a_kept_connection_takes_many_requests(server: ServingProcess):
    connection = server.connection()
    for index in range(200):
        connection.request("POST", "/invocations", str(index), {"Content-Type": OCTETS})
        assert Answer(connection.getresponse()).body == str(index).encode()
    connection.close()


def test_pipelined_requests_are_answered_in_order(server: ServingProcess):
    requests = b"".join(
        head("POST /invocations HTTP/1.1", f"Content-Type: {OCTETS}", f"Content-Length: {len(str(i))}")
        + str(i).encode()
        if i % 3
        else head("GET /ping HTTP/1.1")
        for i in range(1000)
    )
    answers = server.raw(requests + head("GET /nowhere HTTP/1.1", "Connection: close"))
    bodies = [part.split(b"\r\n\r\n")[1] for part in answers.split(b"HTTP/1.1 ")[1:]]
    assert bodies[:-1] == [str(i).encode() if i % 3 else b"{}" for i in range(1000)]
    assert answers.split(b"HTTP/1.1 ")[-1].startswith(b"404")


def test_a_request_may_come_byte_by_byte(server: ServingProcess):
    request = head(
        "POST /invocations HTTP/1.1", "Content-Length: 5", f"Content-Type: {OCTETS}", "Connection: close"
    )
    with server.socket() as sock:
        for byte in request + b"hello":
            sock.sendall(bytes([byte]))
        assert read_all(sock).endswith(b"\r\n\r\nhello")


def test_a_chunked_body_is_put_together(server: ServingProcess):
    def parts():
        for size in (1, 7000, 3, 100_000):
            yield b"a" * size

    connection = server.connection()
    connection.request("POST", "/invocations", parts(), {"Content-Type": OCTETS}, encode_chunked=True)
    assert Answer(connection.getresponse()).body == b"a" * 107_004
    connection.close()


def test_chunks_may_have_extensions_and_trailers_and_come_byte_by_byte(server: ServingProcess):
    request = head("POST /invocations HTTP/1.1", "Transfer-Encoding: chunked", f"Content-Type: {OCTETS}")
    request += b"5;name=value\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n"
    with server.socket() as sock:
        for byte in request + head("GET /ping HTTP/1.1", "Connection: close"):
            sock.sendall(bytes([byte]))
        answers = read_all(sock)
    assert b"\r\n\r\nhello!HTTP/1.1 200" in answers


def test_a_caller_that_expects_to_continue_is_told_to(server: ServingProcess):
    fields = ("Content-Length: 2", "Expect: 100-continue", f"Content-Type: {OCTETS}", "Connection: close")
    with server.socket() as sock:
        sock.sendall(head("POST /invocations HTTP/1.1", *fields))
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"ok")
        assert read_all(sock).endswith(b"\r\n\r\nok")


def test_a_caller_that_expects_to_continue_with_too_much_is_refused_first(server: ServingProcess):
    answer = server.raw(head("POST /invocations HTTP/1.1", "Content-Length: 2000000", "Expect: 100-continue"))
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("status", "request_bytes"),
    [
        (400, b"nonsense\r\n\r\n"),
        (400, b"nonsense\nHost: x\n\n"),
        (400, b"GET /ping HTTP/1.1 more\r\nHost: x\r\n\r\n"),
        (400, b"GET  /ping HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET ping HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"GET /ping HTTP/1.1\r\n\r\n"),
        (400, b"GET /ping HTTP/1.1\r\nHost : x\r\n\r\n"),
        (400, b"GET /ping HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n"),
        (400, b"GET /ping HTTP/1.1\r\nHost: x\r\nName: a\x00b\r\n\r\n"),
        (400, b"GET /ping HTTP/1.1\r\nHost: x\r\nName: a\nb: c\r\n\r\n"),
        (400, b"GET /ping HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
        (505, b"GET /ping HTTP/2.0\r\nHost: x\r\n\r\n"),
        (400, head("POST /invocations HTTP/1.1", "Content-Length: -1")),
        (400, head("POST /invocations HTTP/1.1", "Content-Length: 1x")),
        (400, head("POST /invocations HTTP/1.1", "Content-Length: 1", "Content-Length: 2")),
        (400, head("POST /invocations HTTP/1.1", "Content-Length: 3", "Transfer-Encoding: chunked")),
        (501, head("POST /invocations HTTP/1.1", "Transfer-Encoding: gzip, chunked")),
        (400, head("POST /invocations HTTP/1.1", "Transfer-Encoding: chunked") + b"zz\r\n"),
        (400, head("POST /invocations HTTP/1.1", "Transfer-Encoding: chunked") + b"2\r\nabc\r\n"),
        (413, head("POST /invocations HTTP/1.1", "Transfer-Encoding: chunked") + b"FFFFFF\r\n"),
        (417, head("GET /ping HTTP/1.1", "Expect: miracles")),
        (431, b"GET /ping HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 70_000),
    ],
)
def test_what_cannot_be_understood_is_refused_and_ends_the_connection(
    server: ServingProcess, status: int, request_bytes: bytes
):
    answer = server.raw(request_bytes + head("GET /ping HTTP/1.1"))
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer
    assert b"Connection: close" in answer
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_body_that_is_too_long_gets_413_while_it_is_still_sent(server: ServingProcess):
    answer = server.invoke(b"x" * 20_000_000, OCTETS)
    assert answer.status == 413
    assert "1048576 bytes" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/ping", 200),
        ("GET", "/ping?x=1", 200),
        ("HEAD", "/ping", 200),
        ("POST", "/ping", 405),
        ("GET", "/invocations", 405),
        ("GET", "/", 404),
        ("GET", "/v1/models/model", 404),
        ("GET", "http://elsewhere/ping", 200),
    ],
)
def test_paths_and_methods(server: ServingProcess, method: str, path: str, status: int):
    assert server.request(method, path).status == status


def test_an_old_caller_without_keep_alive_gets_its_connection_closed(server: ServingProcess):
    assert server.raw(b"GET /ping HTTP/1.0\r\n\r\n").endswith(b"\r\n\r\n{}")


def test_an_old_caller_may_ask_to_keep_the_connection(server: ServingProcess):
    with server.socket() as sock:
        for _ in range(2):
            sock.sendall(b"GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            answer = sock.recv(1000)
            assert b"Connection: keep-alive" in answer
            assert answer.endswith(b"{}")


def test_a_caller_that_ends_its_side_still_gets_the_answer(server: ServingProcess):
    with server.socket() as sock:
        sock.sendall(
            head("POST /invocations HTTP/1.1", "Content-Length: 2", f"Content-Type: {OCTETS}") + b"hi"
        )
        sock.shutdown(1)
        assert read_all(sock).endswith(b"\r\n\r\nhi")


def test_execution_parameters_name_workers_and_the_body_limit(server: ServingProcess):
    assert server.request("GET", "/execution-parameters").json() == {
        "MaxConcurrentTransforms": 1,
        "BatchStrategy": "MULTI_RECORD",
        "MaxPayloadInMB": 1,
    }


def test_idle_and_slow_connections_hold_up_nobody(server: ServingProcess):
    others = [server.socket() for _ in range(100)]
    for index, sock in enumerate(others):
        sock.sendall(head("POST /invocations HTTP/1.1", "Content-Length: 100")[: index + 1])
    assert server.invoke(b"x", OCTETS).body == b"x"
    for sock in others:
        sock.close()


def test_a_caller_that_does_not_read_frees_the_worker(server: ServingProcess):
    with server.socket() as slow:
        body = b"x" * 1_000_000
        slow.sendall(
            (
                head("POST /invocations HTTP/1.1", f"Content-Length: {len(body)}", f"Content-Type: {OCTETS}")
                + body
            )
            * 8
        )
        for _ in range(5):
            assert server.invoke(b"quick", OCTETS).body == b"quick"
        received = 0
        while received < 8 * len(body):
            received += len(slow.recv(1 << 20))


def test_what_a_caller_asks_without_reading_the_answers_is_not_piled_up(server: ServingProcess):
    body = b"x" * 4000
    request = head("POST /invocations HTTP/1.1", "Content-Length: 4000", f"Content-Type: {OCTETS}") + body
    count = 16_000
    before = memory(server.process.pid)
    with server.socket() as sock:
        # The kernel's buffers take some; the rest stays with the caller.
        sender = threading.Thread(target=sock.sendall, args=(request * count,))
        sender.start()
        time.sleep(1.5)
        assert memory(server.process.pid) < before + 10_000_000
        assert server.ping() == 200
        received = 0
        while received < count * len(body):
            received += sock.recv(1 << 20).count(b"x")
        sender.join()
        assert received == count * len(body)
        assert memory(server.process.pid) < before + 10_000_000


def memory(pid: int) -> int:
    """Resident bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
