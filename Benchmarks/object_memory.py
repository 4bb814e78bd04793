"""Memory of the server while a 2 GB object is put and got, in one piece and in parts."""

import re
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import aws
from harness import Clary, Row, Unmeasured, memory, reset_peak

SIZE = 2 << 30
PIECE = 1 << 20
PART = 8 << 20
AT_ONCE = 10
PATH = "/clary-bench/large"


def measure() -> list[Row]:
    with Clary() as clary:
        if shutil.disk_usage(clary.folder).free < 3 * SIZE:
            raise Unmeasured(f"{clary.folder} has less than {3 * SIZE >> 30} GiB free")
        client = clary.client()
        client.s3("PUT", "/clary-bench")
        time.sleep(2)
        idle = memory(clary.worker)
        ways = {"one piece": (put, get), "parts of 8 MiB, 10 at a time": (put_parts, get_ranges)}
        rows = []
        for way, (upload, download) in ways.items():
            for verb, action in (("put", upload), ("got", download)):
                rows.append(watch(f"{verb} in {way}", clary, idle, action))
        return rows


def watch(what: str, clary: Clary, idle: int, action) -> Row:
    reset_peak(clary.worker)
    began = time.monotonic()
    action(clary)
    rate = SIZE / (time.monotonic() - began) / 1e6
    above = (memory(clary.worker, "VmHWM") - idle) / 1e6
    figure = f"memory above idle while 2 GB are {what} ({rate:,.0f} MB/s)"
    return Row(figure, f"{above:.0f} MB", must="≤ 100 MB", met=above <= 100)


def unsigned(clary: Clary, method: str, path: str, headers: dict[str, str]) -> dict[str, str]:
    """Signed headers that leave the body's hash out, so that the client's hashing is not what is measured."""
    authority = f"{clary.host}:{clary.port}"
    return aws.sign(clary.credentials, "s3", method, authority, path, headers, "UNSIGNED-PAYLOAD")


def put(clary: Clary) -> None:
    client = clary.client()
    piece = bytes(PIECE)
    headers = unsigned(clary, "PUT", PATH, {}) | {"content-length": str(SIZE)}
    client.connection.request("PUT", PATH, body=(piece for _ in range(SIZE // PIECE)), headers=headers)
    finish(client, "PUT")


def get(clary: Clary) -> None:
    client = clary.client()
    client.connection.request("GET", PATH, headers=unsigned(clary, "GET", PATH, {}))
    reply = client.connection.getresponse()
    count = 0
    while piece := reply.read(PIECE):
        count += len(piece)
    if reply.status != 200 or count != SIZE:
        raise Unmeasured(f"GET answered {reply.status} with {count} bytes")
    client.close()


def finish(client: aws.Client, what: str) -> tuple[bytes, str]:
    reply = client.connection.getresponse()
    content = reply.read()
    if not 200 <= reply.status < 300:
        raise aws.CallFailed(what, reply.status, content)
    return content, reply.headers.get("ETag", "")


class Clients(threading.local):
    """A connection for each thread."""

    def of(self, clary: Clary) -> aws.Client:
        if not hasattr(self, "client"):
            self.client = clary.client()
        return self.client


def put_parts(clary: Clary) -> None:
    client, clients = clary.client(), Clients()
    reply = client.call("s3", "POST", f"{PATH}?uploads=", {}, b"", "CreateMultipartUpload")
    if not (found := re.search(rb"<UploadId>([^<]+)</UploadId>", reply)):
        raise Unmeasured(f"CreateMultipartUpload gave no UploadId: {reply[:200]!r}")
    upload = found[1].decode()
    part = bytes(PART)

    def send(number: int) -> str:
        mine = clients.of(clary)
        path = f"{PATH}?partNumber={number}&uploadId={upload}"
        mine.connection.request("PUT", path, body=part, headers=unsigned(clary, "PUT", path, {}))
        return finish(mine, "UploadPart")[1]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        tags = list(pool.map(send, range(1, SIZE // PART + 1)))
    listed = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>"
        for number, tag in enumerate(tags, 1)
    )
    document = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
    client.call("s3", "POST", f"{PATH}?uploadId={upload}", {}, document, "CompleteMultipartUpload")


def get_ranges(clary: Clary) -> None:
    clients = Clients()

    def receive(number: int) -> int:
        mine = clients.of(clary)
        span = {"range": f"bytes={number * PART}-{(number + 1) * PART - 1}"}
        mine.connection.request("GET", PATH, headers=unsigned(clary, "GET", PATH, span))
        return len(finish(mine, "GetObject")[0])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        count = sum(pool.map(receive, range(SIZE // PART)))
    if count != SIZE:
        raise Unmeasured(f"the ranges held {count} bytes")
