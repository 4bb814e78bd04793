"""The start on a data directory with much in it, and the memory afterwards.

One job and one endpoint are run for real; their rows are then multiplied in the databases, with names of their own. All
but one of the endpoints have lost their instances, as after a power cut: the start has to notice and to begin new ones.
"""

import sqlite3
import statistics
import time

import setting
from harness import Clary, Row, memory, proportional_memory

JOBS, ENDPOINTS, EVENTS = 10_000, 100, 1_000_000
# Names of one length, so that replacing one by another changes nothing else.
JOB, ENDPOINT = "seed-00000", "live-00000"
STARTS = 5
SETTLE = 10


def measure() -> list[Row]:
    with Clary() as clary:
        client = clary.client()
        setting.train_model(client, JOB)
        setting.create_endpoint_config(client, ENDPOINT)
        client.json("CreateEndpoint", EndpointName=ENDPOINT, EndpointConfigName=ENDPOINT)
        setting.wait_for_endpoint(client, ENDPOINT)
        clary.stop()
        multiply(clary)
        waits = []
        for _ in range(STARTS):
            waits.append(clary.start())
            last = clary.client().json("DescribeTrainingJob", TrainingJobName=f"seed-{JOBS - 1:05}")
            assert last["TrainingJobStatus"] == "Completed"
            time.sleep(SETTLE)
            both = sum(map(proportional_memory, (clary.keeper, clary.worker)))
            resident = max(memory(clary.worker), both) / 1e6
            clary.stop()
        clary.start()  # `clary shutdown` ends what the endpoints have begun.
    ready = statistics.median(waits)
    what = f"start with {JOBS:,} jobs, {ENDPOINTS} endpoints, {EVENTS:,} log events"
    return [
        Row(f"{what}: ready, p50", f"{ready:.2f} s", must="≤ 1 s", met=ready <= 1),
        Row(f"{what}: resident memory afterwards", f"{resident:.0f} MB", must="≤ 80 MB", met=resident <= 80),
    ]


def multiply(clary: Clary) -> None:
    with sqlite3.connect(clary.data / "state.sqlite") as state:
        for seed, count in ((JOB, JOBS), (ENDPOINT, ENDPOINTS)):
            clone_resources(state, seed, count)
    state.close()
    with sqlite3.connect(clary.data / "logs.sqlite") as logs:
        clone_events(logs)
    logs.close()


def series(count: int) -> str:
    """The numbers from 1 below `count`, as a table `n(i)`."""
    return f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})"


def clone_resources(state: sqlite3.Connection, seed: str, count: int) -> None:
    def named(column: str) -> str:
        return f"replace({column}, '{seed}', printf('{seed[:5]}%05d', i))"

    state.execute(
        f"""INSERT INTO resource (kind, account, region, name, arn, status, created, modified, body)
        {series(count)} SELECT kind, account, region, {named("name")}, {named("arn")}, status,
            created + i / 1000.0, modified + i / 1000.0, CAST({named("CAST(body AS TEXT)")} AS BLOB)
        FROM resource, n WHERE name = '{seed}' AND kind <> 'model'"""
    )
    for table in ("event", "usage"):
        columns = [
            row[1] for row in state.execute(f"PRAGMA table_info({table})") if row[1] not in ("id", "arn")
        ]
        state.execute(
            f"""INSERT INTO {table} (arn, {", ".join(columns)})
            {series(count)} SELECT {named("arn")}, {", ".join(columns)} FROM {table}, n
            WHERE arn LIKE '%/{seed}'"""
        )


def clone_events(logs: sqlite3.Connection) -> None:
    """A stream for each job, and lines of the real one's length in each."""
    stream, group = logs.execute(
        "SELECT id, group_id FROM log_stream WHERE name LIKE ?", (f"{JOB}/%",)
    ).fetchone()
    logs.execute(
        f"""INSERT INTO log_stream (group_id, name, created, first_event, last_event, last_ingestion)
        {series(JOBS)} SELECT group_id, replace(name, '{JOB}', printf('{JOB[:5]}%05d', i)), created, first_event,
            last_event, last_ingestion FROM log_stream, n WHERE id = ?""",
        (stream,),
    )
    each = EVENTS // JOBS
    logs.execute(
        f"""INSERT INTO log_event (group_id, stream_id, time, ingestion, message)
        {series(each + 1)} SELECT group_id, id, created + i, created + i, '[' || i || ']#011train-logloss:0.53217'
        FROM log_stream, n WHERE group_id = ?""",
        (group,),
    )
    (found,) = logs.execute("SELECT count(*) FROM log_event").fetchone()
    assert found >= EVENTS
