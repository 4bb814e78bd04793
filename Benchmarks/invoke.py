"""InvokeEndpoint through Clary, signed, against the same container behind nginx.

The reference is the same serving program with the same model on the same machine, reached through nginx with kept
upstream connections: nginx checks no signature and counts nothing. Both proxies are measured in turns, and each sees
an otherwise idle machine. wrk and the container take their share of the cores on both sides alike.
"""

import hashlib
import http.client
import os
import statistics
import tempfile
from contextlib import contextmanager
from pathlib import Path

import aws
import load
import setting
from harness import Clary, Row, Unmeasured, free_port, running, tool

ROUNDS = 3
SECONDS = 5
PATH = "/endpoints/bench/invocations"
BODY = setting.ROW.encode()
HEADERS = {"content-type": "text/csv", "accept": "text/csv"}

NGINX = """
daemon off;
worker_processes auto;
pid {folder}/nginx.pid;
error_log stderr error;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 6m;
    keepalive_requests 1000000000;
    upstream container {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 1000000000; }}
    server {{
        listen 127.0.0.1:{port};
        location = /invocations {{
            proxy_pass http://container;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
}}
"""


def measure() -> list[Row]:
    tool("wrk", "wrk")
    tool("nginx", "nginx-light")
    with Clary() as clary, tempfile.TemporaryDirectory(prefix="clary-bench-") as folder:
        client = clary.client()
        artifact = setting.train_model(client)
        setting.unpack_model(client, artifact, Path(folder))
        setting.create_endpoint_config(client, "bench")
        client.json("CreateEndpoint", EndpointName="bench", EndpointConfigName="bench")
        setting.wait_for_endpoint(client, "bench")
        with reference(Path(folder)) as port:
            same_answer(client, port)
            return [row for connections in (1, 32) for row in compare(clary, port, connections)]


@contextmanager
def reference(folder: Path):
    """The container and nginx before it; gives nginx's port."""
    upstream, port = free_port(), free_port()
    environment = setting.container_environment(SAGEMAKER_BIND_TO_PORT=str(upstream))
    config = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(NGINX.format(folder=folder, upstream=upstream, port=port, user=user))
    serving = running(setting.container_command(folder, "serve"), "the container", upstream, env=environment)
    with serving, running([tool("nginx", "nginx-light"), "-c", config], "nginx", port):
        yield port


def same_answer(client: aws.Client, port: int) -> None:
    """Both ways must lead to the same prediction, or the comparison means nothing."""
    ours = client.call("sagemaker", "POST", PATH, HEADERS, BODY, "InvokeEndpoint")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/invocations", body=BODY, headers=HEADERS)
    theirs = connection.getresponse().read()
    connection.close()
    if ours != theirs:
        raise Unmeasured(f"the two containers answer differently: {ours!r} and {theirs!r}")


def compare(clary: Clary, port: int, connections: int) -> list[Row]:
    ours, theirs = [], []
    for _ in range(ROUNDS):
        signed = aws.sign(
            clary.credentials,
            "sagemaker",
            "POST",
            f"{clary.host}:{clary.port}",
            PATH,
            HEADERS,
            hashlib.sha256(BODY).hexdigest(),
        )
        ours.append(load.run(clary.host, clary.port, "POST", PATH, signed, BODY, connections, SECONDS))
        theirs.append(
            load.run("127.0.0.1", port, "POST", "/invocations", HEADERS, BODY, connections, SECONDS)
        )
    p50, p50_reference = (statistics.median(seen.p50 for seen in side) for side in (ours, theirs))
    rate, rate_reference = (statistics.median(seen.rate for seen in side) for side in (ours, theirs))
    figure = f"InvokeEndpoint, {connections} connection{'s' if connections > 1 else ''}, against nginx"
    latency, throughput = p50 / p50_reference, rate / rate_reference
    return [
        Row(
            f"{figure}: p50",
            f"{p50:.0f} µs",
            f"{p50_reference:.0f} µs",
            f"{latency:.2f} ×",
            "≤ 2 ×",
            latency <= 2,
        ),
        Row(
            f"{figure}: throughput",
            f"{rate:,.0f} /s",
            f"{rate_reference:,.0f} /s",
            f"{throughput:.2f} ×",
            "≥ 0.5 ×",
            throughput >= 0.5,
        ),
    ]
