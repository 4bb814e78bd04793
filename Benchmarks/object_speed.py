"""Objects, large and small: against nginx, moto's server, and what the disk and the hashes themselves need."""

import hashlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import aws
import load
from harness import (
    Clary,
    Row,
    Unmeasured,
    free_port,
    memory,
    percentile,
    reset_peak,
    running,
    stop,
    tool,
    wait_for_port,
)

GIB = 1 << 30
PIECE = 1 << 20
ROUNDS = 3
# Two cores that others use as well decide what hashing takes: more pairs, each compared by itself.
LARGE = 5
SECONDS = 4
SMALL = os.urandom(1024)
KEYS = 100_000
BUCKET = "/clary-bench"


def measure() -> list[Row]:
    with Clary() as clary:
        client = clary.client()
        client.s3("PUT", BUCKET)
        time.sleep(1)
        idle = memory(clary.worker)
        reset_peak(clary.worker)
        rows = [put_large(clary), get_large(clary), put_small(clary), *get_small(clary), listing(clary)]
        above = (memory(clary.worker, "VmHWM") - idle) / 1e6
        rows.append(
            Row("memory above idle in all of these", f"{above:.0f} MB", must="≤ 150 MB", met=above <= 150)
        )
    return rows


def ratio_row(figure: str, ours: float, theirs: float, unit: str, least: float) -> Row:
    return Row(
        figure,
        f"{ours:,.0f} {unit}",
        f"{theirs:,.0f} {unit}",
        f"{ours / theirs:.2f} ×",
        f"≥ {least:g} ×",
        ours >= least * theirs,
    )


def content() -> bytes:
    """A GiB that no disk compresses, made fast."""
    return os.urandom(64 << 20) * 16


# PUT of 1 GiB


def put_large(clary: Clary) -> Row:
    body = content()
    md5 = b64encode(hashlib.md5(body).digest()).decode()
    sha = hashlib.sha256(body).hexdigest()
    pairs = []
    # New objects, as the floor writes a new file: the end of an old one is not what is measured.
    for round in range(LARGE):
        floor = GIB / max(hashing(body), writing(body, clary.data))
        pairs.append((GIB / put(clary, f"{BUCKET}/large-{round}", body, {"content-md5": md5}, sha), floor))
    for round in range(LARGE - 1):
        clary.client().s3("DELETE", f"{BUCKET}/large-{round}")
    ours, floor = sorted(pairs, key=lambda pair: pair[0] / pair[1])[LARGE // 2]
    return ratio_row(
        "PUT 1 GiB, durable, MD5 and SHA-256 checked, against the slower of hashing and writing it",
        ours / 1e6,
        floor / 1e6,
        "MB/s",
        0.7,
    )


def hashing(body: bytes) -> float:
    """Seconds for both hashes on two cores."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda algorithm: hashlib.new(algorithm, body).digest(), ["md5", "sha256"]))
    return time.perf_counter() - begun


def writing(body: bytes, folder: Path) -> float:
    begun = time.perf_counter()
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        view = memoryview(body)
        for start in range(0, len(body), PIECE):
            file.write(view[start : start + PIECE])
        file.flush()
        os.fsync(file.fileno())
        return time.perf_counter() - begun


def put(clary: Clary, path: str, body: bytes, headers: dict, digest: str) -> float:
    client = clary.client()
    signed = aws.sign(client.credentials, "s3", "PUT", client.authority, path, headers, digest)
    begun = time.perf_counter()
    client.connection.request("PUT", path, body=body, headers=signed)
    reply = client.connection.getresponse()
    answer = reply.read()
    if reply.status != 200:
        raise aws.CallFailed("PUT", reply.status, answer)
    client.close()
    return time.perf_counter() - begun


# GET of 1 GiB


def get_large(clary: Clary) -> Row:
    signed = aws.sign(
        clary.credentials,
        "s3",
        "GET",
        f"{clary.host}:{clary.port}",
        f"{BUCKET}/large-{LARGE - 1}",
        {},
        aws.EMPTY_SHA256,
    )
    ours, theirs = [], []
    with nginx() as (port, folder):
        (folder / "large").write_bytes(content())
        receive("127.0.0.1", port, "/large", {})  # Both files are in the page cache: they were just written.
        receive(clary.host, clary.port, f"{BUCKET}/large-{LARGE - 1}", signed)
        for _ in range(2 * ROUNDS):
            theirs.append(GIB / receive("127.0.0.1", port, "/large", {}))
            ours.append(GIB / receive(clary.host, clary.port, f"{BUCKET}/large-{LARGE - 1}", signed))
    return ratio_row(
        "GET 1 GiB from the page cache, one client, against nginx",
        statistics.median(ours) / 1e6,
        statistics.median(theirs) / 1e6,
        "MB/s",
        0.8,
    )


def receive(host: str, port: int, path: str, headers: dict[str, str]) -> float:
    """Seconds until all of the reply was read, and thrown away."""
    lines = [f"GET {path} HTTP/1.1", "connection: close"]
    lines += [f"{name}: {value}" for name, value in ({"host": f"{host}:{port}"} | headers).items()]
    buffer = bytearray(PIECE)
    begun = time.perf_counter()
    with socket.create_connection((host, port), 60) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        count = 0
        first = b""
        while size := connection.recv_into(buffer):
            first = first or bytes(buffer[:size])
            count += size
    seconds = time.perf_counter() - begun
    if not first.startswith(b"HTTP/1.1 200") or count < GIB:
        raise Unmeasured(f"{path} at port {port} answered {first[:200]!r} and {count} bytes")
    return seconds


@contextmanager
def nginx():
    program, port = tool("nginx", "nginx"), free_port()
    with tempfile.TemporaryDirectory(prefix="clary-bench-") as name:
        folder = Path(name)
        configuration = folder / "nginx.conf"
        configuration.write_text(
            f"""
            daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
            events {{ }}
            http {{
                access_log off; sendfile on; tcp_nopush on;
                client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
                uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
                server {{ listen 127.0.0.1:{port}; root {folder}; }}
            }}
            """
            + ("user root;" if os.geteuid() == 0 else "")
        )
        with running([program, "-c", configuration, "-p", folder], "nginx", port):
            yield port, folder


# Small objects


def put_small(clary: Clary) -> Row:
    folder = clary.data / "floor"
    folder.mkdir()
    ours, floors = [], []
    digest = hashlib.sha256(SMALL).hexdigest()
    authority = f"{clary.host}:{clary.port}"
    with socket.create_connection((clary.host, clary.port), 60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(1500):
            floors.append(floor(folder, number))
            # What the client itself takes to sign and to put a request together is not the server's.
            path = f"{BUCKET}/small-{number}"
            headers = aws.sign(clary.credentials, "s3", "PUT", authority, path, {}, digest)
            lines = [f"PUT {path} HTTP/1.1", f"host: {authority}", f"content-length: {len(SMALL)}"]
            lines += [f"{name}: {value}" for name, value in headers.items() if name.lower() != "host"]
            request = ("\r\n".join(lines) + "\r\n\r\n").encode() + SMALL
            begun = time.perf_counter()
            connection.sendall(request)
            reply = connection.recv(65536)
            ours.append(time.perf_counter() - begun)
            if not (reply.startswith(b"HTTP/1.1 200 ") and reply.endswith(b"\r\n\r\n")):
                raise Unmeasured(f"a PUT was answered with {reply!r}")
    mine, least = percentile(ours, 0.5), percentile(floors, 0.5)
    return Row(
        "PUT 1 KiB, durable, p50, against create, fsync, rename, fsync of the folder",
        f"{mine * 1e6:,.0f} µs",
        f"{least * 1e6:,.0f} µs",
        f"{mine / least:.2f} ×",
        "≤ 2 ×",
        mine <= 2 * least,
    )


def floor(folder: Path, number: int) -> float:
    begun = time.perf_counter()
    temporary = folder / "temporary"
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.write(file, SMALL)
    os.fsync(file)
    os.close(file)
    temporary.rename(folder / str(number))
    directory = os.open(folder, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)
    return time.perf_counter() - begun


def get_small(clary: Clary) -> list[Row]:
    path = f"{BUCKET}/small-7"
    rows = []
    with moto([(BUCKET[1:], ["small-7"])]) as port:
        for connections in (1, 32):
            ours, theirs = [], []
            for _ in range(ROUNDS):
                ours.append(rate(clary.host, clary.port, clary, path, connections))
                theirs.append(rate("127.0.0.1", port, clary, path, connections, tolerate_reconnects=True))
            mine, other = statistics.median(ours), statistics.median(theirs)
            least = max(10 * other, 3000 if connections == 1 else 0)
            rows.append(
                Row(
                    f"GET 1 KiB, signed, {connections} connection{'s' if connections > 1 else ''}, "
                    "against moto_server",
                    f"{mine:,.0f} /s",
                    f"{other:,.0f} /s",
                    f"{mine / other:.1f} ×",
                    "≥ 10 ×, ≥ 3,000 /s" if connections == 1 else "≥ 10 ×",
                    mine >= least,
                )
            )
    return rows


def rate(host: str, port: int, clary: Clary, path: str, connections: int, **options) -> float:
    signed = aws.sign(clary.credentials, "s3", "GET", f"{host}:{port}", path, {}, aws.EMPTY_SHA256)
    return load.run(host, port, "GET", path, signed, b"", connections, SECONDS, **options).rate


# Listings


def listing(clary: Clary) -> Row:
    keys = [f"many/{number:06}" for number in range(KEYS)]
    clients = threading.local()

    def fill(key: str) -> None:
        if not hasattr(clients, "client"):
            clients.client = clary.client()
        clients.client.s3("PUT", f"{BUCKET}/{key}")

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(fill, keys))
    with moto([(BUCKET[1:], keys)]) as port:
        reference = aws.Client("127.0.0.1", port, clary.credentials)
        ours = [pages(clary.client()) for _ in range(ROUNDS)]
        theirs = pages(reference)
    mine = statistics.median(ours)
    return Row(
        "list 100,000 keys by pages of 1,000, against moto_server",
        f"{mine:.2f} s",
        f"{theirs:.2f} s",
        f"{theirs / mine:.1f} ×",
        "≥ 20 ×",
        theirs >= 20 * mine,
    )


def pages(client: aws.Client) -> float:
    """Seconds for all pages; their number is checked, not their content: parsing is the client's own time."""
    begun = time.perf_counter()
    count, after = 0, ""
    while True:
        path = f"{BUCKET}?list-type=2&max-keys=1000&prefix=many%2F" + (
            f"&start-after={after}" if after else ""
        )
        try:
            page = client.s3("GET", path)
        except ConnectionError:  # moto's server closes connections.
            client.close()
            continue
        found = page.count(b"<Key>")
        count += found
        if found == 0 or count == KEYS:
            break
        after = page[page.rindex(b"<Key>") + 5 : page.rindex(b"</Key>")].decode().replace("/", "%2F")
    if count != KEYS:
        raise Unmeasured(f"the pages held {count} keys")
    return time.perf_counter() - begun


MOTO = """
import sys
from moto.s3.models import s3_backends
from moto.server import main
backend = s3_backends["123456789012"]["aws"]
for line in sys.stdin:
    bucket, _, key = line.rstrip("\\n").partition(" ")
    if bucket not in backend.buckets:
        backend.create_bucket(bucket, "us-east-1")
    backend.put_object(bucket, key, bytes.fromhex(sys.argv[2]))
sys.argv[1:] = ["-H", "127.0.0.1", "-p", sys.argv[1]]
main()
"""


@contextmanager
def moto(buckets: list[tuple[str, list[str]]]):
    """moto's server, filled before it listens: through its port that would take an hour."""
    port = free_port()
    with tempfile.TemporaryFile("w+") as keys, tempfile.TemporaryFile("w+b") as log:
        for bucket, names in buckets:
            keys.writelines(f"{bucket} {name}\n" for name in names)
        keys.flush()
        keys.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-c", MOTO, str(port), SMALL.hex()], stdin=keys, stdout=log, stderr=log
        )
        try:
            try:
                wait_for_port(port, process, "moto_server", limit=300)
            except Unmeasured as error:
                log.seek(0)
                raise Unmeasured(f"{error}: {log.read().decode()[-1000:]}") from None
            yield port
        finally:
            stop(process)
