"""An S3 service that has more data than any disk: the bytes of its objects are computed from key and offset.

It lists and reads as S3 does; what is written (scripts, models) it keeps in memory. It can be slow, break a connection in
the middle of an object once, and give an object another content at that moment.
"""

import hashlib
import re
import struct
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

UNIT = 64 << 10
DATE = "2026-01-02T03:04:05.000Z"
HEADER = struct.Struct("<QQ")


class Content:
    """What an object is: units that begin with their number, and are alike after it."""

    def __init__(self, key: str, size: int, version: int = 0) -> None:
        self.size = size
        digest = hashlib.sha256(f"{key} {version}".encode()).digest()
        self.tag = f'"{digest[:16].hex()}"'
        self.name = int.from_bytes(digest[:8], "little")
        self.rest = hashlib.shake_128(digest).digest(UNIT - HEADER.size)

    def pieces(self, start: int, end: int):
        """The bytes from `start` to `end`, in pieces of at most a unit."""
        while start < end:
            number, within = divmod(start, UNIT)
            piece = memoryview(HEADER.pack(number, self.name) + self.rest)[within : within + end - start]
            yield piece
            start += len(piece)


def digest_of(contents, length: int | None = None) -> str:
    """The MD5 of contents one after the other, or of the first `length` bytes of them."""
    digest = hashlib.md5()
    left = sum(content.size for content in contents) if length is None else length
    for content in contents:
        for piece in content.pieces(0, min(left, content.size)):
            digest.update(piece)
        left -= min(left, content.size)
    return digest.hexdigest()


class SyntheticStore:
    """One bucket, `synthetic`, on a port of its own."""

    BUCKET = "synthetic"

    def __init__(self) -> None:
        self.objects: dict[str, Content] = {}
        self.kept: dict[str, bytes] = {}
        self.keys: list[str] = []
        # Offsets at which the connection breaks, once each; those in `changed` become another object then.
        self.cuts: dict[str, int] = {}
        self.changed: set[str] = set()
        self.met: Counter[str] = Counter()
        # Bytes a second that one connection is given.
        self.rate: float | None = None
        self.sent = 0
        self.pages = 0
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"store": self}))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def fill(self, prefix: str, count: int, size: int) -> list[Content]:
        """Objects of one size below a prefix."""
        made = {f"{prefix}{number:06}.bin": size for number in range(count)}
        self.objects |= {key: Content(key, size) for key, size in made.items()}
        self.keys = sorted([*self.objects, *self.kept])
        return [self.objects[key] for key in made]

    def keep(self, key: str, body: bytes) -> None:
        with self.lock:
            self.kept[key] = body
            self.keys = sorted([*self.objects, *self.kept])

    def meet(self, key: str, start: int, end: int) -> int | None:
        """Where to break off within a range, if there; the place is used up."""
        with self.lock:
            offset = self.cuts.get(key)
            if offset is None or not start <= offset < end:
                return None
            del self.cuts[key]
            self.met[key] += 1
            if key in self.changed:
                self.objects[key] = Content(key, self.objects[key].size, version=1)
            return offset

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: SyntheticStore

    def log_message(self, *arguments) -> None:
        pass

    @property
    def place(self) -> tuple[str, str, dict[str, list[str]]]:
        parts = urlsplit(self.path)
        bucket, _, key = parts.path[1:].partition("/")
        return unquote(bucket), unquote(key), parse_qs(parts.query, keep_blank_values=True)

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status: int, code: str) -> None:
        self.answer(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())

    def do_PUT(self) -> None:
        _, key, _ = self.place
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if "aws-chunked" in self.headers.get("Content-Encoding", "") or self.headers.get(
            "x-amz-content-sha256", ""
        ).startswith("STREAMING"):
            body = dechunked(body)
        if key:
            self.store.keep(key, body)
        self.answer(200, headers={"ETag": f'"{hashlib.md5(body).hexdigest()}"'})

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        bucket, key, query = self.place
        if bucket != self.store.BUCKET:
            self.refuse(404, "NoSuchBucket")
        elif not key:
            self.list(query)
        elif key in self.store.objects:
            self.read(key, self.store.objects[key])
        elif key in self.store.kept:
            body = self.store.kept[key]
            self.answer(200, body, {"ETag": f'"{hashlib.md5(body).hexdigest()}"'})
        else:
            self.refuse(404, "NoSuchKey")

    def list(self, query: dict[str, list[str]]) -> None:
        if "location" in query:
            self.answer(200, b"<LocationConstraint/>")
            return
        prefix, token = query.get("prefix", [""])[0], query.get("continuation-token", [""])[0]
        most = int(query.get("max-keys", ["1000"])[0])
        with self.store.lock:
            self.store.pages += 1
            found = [key for key in self.store.keys if key.startswith(prefix) and key > token]
        text = "".join(self.entry(key) for key in found[:most])
        if len(found) > most:
            text += f"<NextContinuationToken>{escape(found[most - 1])}</NextContinuationToken>"
        text += f"<IsTruncated>{'true' if len(found) > most else 'false'}</IsTruncated>"
        text += f"<KeyCount>{len(found[:most])}</KeyCount><Name>{self.store.BUCKET}</Name>"
        self.answer(200, f"<ListBucketResult>{text}</ListBucketResult>".encode())

    def entry(self, key: str) -> str:
        if key in self.store.objects:
            size, tag = self.store.objects[key].size, self.store.objects[key].tag
        else:
            size, tag = len(self.store.kept[key]), f'"{hashlib.md5(self.store.kept[key]).hexdigest()}"'
        return (
            f"<Contents><Key>{quote(key)}</Key><Size>{size}</Size><ETag>{escape(tag)}</ETag>"
            f"<LastModified>{DATE}</LastModified></Contents>"
        )

    def read(self, key: str, content: Content) -> None:
        if self.headers.get("If-Match", content.tag) != content.tag:
            self.refuse(412, "PreconditionFailed")
            return
        start, end, status = 0, content.size, 200
        headers = {"ETag": content.tag, "Accept-Ranges": "bytes"}
        if match := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            start = int(match[1])
            end = min(content.size, int(match[2]) + 1) if match[2] else content.size
            status = 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{content.size}"
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(end - start)}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        cut = self.store.meet(key, start, end)
        begun, sent = time.monotonic(), 0
        try:
            for piece in content.pieces(start, end if cut is None else cut):
                self.connection.sendall(piece)
                sent += len(piece)
                if self.store.rate and (ahead := begun + sent / self.store.rate - time.monotonic()) > 0:
                    time.sleep(ahead)
        except OSError:
            self.close_connection = True  # The reader has had enough.
        with self.store.lock:
            self.store.sent += sent
        if cut is not None:
            self.close_connection = True


def dechunked(body: bytes) -> bytes:
    """A body that came in signed chunks, without them and their trailer."""
    result, place = b"", 0
    while True:
        line = body.index(b"\r\n", place)
        size = int(body[place:line].partition(b";")[0], 16)
        if not size:
            return result
        result += body[line + 2 : line + 2 + size]
        place = line + 2 + size + 2
