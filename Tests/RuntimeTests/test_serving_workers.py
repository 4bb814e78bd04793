"""Workers of the serving loop: spread, death, limits of time, stops and reloads."""

from __future__ import annotations

import http.client
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from serving_process import Answer, ServingProcess, serving, wait_until

SCRIPT = """
    import os, signal, sys, time
    def model_fn(model_dir): return open(os.path.join(model_dir, "version")).read() if os.path.exists(os.path.join(model_dir, "version")) else ""
    def transform_fn(model, data, content_type, accept):
        command, _, argument = data.decode().partition(" ")
        if command == "sleep": time.sleep(float(argument))
        if command == "spin":
            end = time.monotonic() + float(argument)
            while time.monotonic() < end: pass
        if command == "die": os.kill(os.getpid(), signal.SIGKILL)
        if command == "exit": os._exit(3)
        if command == "sys.exit": sys.exit("enough")
        if command == "print": print(argument)
        return f"{os.getpid()} {model}", "text/plain"
"""
TEXT = "text/plain"


def pid(answer: Answer) -> int:
    assert answer.status == 200, answer.text
    return int(answer.text.split()[0])


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("workers"), SCRIPT, SAGEMAKER_MODEL_SERVER_WORKERS="2") as server:
        wait_until(lambda: server.log().count("loaded the model") == 2, 30)
        yield server


def settle(server: ServingProcess) -> None:
    """Until both workers are there again."""

    def both() -> bool:
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda _: server.invoke("sleep 0.2", TEXT), range(2)))
        return len({answer.text for answer in answers if answer.status == 200}) == 2

    wait_until(both, 30, server.log)


def test_pings_are_answered_while_all_workers_are_busy(server: ServingProcess):
    with ThreadPoolExecutor(4) as pool:
        busy = [pool.submit(server.invoke, "spin 1.5", TEXT) for _ in range(4)]
        time.sleep(0.1)
        for _ in range(5):
            started = time.monotonic()
            assert server.ping() == 200
            assert time.monotonic() - started < 1
        assert not any(future.done() for future in busy)
        assert all(future.result().status == 200 for future in busy)


def test_requests_of_kept_connections_go_to_whoever_is_free(server: ServingProcess):
    settle(server)
    connections = [server.connection() for _ in range(64)]
    for connection in connections:
        connection.request("POST", "/invocations", "sleep 0.01", {"Content-Type": TEXT})
    pids = [pid(Answer(connection.getresponse())) for connection in connections]
    counts = sorted(pids.count(each) for each in set(pids))
    assert len(counts) == 2
    assert counts[0] >= 24

    # One worker is taken; each of the connections is served by the other at once.
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(server.invoke, "sleep 2", TEXT)
        time.sleep(0.2)
        started = time.monotonic()
        for connection in connections:
            connection.request("POST", "/invocations", "", {"Content-Type": TEXT})
            assert Answer(connection.getresponse()).status == 200
        assert time.monotonic() - started < 1.5
        assert not slow.done()
    for connection in connections:
        connection.close()


@pytest.mark.parametrize(
    ("command", "told"), [("die", "was killed by SIGKILL"), ("exit", "ended with exit code 3")]
)
def test_a_worker_that_dies_is_replaced_and_its_caller_told(server: ServingProcess, command: str, told: str):
    settle(server)
    answer = server.invoke(command, TEXT)
    assert answer.status == 500
    assert told in answer.text
    assert server.invoke("", TEXT).status == 200
    settle(server)


def test_a_script_that_exits_only_fails_its_request(server: ServingProcess):
    answer = server.invoke("sys.exit", TEXT)
    assert answer.status == 500
    assert answer.text.startswith("enough\n")
    assert "SystemExit: enough" in answer.text


def test_prints_are_in_the_log_when_the_answer_is_there(server: ServingProcess):
    server.invoke("print hello from the script", TEXT)
    assert "hello from the script\n" in server.log()


def test_the_log_has_no_line_per_request(server: ServingProcess):
    before = server.log()
    server.invoke("", TEXT)
    assert server.log() == before


def test_at_level_debug_the_log_has_a_line_per_request(tmp_path):
    with serving(tmp_path, SCRIPT, SAGEMAKER_CONTAINER_LOG_LEVEL="10") as server:
        server.invoke("", TEXT)
        # The line is written when the answer is on its way.
        wait_until(lambda: "POST /invocations 200" in server.log(), 5)


def test_a_request_that_takes_too_long_costs_its_worker(tmp_path):
    with serving(tmp_path, SCRIPT, SAGEMAKER_MODEL_SERVER_TIMEOUT="1") as server:
        first = pid(server.invoke("", TEXT))
        for command in ("sleep 30", "spin 30"):
            started = time.monotonic()
            answer = server.invoke(command, TEXT)
            assert answer.status == 504
            assert "longer than 1 s" in answer.text
            assert time.monotonic() - started < 5
            assert pid(server.invoke("", TEXT)) != first
        assert "inference.py" in server.log()  # Where it stood when it was killed.


def test_a_request_that_waits_too_long_for_a_worker_is_refused(tmp_path):
    limit = {"SAGEMAKER_MODEL_SERVER_TIMEOUT": "2"}
    with serving(tmp_path, SCRIPT, **limit) as server, ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: server.invoke("sleep 1.5", TEXT), range(3)))
    assert sorted(answer.status for answer in answers) == [200, 200, 504]


@pytest.mark.parametrize(
    ("workers", "devices"),
    [("", {"0", "1", "2"}), ("2", {"0", "1"}), ("1", {"0,1,2"}), ("4", {"0", "1", "2"})],
    ids=["as many workers as devices", "fewer", "one", "more"],
)
def test_workers_share_out_the_gpus(tmp_path, workers: str, devices: set):
    script = """
        import os, time
        def model_fn(model_dir): return os.environ["CUDA_VISIBLE_DEVICES"]
        def transform_fn(model, data, content_type, accept):
            time.sleep(0.3)
            return model
    """
    environment = {"SAGEMAKER_MODEL_SERVER_WORKERS": workers, "CUDA_VISIBLE_DEVICES": "0,1,2"}
    with serving(tmp_path, script, "huggingface", **environment) as server, ThreadPoolExecutor(4) as pool:
        wait_until(lambda: server.log().count("loaded the model") == int(workers or 3), 20)
        answers = list(pool.map(lambda _: server.invoke(""), range(int(workers or 3))))
        assert {answer.text for answer in answers} == devices


def test_there_are_as_many_workers_as_cpus_unless_said(tmp_path):
    with serving(tmp_path, SCRIPT, SAGEMAKER_MODEL_SERVER_WORKERS="") as server:
        assert f"with {len(os.sched_getaffinity(0))} workers" in server.log()


def test_sigterm_waits_for_requests_in_flight(tmp_path):
    with serving(tmp_path, SCRIPT) as server, ThreadPoolExecutor(2) as pool:
        idle = server.connection()
        idle.request("GET", "/ping")
        idle.getresponse().read()
        answers = [pool.submit(server.invoke, "sleep 1", TEXT) for _ in range(2)]
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        assert [future.result().status for future in answers] == [200, 200]
        assert server.exit_code() == 0
        with pytest.raises((OSError, http.client.HTTPException)):
            server.request("GET", "/ping")


def test_sigterm_ends_an_idle_server_at_once(tmp_path):
    with serving(tmp_path, SCRIPT) as server:
        server.invoke("", TEXT)
        started = time.monotonic()
        assert server.terminate() == 0
        assert time.monotonic() - started < 2


def test_sigterm_during_the_start_ends_it(tmp_path):
    server = ServingProcess(tmp_path).script("def model_fn(d):\n    import time; time.sleep(60)\n").launch()
    wait_until(lambda: server.ping() == 503, 10)
    assert server.terminate() == 0


def test_sighup_loads_the_model_anew_without_a_failed_request(tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model/version").write_text("one")
    with serving(tmp_path, SCRIPT, SAGEMAKER_MODEL_SERVER_WORKERS="2") as server:
        assert server.invoke("", TEXT).text.endswith("one")
        (tmp_path / "model/version").write_text("two")
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(server.invoke, "sleep 1", TEXT)
            time.sleep(0.2)
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: server.invoke("", TEXT).text.endswith("two"), 10)
            assert slow.result().text.endswith("one")
        wait_until(lambda: server.log().count("loaded the model") == 4, 10)
        assert {server.invoke("", TEXT).text.split()[1] for _ in range(10)} == {"two"}
        assert len(children(server.process.pid)) == 2


def test_a_second_sighup_does_not_cut_off_the_answer_of_a_worker_that_the_first_replaced(tmp_path):
    with serving(tmp_path, SCRIPT) as server, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(server.invoke, "sleep 3", TEXT)
        time.sleep(0.2)
        for loads in (2, 3):
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda count=loads: server.log().count("loaded the model") == count, 10)
        assert not slow.done()
        assert slow.result().status == 200


def test_a_replaced_worker_ends_when_a_caller_who_took_nothing_leaves(tmp_path):
    script = """
        def model_fn(model_dir): return None
        def transform_fn(model, data, content_type, accept): return parts()
        def parts():
            while True: yield b"x" * 100000
    """
    with serving(tmp_path, script) as server:
        before = children(server.process.pid)
        with server.socket() as caller:
            caller.sendall(b"POST /invocations HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
            assert caller.recv(1000)
            time.sleep(0.5)  # Until everything between the two is full.
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: server.log().count("loaded the model") == 2, 10)
        wait_until(lambda: not set(before) & set(children(server.process.pid)), 10)


def test_of_several_reloads_the_last_counts(tmp_path):
    (tmp_path / "model").mkdir()
    slow = SCRIPT + "    import time; time.sleep(0.5)\n"
    with serving(tmp_path, slow, SAGEMAKER_MODEL_SERVER_WORKERS="2") as server:
        for number in range(4):
            (tmp_path / "model/version").write_text(str(number))
            server.process.send_signal(signal.SIGHUP)
            time.sleep(0.1)
        wait_until(lambda: len(children(server.process.pid)) == 2, 20)
        assert {server.invoke("", TEXT).text.split()[1] for _ in range(10)} == {"3"}


def test_a_reload_that_fails_keeps_the_old_workers(tmp_path):
    with serving(tmp_path, SCRIPT) as server:
        server.script("def model_fn(d): raise ValueError('worse than before')")
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "worse than before" in server.log(), 10)
        assert server.invoke("", TEXT).status == 200


def test_a_model_that_cannot_be_loaded_ends_the_process_with_its_traceback_last(tmp_path):
    server = ServingProcess(tmp_path).script("""
        def model_fn(model_dir):
            raise ValueError("no such model")
    """)
    assert server.launch().exit_code() == 1
    assert server.log().endswith("ValueError: no such model\n")
    assert 'inference.py", line 3, in model_fn' in server.log()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("import no_such_package", "ModuleNotFoundError: No module named 'no_such_package'"),
        ("import sys; sys.exit('gave up')", "SystemExit: gave up"),
        ("import os; os._exit(7)", "ended with exit code 7 while it loaded the model"),
        ("import os; os.kill(os.getpid(), 9)", "was killed by SIGKILL (is the memory too small?)"),
    ],
)
def test_whatever_ends_a_loading_worker_is_told(tmp_path, script: str, told: str):
    server = ServingProcess(tmp_path, SAGEMAKER_MODEL_SERVER_WORKERS="2").script(script)
    assert server.launch().exit_code() == 1
    assert told in server.log().splitlines()[-1]


def test_a_model_that_loads_forever_ends_at_the_limit_of_the_start(tmp_path):
    server = ServingProcess(tmp_path, SAGEMAKER_STARTUP_TIMEOUT="1")
    server.script("def model_fn(d):\n    import time; time.sleep(60)\n").launch()
    wait_until(lambda: server.ping() == 503, 10)
    assert server.exit_code() == 1
    assert "within 1 s" in server.log()


def test_workers_that_die_again_and_again_are_replaced_more_and_more_slowly(tmp_path):
    with serving(tmp_path, SCRIPT) as server:
        started = time.monotonic()
        for _ in range(5):
            assert server.invoke("die", TEXT).status == 500
        assert server.invoke("", TEXT).status == 200
        assert time.monotonic() - started > 0.2 + 0.4 + 0.8 + 1.6


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLARY_FRAMEWORK", "cobol"),
        ("SAGEMAKER_BIND_TO_PORT", "high"),
        ("SAGEMAKER_MODEL_SERVER_WORKERS", "-2"),
    ],
)
def test_a_variable_that_cannot_be_meant_is_named(tmp_path, name: str, value: str):
    server = ServingProcess(tmp_path, **{name: value}).script(SCRIPT)
    assert server.launch().exit_code() == 1
    assert f"{name} is '{value}'" in server.log()


def children(parent: int) -> list[int]:
    with open(f"/proc/{parent}/task/{parent}/children") as file:  # noqa: PTH123 - not a file that Path reads better.
        return [int(word) for word in file.read().split() if os.path.exists(f"/proc/{word}")]  # noqa: PTH110
