"""Secrets of agents: one-time tokens, sessions that end with their instance, and where neither may stand."""

import json
import os
import re
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest
import requests
from jobs import script_request, wait_for_job, wait_until
from server import Server, processes_below
from test_survival import client


def agent_of(server: Server) -> int:
    """The process of the only agent."""
    found = wait_until(
        lambda: [pid for pid, command in processes_below(server.folder) if " agent --bootstrap" in command],
        lambda pids: len(pids) == 1,
    )
    return found[0]


def secrets_in_memory(pid: int) -> set[str]:
    """The bearer secrets that a process has in its memory, as its user or root sees it."""
    found: set[bytes] = set()
    with Path(f"/proc/{pid}/mem").open("rb") as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            if not line.split()[1].startswith("rw"):
                continue
            first, last = (int(number, 16) for number in line.split()[0].split("-"))
            try:
                memory.seek(first)
                content = memory.read(last - first)
            except (OSError, ValueError):
                continue
            found |= set(re.findall(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", content))
    return {secret.decode() for secret in found}


def record_of_the_instance(server: Server) -> dict:
    """What the control plane has stored of the only instance."""
    with sqlite3.connect(f"file:{server.data}/state.sqlite?mode=ro", uri=True) as state:
        ((document,),) = state.execute("SELECT body FROM instance").fetchall()
    return json.loads(document)


def ask(server: Server, instance: str, route: str, secret: str, **options) -> requests.Response:
    method = "POST" if options else "GET"
    return requests.request(
        method,
        f"{server.url}/_clary/agent/v1/instances/{instance}/{route}",
        headers={"Authorization": f"Bearer {secret}"},
        timeout=10,
        **options,
    )


def session_of(server: Server, instance: str, agent: int) -> str:
    """The secret that opens the instance's routes, taken out of its agent's memory."""
    for secret in secrets_in_memory(agent):
        if ask(server, instance, "assignment", secret).status_code == 200:
            return secret
    raise AssertionError("the agent has no session in its memory")


def holders_of(secret: str, server: Server) -> list[str]:
    """The files below the data directory, arguments and environments that hold a secret."""
    needle = secret.encode()
    files = [path for path in server.data.rglob("*") if path.is_file() and not path.is_symlink()]
    files += [server.log_path]
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            files += [process / "cmdline", process / "environ"]
    found = []
    for path in files:
        try:
            if needle in path.read_bytes():
                found.append(str(path))
        except OSError:
            continue
    return found


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look into the memory of a process")
def test_an_agent_s_session_is_in_its_memory_alone_and_ends_with_its_instance(own_server):
    own_server.start()
    client(own_server, "s3").create_bucket(Bucket="secrets")
    sagemaker = client(own_server, "sagemaker")
    sagemaker.create_training_job(**script_request("secret", "secrets", "sleep 300"))
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="secret")["SecondaryStatus"],
        lambda status: status == "Training",
    )
    agent = agent_of(own_server)
    (directory,) = (own_server.data / "instances").iterdir()
    instance = directory.name
    session = session_of(own_server, instance, agent)

    # The same search finds what is there: the instance's name is in arguments and files.
    assert any("cmdline" in place for place in holders_of(instance, own_server))
    assert any("instances" in place or "state.sqlite" in place for place in holders_of(instance, own_server))
    assert holders_of(session, own_server) == []
    assert "token" not in json.loads((directory / "agent.json").read_text())
    record = record_of_the_instance(own_server)
    assert set(record) & {"token", "tokenHash", "sessionHash"} == {"tokenHash", "sessionHash"}

    # A session is no token, and a hash is neither.
    proposal = {"sessionHash": "0" * 64}
    for secret in (session, record["tokenHash"], record["sessionHash"], "0" * 64):
        assert ask(own_server, instance, "session", secret, json=proposal).status_code == 401
    for secret in (record["tokenHash"], record["sessionHash"]):
        assert ask(own_server, instance, "assignment", secret).status_code == 401
    assert ask(own_server, f"{instance}0", "assignment", session).status_code == 404

    # The session is good for the next server too, and the agent goes on with it.
    own_server.kill()
    own_server.start(port=own_server.port)
    assert ask(own_server, instance, "assignment", session).status_code == 200
    assert agent_of(own_server) == agent

    sagemaker = client(own_server, "sagemaker")
    sagemaker.stop_training_job(TrainingJobName="secret")
    assert wait_for_job(sagemaker, "secret")["TrainingJobStatus"] == "Stopped"
    wait_until(lambda: ask(own_server, instance, "assignment", session).status_code, lambda code: code == 404)
    assert holders_of(session, own_server) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look into the memory of a process")
def test_a_spent_token_opens_nothing(own_server):
    own_server.start()
    client(own_server, "s3").create_bucket(Bucket="secrets")
    sagemaker = client(own_server, "sagemaker")
    sagemaker.create_training_job(**script_request("spent", "secrets", "sleep 300"))
    agent = agent_of(own_server)
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="spent")["SecondaryStatus"],
        lambda status: status == "Training",
    )
    (directory,) = (own_server.data / "instances").iterdir()
    record = record_of_the_instance(own_server)
    # The agent has forgotten its token; what is left of it lies in memory that nobody has written over yet.
    token = next(
        (
            secret
            for secret in secrets_in_memory(agent)
            if sha256(secret.encode()).hexdigest() == record["tokenHash"]
        ),
        None,
    )
    if token is None:
        pytest.skip("nothing is left of the token")
    reply = ask(own_server, directory.name, "session", token, json={"sessionHash": "0" * 64})
    assert reply.status_code == 409
    assert f"The one-time token of {directory.name} was used again" in own_server.log()
    assert token not in own_server.log()
    assert ask(own_server, directory.name, "assignment", token).status_code == 401
    assert holders_of(token, own_server) == []
