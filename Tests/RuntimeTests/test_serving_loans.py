"""Kept connections that a worker serves by itself: nobody must see a difference but that it is faster."""

from __future__ import annotations

import array
import http.client
import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from serving_process import RUNTIME, Answer, ServingProcess, read_all, serving, wait_until

SCRIPT = """
    import os, time
    def model_fn(model_dir): return None
    def transform_fn(model, data, content_type, accept):
        command, _, argument = data.decode().partition(" ")
        if command == "sleep": time.sleep(float(argument))
        if command == "die": os.kill(os.getpid(), 9)
        if command == "large": return "x" * int(argument), "text/plain"
        if command == "fork" and os.fork() == 0:
            time.sleep(float(argument))
            os._exit(0)
        if command == "stream": return parts(int(argument))
        return str(os.getpid()), "text/plain"
    def parts(count):
        for number in range(count):
            yield b"%d\\n" % number * 1000
            time.sleep(0.001)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("loans"), SCRIPT, SAGEMAKER_MODEL_SERVER_WORKERS="2") as server:
        wait_until(lambda: server.log().count("loaded the model") == 2, 30)
        yield server


def request(body: str = "") -> bytes:
    """A request in one piece, as the platform sends it; http.client sends head and body apart."""
    data = body.encode()
    head = "POST /invocations HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: "
    return f"{head}{len(data)}\r\n\r\n".encode() + data


def ask(connection: socket.socket, body: str = "") -> Answer:
    connection.sendall(request(body))
    response = http.client.HTTPResponse(connection, method="POST")
    response.begin()
    return Answer(response)


def lent(server: ServingProcess) -> socket.socket:
    """A connection that a worker has been lent: it goes on with the worker of the first answer."""
    connection = server.socket()
    # Nothing is lent for a moment after a request of another test had to wait.
    time.sleep(0.15)
    assert len({ask(connection).text for _ in range(10)}) == 1
    wait_until(lambda: loans(server) >= 1, 5)
    return connection


def loans(server: ServingProcess) -> int:
    """How many connections of callers the workers hold."""
    count = 0
    for worker in workers(server):
        for name in os.listdir(f"/proc/{worker}/fd"):  # noqa: PTH208
            try:
                descriptor = os.readlink(f"/proc/{worker}/fd/{name}")  # noqa: PTH115
            except FileNotFoundError:
                continue
            count += descriptor.removeprefix("socket:[").rstrip("]") in connected(server.port)
    return count


def connected(port: int) -> set[str]:
    """Inodes of the server's ends of connections to its port."""
    with open("/proc/net/tcp") as file:  # noqa: PTH123
        rows = [line.split() for line in file][1:]
    return {row[9] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"}


def workers(server: ServingProcess) -> list[int]:
    parent = server.process.pid
    with open(f"/proc/{parent}/task/{parent}/children") as file:  # noqa: PTH123
        return [int(word) for word in file.read().split()]


def test_a_connection_is_lent_and_answers_stay_in_order(server: ServingProcess):
    connection = lent(server)
    for number in range(200):
        assert ask(connection, f"large {number}").text == "x" * number
    connection.close()
    wait_until(lambda: loans(server) == 0, 5)


def test_two_callers_have_a_worker_each(server: ServingProcess):
    first, second = lent(server), server.socket()
    pids = {ask(first).text for _ in range(5)} | {ask(second).text for _ in range(5)}
    assert len(pids) == 2
    wait_until(lambda: loans(server) == 2, 5)
    first.close()
    second.close()


def test_a_third_caller_waits_for_neither_of_two_idle_ones(server: ServingProcess):
    idle = [lent(server), server.socket()]
    ask(idle[1])
    wait_until(lambda: loans(server) == 2, 5)
    started = time.monotonic()
    assert server.invoke("", "text/plain").status == 200
    assert time.monotonic() - started < 1
    for connection in idle:
        assert ask(connection).status == 200
        connection.close()


def test_a_loan_is_called_back_after_the_request_in_progress(server: ServingProcess):
    first, second = lent(server), server.socket()
    ask(second)
    with ThreadPoolExecutor(2) as pool:
        slow = [pool.submit(ask, connection, "sleep 0.5") for connection in (first, second)]
        time.sleep(0.1)
        assert server.ping() == 200
        assert server.invoke("", "text/plain").status == 200
        assert [future.result().status for future in slow] == [200, 200]


def test_answers_larger_than_the_socket_takes_at_once(server: ServingProcess):
    connection = lent(server)
    for size in (3, 40_000_000, 1_000_000, 2):
        assert len(ask(connection, f"large {size}").body) == size
    connection.close()


def test_a_caller_who_takes_a_large_answer_slowly_keeps_no_worker(server: ServingProcess):
    with server.socket() as sock:
        time.sleep(0.15)
        sock.sendall(request())
        assert b"200 OK" in sock.recv(65536)
        wait_until(lambda: loans(server) == 1, 5)
        sock.sendall(request("large 20000000"))
        wait_until(lambda: loans(server) == 0, 5)
        with ThreadPoolExecutor(2) as pool:
            both = pool.map(lambda _: server.invoke("sleep 0.3", "text/plain"), range(2))
            assert len({answer.text for answer in both}) == 2
        received = 0
        while received < 20_000_000:
            received += len(sock.recv(1 << 20))


def test_streamed_answers_go_through_the_front(server: ServingProcess):
    connection = lent(server)
    for _ in range(3):
        assert ask(connection, "stream 50").body == b"".join(b"%d\n" % n * 1000 for n in range(50))
    # Another caller calls the loan back while the answer is being made, which must not cut it off.
    other = server.socket()
    ask(other)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(10):
            streams = [pool.submit(ask, each, "stream 20") for each in (connection, other)]
            third = pool.submit(server.invoke, "", "text/plain")
            assert [future.result().body.count(b"\n") for future in streams] == [20_000, 20_000]
            assert third.result().status == 200
    connection.close()
    other.close()


def test_requests_in_pieces_and_several_at_once(server: ServingProcess):
    one = request("large 1")
    with server.socket() as sock:
        time.sleep(0.15)
        for pieces in ([one], [one], [one[:10], one[10:]], [one[:-3], one[-3:]], [one]):
            for piece in pieces:
                sock.sendall(piece)
                time.sleep(0.05)
            answer = sock.recv(65536)
            assert answer.endswith(b"\r\n\r\nx"), answer
        sock.sendall(one * 3)
        answers = b""
        while answers.count(b"200 OK") < 3:
            answers += sock.recv(65536)
        sock.sendall(one)
        assert sock.recv(65536).endswith(b"\r\n\r\nx")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /ping HTTP/1.1\r\nHost: a\r\n\r\n", b"200"),
        (b"POST /elsewhere HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", b"404"),
        (b"GET /invocations HTTP/1.1\r\nHost: a\r\n\r\n", b"405"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"POST /invocations HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (
            b"POST /invocations HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            b"200",
        ),
        (
            b"POST /invocations HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nlarge 1\r\n0\r\n\r\n",
            b"200",
        ),
    ],
    ids=["ping", "elsewhere", "get", "nonsense", "too large", "last", "chunked"],
)
def test_what_is_no_simple_prediction_is_answered_as_ever(server: ServingProcess, data: bytes, status: bytes):
    with lent(server) as connection:
        connection.sendall(data)
        answer = connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 " + status), answer
        if b"Connection: close" in answer:
            read_all(connection)


def test_a_worker_that_dies_at_a_lent_connection_is_told(server: ServingProcess):
    connection = lent(server)
    answer = ask(connection, "die")
    assert answer.status == 500
    assert "was killed by SIGKILL" in answer.text
    assert answer.headers["connection"] == "close"
    wait_until(lambda: len(workers(server)) == 2, 10)


def test_a_worker_that_dies_between_requests_closes_its_connection(server: ServingProcess):
    connection = lent(server)
    os.kill(int(ask(connection).text), signal.SIGKILL)
    with pytest.raises((http.client.HTTPException, OSError)):
        time.sleep(0.3)
        ask(connection)
    assert server.invoke("", "text/plain").status == 200


def test_a_caller_who_leaves_frees_the_worker(server: ServingProcess):
    connection = lent(server)
    connection.sendall(request("sleep 0.2"))
    connection.close()
    wait_until(lambda: loans(server) == 0, 5)
    assert server.invoke("", "text/plain").status == 200


def test_a_child_of_user_code_does_not_keep_a_connection_open(server: ServingProcess):
    connection = lent(server)
    ask(connection, "fork 3")
    connection.sendall(b"nonsense\r\n\r\n")
    started = time.monotonic()
    read_all(connection)
    assert time.monotonic() - started < 2


def test_the_limit_of_time_holds_for_lent_connections(tmp_path):
    with serving(tmp_path, SCRIPT, SAGEMAKER_MODEL_SERVER_TIMEOUT="1") as server:
        connection = lent(server)
        started = time.monotonic()
        answer = ask(connection, "sleep 30")
        assert answer.status == 504
        assert "longer than 1 s" in answer.text
        assert time.monotonic() - started < 5


def test_a_small_limit_of_bodies_holds_on_kept_connections(tmp_path):
    with serving(tmp_path, SCRIPT, SAGEMAKER_MAX_REQUEST_SIZE="100") as server:
        connection = server.socket()
        assert [ask(connection, "x" * 50).status for _ in range(5)] == [200] * 5
        assert ask(connection, "x" * 200).status == 413
        connection.close()


def test_sigterm_finishes_the_request_of_a_lent_connection(tmp_path):
    with serving(tmp_path, SCRIPT) as server, ThreadPoolExecutor(1) as pool:
        connection = lent(server)
        slow = pool.submit(ask, connection, "sleep 1")
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        assert slow.result().status == 200
        assert server.exit_code(5) == 0


def test_sigterm_ends_a_server_whose_worker_is_lent(tmp_path):
    with serving(tmp_path, SCRIPT) as server:
        connection = lent(server)
        started = time.monotonic()
        assert server.terminate() == 0
        assert time.monotonic() - started < 2
        connection.close()


def test_sighup_replaces_a_worker_that_is_lent(tmp_path):
    with serving(tmp_path, SCRIPT) as server:
        connection = lent(server)
        before = ask(connection).text
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: ask(connection).text != before, 10)
        wait_until(lambda: workers(server) == [int(ask(connection).text)], 10)
        connection.close()


def test_at_level_debug_the_log_has_a_line_per_request(tmp_path):
    with serving(tmp_path, SCRIPT, SAGEMAKER_CONTAINER_LOG_LEVEL="10") as server:
        connection = lent(server)
        wait_until(lambda: server.log().count("POST /invocations 200") == 10, 5)
        connection.close()


def test_a_descriptor_belongs_to_the_loan_it_came_with(monkeypatch):
    monkeypatch.syspath_prepend(RUNTIME)
    from clary_runtime.serving import frames
    from clary_runtime.serving.inbox import Inbox

    ours, theirs = socket.socketpair()
    with ours, theirs, socket.socket() as lent:
        ours.sendall(frames.TO_WORKER.pack(frames.RECALL, 0, 0, 0))
        loan = frames.TO_WORKER.pack(frames.LEND, 0, 0, 0)
        ours.sendmsg([loan], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [lent.fileno()]))])
        messages = Inbox(theirs)
        first, second = messages.next(), messages.next()
        assert first is not None and second is not None
        assert (first.kind, first.descriptor) == (frames.RECALL, None)
        assert second.kind == frames.LEND and second.descriptor is not None
        os.close(second.descriptor)


def test_many_callers_on_few_workers(server: ServingProcess):
    def caller(number: int) -> list[int]:
        connection = server.socket()
        sizes = [len(ask(connection, f"large {number * 100 + index}").body) - index for index in range(100)]
        connection.close()
        return sizes

    for callers in (2, 3, 16):
        with ThreadPoolExecutor(callers) as pool:
            for number, sizes in enumerate(pool.map(caller, range(callers))):
                assert sizes == [number * 100] * 100
