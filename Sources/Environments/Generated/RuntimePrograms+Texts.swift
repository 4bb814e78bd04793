// Generated from Python/clary_runtime by `make generate`. Do not edit.
// swift-format-ignore-file

extension RuntimePrograms {
    /// Path below the directory of programs → text.
    static let texts: [String: String] = [
        "__main__.py": ##"""
            """What an instance starts: `python /run/clary/runtime train`, or `serve`."""

            from __future__ import annotations

            import sys


            def main(arguments: list[str]) -> int:
                # Imported when asked for: a job waits for nothing that only an endpoint needs.
                if arguments == ["train"]:
                    from clary_runtime import training

                    return training.main()
                if arguments == ["serve"]:
                    from clary_runtime import serving

                    return serving.main()
                if arguments[:1] == ["rsh"]:
                    from clary_runtime.training.distribution import remote_shell

                    return remote_shell.main(arguments[1:])
                print(f"clary_runtime: 'train' or 'serve' was expected, not {' '.join(arguments)!r}.", file=sys.stderr)
                return 2


            if __name__ == "__main__":
                sys.exit(main(sys.argv[1:]))

            """##,
        "clary_runtime/__init__.py": ##"""

            """##,
        "clary_runtime/archive.py": ##"""
            """Unpacking an archive that somebody else made."""

            from __future__ import annotations

            import tarfile
            import zlib
            from pathlib import Path


            class BadArchive(Exception):
                pass


            def unpack(archive: Path, destination: Path) -> None:
                """Unpacks a tar file, compressed or not; nothing lands or points outside `destination`.

                The rules are those of `tarfile`'s filter "data", which the oldest Pythons lack. Raises BadArchive.
                """
                destination = destination.resolve()
                try:
                    with tarfile.open(archive) as file:
                        # Python 3.12 warns, and later ones filter by themselves, unless told who filters.
                        file.extraction_filter = lambda member, path: member
                        for member in file:
                            _check(member, destination)
                            file.extract(member, destination)
                except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
                    with archive.open("rb") as opened:
                        start = opened.read(8)
                    kind = "it is damaged" if start[:2] == b"\x1f\x8b" else f"it starts with {start!r}"
                    raise BadArchive(f"it cannot be unpacked as a .tar.gz: {error} ({kind})") from None


            def _check(member: tarfile.TarInfo, destination: Path) -> None:
                member.name = member.name.lstrip("/")
                target = destination / member.name
                # Resolved on disk: an earlier member may have put a link in the way.
                if not _is_inside(target.parent.resolve() / target.name, destination):
                    raise BadArchive(f"its entry '{member.name}' lies outside of the archive")
                if member.issym():
                    if member.linkname.startswith("/") or not _is_inside(
                        (target.parent / member.linkname).resolve(), destination
                    ):
                        raise BadArchive(f"its link '{member.name}' points outside, to '{member.linkname}'")
                elif member.islnk():
                    if not _is_inside((destination / member.linkname).resolve(), destination):
                        raise BadArchive(f"its link '{member.name}' points outside, to '{member.linkname}'")
                elif not (member.isreg() or member.isdir()):
                    raise BadArchive(f"its entry '{member.name}' is neither file, folder nor link")
                # No set-user bits and nothing writable by others; folders stay usable by their owner.
                member.mode = member.mode & 0o755 | (0o700 if member.isdir() else 0o600)
                member.uid = member.gid = -1
                member.uname = member.gname = ""


            def _is_inside(path: Path, folder: Path) -> bool:
                normal = Path(*_normalised(path))
                return normal == folder or folder in normal.parents


            def _normalised(path: Path) -> list[str]:
                parts: list[str] = []
                for part in path.parts:
                    if part == "..":
                        parts.pop()
                    else:
                        parts.append(part)
                return parts or ["/"]

            """##,
        "clary_runtime/overlay.py": ##"""
            """A virtual environment on top of the one that the instance has, which is read-only.

            The new one sees what the lower one has, and what is installed into it comes first. `uv venv --system-site-packages` would
            show it the packages of the Python that the lower environment was made from, not those of the environment.
            """

            from __future__ import annotations

            import os
            import shutil
            import site
            import sys
            from pathlib import Path

            STUB = "clary-stub\n"
            CARRIED = ("METADATA", "WHEEL", "direct_url.json")


            class Overlay:
                def __init__(self, root: Path):
                    self.root = root
                    self.scripts = root / "bin"
                    self.python = self.scripts / "python"
                    version = "{}.{}".format(*sys.version_info[:2])
                    self.packages = root / "lib" / f"python{version}" / "site-packages"

                def create(self) -> None:
                    self.packages.mkdir(parents=True)
                    self.scripts.mkdir()
                    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
                    (self.root / "pyvenv.cfg").write_text(
                        f"home = {base.parent}\ninclude-system-site-packages = false\n"
                        f"version_info = {'.'.join(map(str, sys.version_info[:3]))}\n"
                    )
                    self.python.symlink_to(base)
                    for name in ("python3", "python{}.{}".format(*sys.version_info[:2])):
                        (self.scripts / name).symlink_to("python")
                    # An import line, not a path: it makes the lower environment's own .pth files count as well.
                    (self.packages / "clary_lower.pth").write_text(
                        "".join(f"import site; site.addsitedir({str(folder)!r})\n" for folder in lower_packages())
                    )
                    for script in Path(sys.executable).parent.iterdir():
                        _copy_script(script, self.scripts)

                def show_lower(self) -> None:
                    """Lets uv see the lower environment's packages as installed, so that it installs only what they do not satisfy.

                    Each gets a stub that lists no files but itself: replacing the package removes the stub and nothing below.
                    """
                    for folder in lower_packages():
                        for info in folder.glob("*.dist-info"):
                            stub = self.packages / info.name
                            if not (info / "METADATA").is_file() or stub.exists():
                                continue
                            stub.mkdir()
                            names = [name for name in CARRIED if (info / name).is_file()]
                            for name in names:
                                (stub / name).symlink_to(info / name)
                            (stub / "INSTALLER").write_text(STUB)
                            listed = [*names, "INSTALLER", "RECORD"]
                            (stub / "RECORD").write_text("".join(f"{info.name}/{name},,\n" for name in listed))

                def finish(self, place: Path) -> None:
                    """Takes the stubs away, and has scripts name the interpreter where the overlay will be: in `place`."""
                    for installer in self.packages.glob("*.dist-info/INSTALLER"):
                        if installer.read_bytes() == STUB.encode():
                            shutil.rmtree(installer.parent)
                    for script in self.scripts.iterdir():
                        if not script.is_symlink():
                            _replace_start(script, str(self.root), str(place))


            def lower_packages() -> list[Path]:
                return [folder for folder in map(Path, site.getsitepackages()) if folder.is_dir()]


            def _copy_script(script: Path, folder: Path) -> None:
                """A script that names the lower interpreter would not see the overlay's packages."""
                if script.is_symlink() or not script.is_file() or not os.access(script, os.X_OK):
                    return
                with script.open("rb") as file:
                    start = file.read(256)
                if start.startswith(b"#!") and b"python" in start:
                    shutil.copy(script, folder)
                    _replace_start(folder / script.name, str(script.parent), str(folder))


            def _replace_start(script: Path, old: str, new: str) -> None:
                """Only in the first two lines: a long path to the interpreter is in the second."""
                data = script.read_bytes()
                if not data.startswith(b"#!"):
                    return
                lines = data.split(b"\n", 2)
                lines[:2] = [line.replace(old.encode() + b"/", new.encode() + b"/") for line in lines[:2]]
                script.write_bytes(b"\n".join(lines))

            """##,
        "clary_runtime/requirements_file.py": ##"""
            """Reading a requirements file as far as its caching needs it."""

            from __future__ import annotations

            import hashlib
            import re
            from pathlib import Path

            INCLUDES = re.compile(r"^(?:-[rc]\s*|--(?:requirement|constraint)[\s=]\s*)(\S+)")
            LOCAL_OPTIONS = re.compile(r"^(?:-e|-f|--editable|--find-links)[\s=]\s*(\S+)")
            ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2")


            class RequirementsFile:
                """`is_empty`: nothing is asked; `is_local`: it names files of the code, so its result belongs to one job."""

                def __init__(self, path: Path):
                    self.path = path
                    self._digest = hashlib.sha256()
                    self._seen: set[Path] = set()
                    self.is_empty = True
                    self.is_local = False
                    self._read(path)

                def key(self, *context: str) -> str:
                    digest = self._digest.copy()
                    for part in context:
                        digest.update(part.encode() + b"\0")
                    return digest.hexdigest()[:32]

                def _read(self, path: Path) -> None:
                    if path in self._seen:
                        return
                    self._seen.add(path)
                    data = path.read_bytes()
                    self._digest.update(len(data).to_bytes(8, "big") + data)
                    text = data.decode("utf-8-sig", errors="replace").replace("\\\n", " ")
                    for line in text.splitlines():
                        line = re.sub(r"(^|\s)#.*", "", line).strip()
                        if line:
                            self._note(line, path.parent)

                def _note(self, line: str, folder: Path) -> None:
                    included = INCLUDES.match(line)
                    if included:
                        target = included.group(1)
                        if "://" in target:
                            # What such an address serves may change, and the text does not show it.
                            self.is_local = True
                            self.is_empty = False
                        elif (folder / target).is_file():
                            self._read(folder / target)
                        else:
                            # The installer says better what is missing.
                            self.is_empty = False
                        return
                    option = LOCAL_OPTIONS.match(line)
                    if option:
                        # An editable package from a repository is written into the environment's own folder, which moves.
                        self.is_local = (
                            self.is_local or line.startswith(("-e", "--editable")) or "://" not in option.group(1)
                        )
                        self.is_empty = self.is_empty and not line.startswith(("-e", "--editable"))
                        return
                    if line.startswith("-"):
                        return
                    self.is_empty = False
                    self.is_local = self.is_local or _names_file(line)


            def _names_file(line: str) -> bool:
                text = line.split(";", 1)[0].strip()
                if text.startswith("file:") or re.search(r"@\s*(file:|[./])", text):
                    return True
                if "://" in text:
                    return False
                return text.startswith((".", "/")) or "/" in text.split("@", 1)[0] or text.endswith(ARCHIVES)

            """##,
        "clary_runtime/s3.py": ##"""
            """Reading one object of S3 with the standard library: boto3 takes a third of a second only to be imported."""

            from __future__ import annotations

            import hashlib
            import hmac
            import json
            import os
            import time
            import urllib.error
            import urllib.request
            from pathlib import Path
            from urllib.parse import quote, urlsplit

            ATTEMPTS = 4
            EMPTY = hashlib.sha256(b"").hexdigest()
            CONTAINER_CREDENTIALS = "http://169.254.170.2"


            class S3Error(Exception):
                """`code` is the service's (`NoSuchKey`, `AccessDenied`, …), or None if no answer came."""

                def __init__(self, message: str, code: str | None = None):
                    super().__init__(message)
                    self.code = code


            def split(uri: str) -> tuple[str, str]:
                """Bucket and key of `s3://bucket/key`."""
                parts = urlsplit(uri, allow_fragments=False)
                key = parts.path[1:] + (f"?{parts.query}" if parts.query else "")
                return parts.netloc, key


            def endpoint() -> str:
                for name in ("AWS_ENDPOINT_URL_S3", "S3_ENDPOINT_URL", "AWS_ENDPOINT_URL"):
                    if os.environ.get(name):
                        return os.environ[name].rstrip("/")
                return f"https://s3.{region()}.amazonaws.com"


            def region() -> str:
                return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"


            def download(uri: str, destination: Path) -> None:
                """Writes the object's bytes to `destination`.

                Raises S3Error with what was asked and what S3 answered.
                """
                for attempt in range(ATTEMPTS):
                    try:
                        _download(uri, destination)
                        return
                    except urllib.error.HTTPError as error:
                        failure = _failure(uri, error)
                        if error.code < 500:
                            raise failure from None
                    except (OSError, EOFError) as error:
                        reason = getattr(error, "reason", error)
                        failure = S3Error(f"{uri} could not be read: {endpoint()} does not answer ({reason}).")
                    if attempt + 1 < ATTEMPTS:
                        time.sleep(0.2 * 4**attempt)
                raise failure


            def _download(uri: str, destination: Path) -> None:
                bucket, key = split(uri)
                path = f"/{quote(bucket)}/{quote(key, safe='/~')}"
                url = endpoint() + path
                request = urllib.request.Request(url, headers=_signed(url))
                with urllib.request.urlopen(request, timeout=60, context=_trust(url)) as answer:
                    length = answer.headers.get("Content-Length")
                    with destination.open("wb") as file:
                        for chunk in iter(lambda: answer.read(1 << 20), b""):
                            file.write(chunk)
                        if length is not None and file.tell() != int(length):
                            raise EOFError(f"the answer ended after {file.tell()} of {length} bytes")


            def _trust(url: str):
                bundle = os.environ.get("AWS_CA_BUNDLE")
                if not bundle or not url.startswith("https:"):
                    return None
                import ssl

                return ssl.create_default_context(cafile=bundle)


            def _signed(url: str) -> dict[str, str]:
                """Headers of a GET with Signature Version 4; none if the instance has no credentials."""
                credentials = _credentials()
                if credentials is None:
                    return {}
                identity, secret, token = credentials
                parts = urlsplit(url)
                now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
                headers = {"host": parts.netloc, "x-amz-content-sha256": EMPTY, "x-amz-date": now}
                if token:
                    headers["x-amz-security-token"] = token
                names = ";".join(sorted(headers))
                lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
                canonical = f"GET\n{parts.path}\n\n{lines}\n{names}\n{EMPTY}"
                scope = f"{now[:8]}/{region()}/s3/aws4_request"
                text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
                key = f"AWS4{secret}".encode()
                for part in scope.split("/"):
                    key = hmac.new(key, part.encode(), hashlib.sha256).digest()
                signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
                headers["authorization"] = (
                    f"AWS4-HMAC-SHA256 Credential={identity}/{scope}, SignedHeaders={names}, Signature={signature}"
                )
                return headers


            def _credentials() -> tuple[str, str, str | None] | None:
                if os.environ.get("AWS_ACCESS_KEY_ID"):
                    environment = os.environ
                    return (
                        environment["AWS_ACCESS_KEY_ID"],
                        environment.get("AWS_SECRET_ACCESS_KEY", ""),
                        environment.get("AWS_SESSION_TOKEN"),
                    )
                url = os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
                if not url and os.environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"):
                    url = CONTAINER_CREDENTIALS + os.environ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]
                if not url:
                    return None
                request = urllib.request.Request(url)
                token_file = os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
                token = (
                    Path(token_file).read_text().strip()
                    if token_file
                    else os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
                )
                if token:
                    request.add_header("Authorization", token)
                with urllib.request.urlopen(request, timeout=10) as answer:
                    found = json.loads(answer.read())
                return found["AccessKeyId"], found["SecretAccessKey"], found.get("Token")


            def _failure(uri: str, error: urllib.error.HTTPError) -> S3Error:
                import re

                body = error.read(1 << 16).decode(errors="replace")
                code, message = (
                    (found.group(1) if found else None)
                    for found in (re.search(f"<{tag}>([^<]*)</{tag}>", body) for tag in ("Code", "Message"))
                )
                code = code or {403: "AccessDenied", 404: "NoSuchKey"}.get(error.code, str(error.code))
                bucket, key = split(uri)
                if code == "NoSuchBucket":
                    return S3Error(f"{uri} does not exist: there is no bucket '{bucket}' (NoSuchBucket).", code)
                if error.code == 404:
                    return S3Error(f"{uri} does not exist: bucket '{bucket}' has no object '{key}' ({code}).", code)
                if code == "AccessDenied":
                    text = f"{uri} may not be read by the job's role (AccessDenied). Allow s3:GetObject on it"
                    return S3Error(f"{text}, or pass another role.", code)
                return S3Error(
                    f"{uri} could not be read: S3 answered {error.code} {code}: {message or error.reason}", code
                )

            """##,
        "clary_runtime/serving/__init__.py": ##"""
            """Serves a model over HTTP inside a hosting container: `serve` of the framework images.

            Reading order: `main` here; `front` (the parent process: connections, pings, timeouts), `pool` and `worker` (its side
            of the worker processes); `worker_process` (a worker from inside), `loan` (what it serves without the front),
            `script_handler` and `frameworks` (the user's functions and the defaults).
            """

            from __future__ import annotations

            import functools
            import os
            import socket
            import sys
            import traceback
            from pathlib import Path

            from .code_directory import Code, find_code
            from .errors import ModelError
            from .exchange import Handler
            from .front import Front
            from .handlers import load_handler
            from .log import configure, logger
            from .packages import install_requirements
            from .settings import Settings, SettingsError, cpu_count
            from .worker_process import visible_gpus

            _BACKLOG = 2048
            _DEVICE_FRAMEWORKS = ("pytorch", "tensorflow", "mxnet", "huggingface")


            def main() -> int:
                """Serves until SIGTERM; returns the exit code, 1 if the model cannot be served."""
                configure(os.environ.get("SAGEMAKER_CONTAINER_LOG_LEVEL") or "20")
                try:
                    settings = Settings.from_environment(os.environ)
                    code = find_code(settings, settings.model_directory)
                    if code is not None:
                        install_requirements(code.directory)
                    size = _worker_count(settings)
                    # Workers share the CPUs: libraries that start a thread per CPU in each worker only get in their own way.
                    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, cpu_count() // size)))
                    logger.info(
                        "Serving %s from %s with %d workers%s.",
                        settings.framework,
                        settings.model_directory,
                        size,
                        f" and {code.directory / code.program}" if code is not None else "",
                    )
                    listener = socket.create_server((settings.address, settings.port), backlog=_BACKLOG)
                except (SettingsError, ModelError, OSError) as error:
                    sys.stdout.flush()
                    print(error, file=sys.stderr)
                    return 1
                except Exception:
                    sys.stdout.flush()
                    traceback.print_exc()
                    return 1
                listener.setblocking(False)
                return Front(settings, listener, functools.partial(_load, settings, code), size).run()


            def _load(settings: Settings, code: Code | None, directory: Path) -> Handler:
                """Of several models, each brings its own script, unless SAGEMAKER_SUBMIT_DIRECTORY names one for all."""
                is_shared = code is not None and code.directory != settings.model_directory / "code"
                if settings.multi_model and not is_shared:
                    code = find_code(settings, directory)
                return load_handler(settings, code, directory)


            def _worker_count(settings: Settings) -> int:
                if settings.workers is not None:
                    return settings.workers
                devices = visible_gpus() if settings.framework in _DEVICE_FRAMEWORKS else []
                return len(devices) or cpu_count()

            """##,
        "clary_runtime/serving/client.py": ##"""
            """A caller's connection, as the front sees it."""

            from __future__ import annotations

            import collections
            import contextlib
            import select
            import socket
            from typing import TYPE_CHECKING

            from .event_loop import READ, WRITE
            from .http_head import BadRequest, parse_head
            from .http_reader import Request, RequestReader
            from .http_reply import HTTP10, KEEP_ALIVE, whole_response
            from .log import logger

            if TYPE_CHECKING:
                from .front import Front
                from .worker import Worker

            # Larger ones would be mapped and unmapped by the allocator for each call.
            _READ_SIZE = 65536
            _BACKLOG_LIMIT = 262144
            _OUTGOING_LIMIT = 1048576
            _STALL_LIMIT = 60.0
            _LINGER = 5.0
            # How long a connection is not lent after a request that a worker could not take alone, in seconds.
            _UNSUITED_PAUSE = 1.0
            _HANG_UP = select.EPOLLHUP | select.EPOLLERR


            class Client:
                """Reads requests one after another and writes their answers in that order."""

                def __init__(self, front: Front, sock: socket.socket) -> None:
                    self.front = front
                    self.sock = sock
                    self.request: Request | None = None
                    self.since = 0.0
                    """When the current request was complete."""
                    self.worker: Worker | None = None
                    """Works on the current request, or was lent the connection."""
                    self.answer_begun = False
                    self.closed = False
                    self._reader = RequestReader(front.settings.body_limit)
                    self._outgoing: collections.deque[bytes | memoryview] = collections.deque()
                    self._outgoing_size = 0
                    self._progress = front.loop.now
                    self._interest = READ
                    self._advancing = False
                    self._ended = False  # The caller sends no more.
                    self._closing = False  # Closes when everything is written.
                    self._lingering = False
                    self._was_lent = False
                    self._lendable_from = 0.0
                    front.loop.watch(sock.fileno(), self._on_event)

                # Input

                def _on_event(self, events: int) -> None:
                    try:
                        if events & WRITE:
                            self._flush()
                        if events & READ:
                            self._receive()
                        elif events & _HANG_UP and not self.closed:
                            # The event may be of an earlier connection with the same number: ask the socket itself.
                            self.close() if self._ended else self._receive()
                    except Exception:
                        logger.exception("An error of the serving program ends one connection.")
                        self.close()

                def _receive(self) -> None:
                    if self.closed:
                        return
                    try:
                        data = self.sock.recv(_READ_SIZE)
                    except BlockingIOError:
                        return
                    except OSError:
                        self.close()
                        return
                    if not data:
                        self._on_end()
                    elif not self._lingering:
                        self._progress = self.front.loop.now
                        self._reader.feed(data)
                        if self.request is None:
                            self._advance()
                        if self._reader.backlog > _BACKLOG_LIMIT:
                            self._update_interest()

                def _on_end(self) -> None:
                    self._ended = True
                    if self.worker is None and not self._outgoing:
                        # Nobody began the request, if there is one: its caller has given up.
                        self.close()
                    else:
                        self._closing = True
                        self._update_interest()

                def _advance(self) -> None:
                    """Begins requests while whole ones are there; one that is answered at once makes room for the next."""
                    if self._advancing:
                        return
                    self._advancing = True
                    try:
                        while self.request is None and not (self._closing or self.closed or self.is_congested):
                            request = self._reader.next()
                            if request is None:
                                if self._reader.asks_to_continue():
                                    self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                                break
                            self.request = request
                            self.since = self.front.loop.now
                            self.front.route(self)
                    except BadRequest as problem:
                        self._refuse(problem.status, problem.message)
                    finally:
                        self._advancing = False

                # Output

                @property
                def flags(self) -> int:
                    """How the answer to the current request is framed."""
                    assert self.request is not None
                    head = self.request.head
                    keeps = head.keep_alive and not self.front.draining
                    return (KEEP_ALIVE if keeps else 0) | (HTTP10 if head.http10 else 0)

                @property
                def is_congested(self) -> bool:
                    return self._outgoing_size > _OUTGOING_LIMIT

                def respond(self, status: int, body: bytes, content_type: str = "application/json") -> None:
                    """Answers the current request in whole."""
                    assert self.request is not None
                    if self.request.head.method == "HEAD":
                        self.write(whole_response(status, content_type, body, self.flags)[: -len(body) or None])
                    else:
                        self.write(whole_response(status, content_type, body, self.flags))
                    self.finish(status)

                def write(self, data: bytes | memoryview) -> None:
                    if self.closed:
                        return
                    sent = 0
                    if not self._outgoing:
                        try:
                            sent = self.sock.send(data)
                        except BlockingIOError:
                            pass
                        except OSError:
                            self.close()
                            return
                        if sent == len(data):
                            return
                        self._progress = self.front.loop.now
                    rest = memoryview(data)[sent:]
                    self._outgoing.append(rest)
                    self._outgoing_size += len(rest)
                    self._update_interest()

                def finish(self, status: int, close: bool = False) -> None:
                    """The current request is answered."""
                    if self.closed or self.request is None:
                        return
                    head = self.request.head
                    self.front.note_answer(self, status)
                    self.request = self.worker = None
                    self.answer_begun = False
                    self._progress = self.front.loop.now
                    if close or not head.keep_alive or self._closing or self.front.draining:
                        self._close_when_written()
                    else:
                        if self._reader.backlog:
                            self._advance()
                        if self._interest != READ:
                            self._update_interest()

                def fail(self, status: int, body: bytes) -> None:
                    """The current request cannot be answered by a worker any more."""
                    if self.answer_begun:
                        # The caller knows from the missing end of the body that it is not whole.
                        self.close()
                    else:
                        self.respond(status, body)

                def _refuse(self, status: int, message: str) -> None:
                    """Answers input that cannot be understood; where a next request would begin is unknown then."""
                    self.write(whole_response(status, "text/plain; charset=utf-8", f"{message}\n".encode(), 0))
                    self._lingering = True
                    self._close_when_written()

                def _flush(self) -> None:
                    outgoing = self._outgoing
                    while outgoing:
                        data = outgoing[0]
                        try:
                            sent = self.sock.send(data)
                        except BlockingIOError:
                            break
                        except OSError:
                            self.close()
                            return
                        self._progress = self.front.loop.now
                        self._outgoing_size -= sent
                        if sent < len(data):
                            outgoing[0] = memoryview(data)[sent:]
                            break
                        outgoing.popleft()
                    if not self.is_congested:
                        if self.worker is not None:
                            self.worker.resume()
                        elif self._reader.backlog:
                            self._advance()
                    if not outgoing and self._closing and self.request is None:
                        self._close_when_written()
                    else:
                        self._update_interest()

                def _update_interest(self) -> None:
                    if self.closed:
                        return
                    interest = WRITE if self._outgoing else 0
                    # Only of input that waits for its turn there is so much: a body that is coming leaves the backlog at once.
                    if not self._ended and self._reader.backlog <= _BACKLOG_LIMIT:
                        interest |= READ
                    if interest != self._interest:
                        self._interest = interest
                        self.front.loop.change(self.sock.fileno(), interest)

                # Loans

                @property
                def is_lendable(self) -> bool:
                    """Whether a worker may read and answer the next request of this connection by itself."""
                    return (
                        not (self.closed or self._ended or self._closing or self._outgoing or self.front.draining)
                        and self.request is None
                        and self._reader.is_between_requests
                        and self.front.loop.now >= self._lendable_from
                    )

                def lend(self, worker: Worker) -> None:
                    self.worker = worker
                    self._was_lent = True
                    self.front.loop.forget(self.sock.fileno())

                def take_back(self, unanswered: bytes) -> None:
                    """The connection is the front's again; `unanswered` was read of it."""
                    self._resume_watch()
                    if unanswered:
                        # What the worker could not take alone; the next request is likely to be of the same kind.
                        self._lendable_from = self.front.loop.now + _UNSUITED_PAUSE
                        self._reader.feed(unanswered)
                        self._advance()
                    if self.front.draining:
                        self.close_if_idle()

                def take_over(self, head: bytes) -> None:
                    """The connection is the front's again, which relays the rest of the answer to the request of this head."""
                    worker = self.worker
                    self._resume_watch()
                    self.worker = worker
                    self.request = Request(parse_head(head), b"")
                    self.since = self.front.loop.now
                    self.answer_begun = True

                def end_loan(self, status: int | None, body: bytes) -> None:
                    """The worker is gone; `status` is for the caller of the request it was at, None if it was at none."""
                    self._resume_watch()
                    if status is None:
                        # What it may have read is lost; a caller who has got no answer on a kept connection asks again.
                        self.close()
                    else:
                        self.write(whole_response(status, "application/json", body, 0))
                        self._close_when_written()

                def _resume_watch(self) -> None:
                    self.worker = None
                    self._progress = self.front.loop.now
                    self._interest = READ
                    self.front.loop.watch(self.sock.fileno(), self._on_event)

                # End

                def _close_when_written(self) -> None:
                    self._closing = True
                    if self._outgoing or self.closed:
                        return
                    if not self._lingering:
                        self.close()
                        return
                    # Closing while input is unread would reset the connection and take the answer from the caller, who may
                    # still be sending: what comes is read and dropped for a while.
                    try:
                        self.sock.shutdown(socket.SHUT_WR)
                    except OSError:
                        self.close()
                        return
                    self.front.loop.later(_LINGER, self.close)

                def close(self) -> None:
                    if self.closed:
                        return
                    self.closed = True
                    self.front.loop.forget(self.sock.fileno())
                    if self._was_lent:
                        # A process that user code started may have got a copy of the descriptor.
                        with contextlib.suppress(OSError):
                            self.sock.shutdown(socket.SHUT_RDWR)
                    self.sock.close()
                    self.front.clients.discard(self)
                    if self.worker is not None:
                        self.worker.lose_client()
                    self.front.client_has_closed()

                def close_if_idle(self) -> None:
                    if self.worker is not None and self.request is None:
                        self.worker.recall()
                        return
                    self._receive()  # A request may have come in this moment.
                    if (
                        not self.closed
                        and self.request is None
                        and self._reader.is_between_requests
                        and not self._outgoing
                    ):
                        self.close()

                def check_progress(self) -> None:
                    """Ends connections whose other side stands still in the middle of something."""
                    if self.front.loop.now - self._progress < _STALL_LIMIT:
                        return
                    if self._outgoing:
                        self.close()
                    elif self.request is None and not self._reader.is_between_requests:
                        self._refuse(408, "The request did not arrive within a minute.")

            """##,
        "clary_runtime/serving/code_directory.py": ##"""
            """Where the user's script is: beside the model, in another folder, or in an archive that is unpacked first."""

            from __future__ import annotations

            import os
            import tempfile
            from pathlib import Path
            from typing import NamedTuple
            from urllib.parse import urlparse

            from .. import s3
            from ..archive import BadArchive, unpack
            from .errors import ModelError
            from .log import logger
            from .settings import Settings

            _DEFAULT_PROGRAM = "inference.py"


            class Code(NamedTuple):
                directory: Path
                program: str


            def find_code(settings: Settings, model_directory: Path) -> Code | None:
                """The script that SAGEMAKER_PROGRAM and SAGEMAKER_SUBMIT_DIRECTORY name; None if neither does and none is there."""
                submitted = settings.submit_directory
                if settings.program is None and submitted is None:
                    directory = model_directory / "code"
                    return Code(directory, _DEFAULT_PROGRAM) if (directory / _DEFAULT_PROGRAM).is_file() else None
                directory = _directory(settings, submitted, model_directory)
                if not directory.is_dir() and not _comes_with_models(directory, settings, model_directory):
                    raise ModelError(_missing(directory, submitted, model_directory))
                program = settings.program or _DEFAULT_PROGRAM
                if settings.program is None and not (directory / program).is_file():
                    return None
                return Code(directory, program)


            def _comes_with_models(directory: Path, settings: Settings, model_directory: Path) -> bool:
                """Of several models, each brings its own folder, when it is loaded."""
                own = settings.model_directory
                return settings.multi_model and model_directory == own and directory == own / "code"


            def _missing(directory: Path, submitted: str | None, model_directory: Path) -> str:
                names = (
                    f"SAGEMAKER_SUBMIT_DIRECTORY names '{submitted}'" if submitted else "SAGEMAKER_PROGRAM names a script"
                )
                if directory != model_directory / "code":
                    return f"{names}, which does not exist in the instance: name a folder of the image or an archive (s3://…)."
                entries = sorted(entry.name for entry in model_directory.iterdir()) if model_directory.is_dir() else []
                found = (
                    f"the model's archive has no folder 'code', only: {', '.join(entries[:20])}"
                    if entries
                    else "the model has no files, as one without ModelDataUrl"
                )
                return (
                    f"{names}, but {found}. Give the model a ModelDataUrl whose archive has the script below code/, or name the "
                    "script's archive (s3://…) in SAGEMAKER_SUBMIT_DIRECTORY."
                )


            def _directory(settings: Settings, submitted: str | None, model_directory: Path) -> Path:
                if submitted is None:
                    return model_directory / "code"
                if submitted.startswith("s3://"):
                    with tempfile.TemporaryDirectory() as folder:
                        archive = Path(folder) / "sourcedir.tar.gz"
                        _download(submitted, archive)
                        return _unpack(archive, settings.ml_root / "code")
                if "://" in submitted and not submitted.startswith("file://"):
                    raise ModelError(
                        f"SAGEMAKER_SUBMIT_DIRECTORY is '{submitted}', which cannot be fetched: it is an archive at s3://… or a path."
                    )
                path = Path(urlparse(submitted).path if submitted.startswith("file://") else submitted)
                if path.is_file():
                    return _unpack(path, settings.ml_root / "code")
                if path == Path("/opt/ml/model/code"):
                    return model_directory / "code"
                return path


            def _download(uri: str, target: Path) -> None:
                logger.info("Downloading %s.", uri)
                try:
                    s3.download(uri, target)
                except s3.S3Error as error:
                    raise ModelError(f"{uri} (SAGEMAKER_SUBMIT_DIRECTORY) could not be downloaded: {error}") from None


            def _unpack(archive: Path, wanted: Path) -> Path:
                """Unpacks into the folder that is wanted, or into another one where that cannot be written."""
                try:
                    wanted.mkdir(parents=True, exist_ok=True)
                    directory = wanted if os.access(wanted, os.W_OK) else Path(tempfile.mkdtemp(prefix="code-"))
                except OSError:
                    directory = Path(tempfile.mkdtemp(prefix="code-"))
                try:
                    unpack(archive, directory)
                except BadArchive as error:
                    raise ModelError(f"The source archive is not usable: {error}.") from None
                return directory

            """##,
        "clary_runtime/serving/content_types.py": ##"""
            """Media types, and the choice of one from an Accept header (RFC 9110 §12.5.1)."""

            from __future__ import annotations

            import functools

            from .errors import UnsupportedAccept

            JSON = "application/json"
            JSON_LINES = "application/jsonlines"
            CSV = "text/csv"
            NPY = "application/x-npy"
            NPZ = "application/x-npz"
            LIBSVM = "text/libsvm"
            RECORDIO_PROTOBUF = "application/x-recordio-protobuf"
            OCTET_STREAM = "application/octet-stream"
            TEXT = "text/plain; charset=utf-8"
            ANY = "*/*"

            # What scripts get as str; they get bytes of all others.
            TEXT_TYPES = (JSON, CSV)

            _SYNONYMS = {
                "application/jsonl": JSON_LINES,
                "application/x-jsonlines": JSON_LINES,
                "text/x-libsvm": LIBSVM,
                "application/x-libsvm": LIBSVM,
            }


            def media_type(content_type: str) -> str:
                """Type without parameters, in lower case, under its usual name."""
                name = content_type.partition(";")[0].strip().lower()
                return _SYNONYMS.get(name, name)


            def charset(content_type: str) -> str:
                for parameter in content_type.split(";")[1:]:
                    name, _, value = parameter.partition("=")
                    if name.strip().lower() == "charset":
                        return value.strip().strip('"') or "utf-8"
                return "utf-8"


            @functools.lru_cache(maxsize=256)
            def choose(accept: str, offered: tuple[str, ...], default: str) -> str:
                """The offered type that the caller likes best; `default` where any is as good."""
                preferred = default if default in offered else offered[0]
                for wanted in _by_quality(accept or ANY):
                    if wanted == ANY:
                        return preferred
                    if wanted in offered:
                        return wanted
                    if wanted.endswith("/*"):
                        group = wanted[:-1]
                        for candidate in (preferred, *offered):
                            if candidate.startswith(group):
                                return candidate
                raise UnsupportedAccept(accept, offered)


            def _by_quality(accept: str) -> list[str]:
                weighted = []
                for item in accept.split(","):
                    quality = 1.0
                    for parameter in item.split(";")[1:]:
                        name, _, value = parameter.partition("=")
                        if name.strip().lower() == "q":
                            try:
                                quality = float(value)
                            except ValueError:
                                quality = 0.0
                    name = media_type(item)
                    if name and quality > 0:
                        weighted.append((quality, name))
                # Stable: of equal wishes the first counts.
                return [name for _, name in sorted(weighted, key=lambda pair: -pair[0])]

            """##,
        "clary_runtime/serving/context.py": ##"""
            """The `context` argument that functions of a script may take."""

            from __future__ import annotations

            from pathlib import Path
            from typing import Any

            from .worker_process import visible_gpus


            class Context:
                """Has the names of the model server's context that scripts use."""

                def __init__(self, model_directory: Path) -> None:
                    self.model_name = "model"
                    self.manifest: dict[str, Any] = {"model": {"modelName": "model", "handler": "clary"}}
                    self.system_properties: dict[str, Any] = {
                        "model_dir": str(model_directory),
                        "gpu_id": 0 if visible_gpus() else None,
                        "batch_size": 1,
                        "server_name": "clary",
                        "server_version": "1",
                    }
                    self.metrics = None
                    self.request_headers: dict[str, str] = {}
                    self.response_headers: dict[str, str] = {}
                    self.status: int | None = None

                def begin(self, headers: dict[str, str]) -> None:
                    """A new request has come."""
                    self.request_headers = headers
                    if self.response_headers:
                        self.response_headers = {}
                    self.status = None

                @property
                def request_processor(self) -> list[Context]:
                    """One per request of a batch; batches have one request here."""
                    return [self]

                def get_request_properties(self) -> dict[str, str]:
                    return self.request_headers

                def get_request_header(self, index: Any, name: str | None = None) -> str | None:
                    """Called as `(index, name)` on the context and as `(name)` on a request processor."""
                    return self.request_headers.get((index if name is None else name).lower())

                def get_all_request_header(self, _index: int = 0) -> dict[str, str]:
                    return self.request_headers

                def set_response_header(self, _index: int, name: str, value: str) -> None:
                    self.response_headers[name] = value

                def set_response_content_type(self, _index: int, value: str) -> None:
                    self.response_headers["Content-Type"] = value

                def get_response_content_type(self, _index: int) -> str | None:
                    return self.response_headers.get("Content-Type")

                def set_response_status(self, code: int = 200, phrase: str = "", idx: int = 0) -> None:
                    self.status = code

            """##,
        "clary_runtime/serving/decoders.py": ##"""
            """Bodies of requests as numpy arrays."""

            from __future__ import annotations

            import io
            import json
            from typing import TYPE_CHECKING, Any

            from .content_types import CSV, JSON, JSON_LINES, NPY, NPZ, charset, media_type
            from .errors import BadInput, UnsupportedContentType

            if TYPE_CHECKING:
                import numpy

            DECODABLE = (JSON, CSV, NPY, JSON_LINES, NPZ)


            def text_of(data: bytes | str, content_type: str = "") -> str:
                if isinstance(data, str):
                    return data
                try:
                    return data.decode(charset(content_type))
                except (UnicodeDecodeError, LookupError) as error:
                    raise BadInput(f"The body is not text: {error}.") from None


            def decode(data: bytes | str, content_type: str) -> Any:
                """A numpy array (a scipy sparse matrix for npz); raises `BadInput` or `UnsupportedContentType`."""
                kind = media_type(content_type)
                if kind == JSON:
                    return json_array(text_of(data, content_type))
                if kind == CSV:
                    return csv_array(text_of(data, content_type))
                if kind == NPY:
                    return npy_array(data)
                if kind == JSON_LINES:
                    return array_of(
                        [json_value(line) for line in text_of(data, content_type).splitlines() if line.strip()]
                    )
                if kind == NPZ:
                    return npz_matrix(data)
                raise UnsupportedContentType(content_type, DECODABLE)


            def json_value(text: str) -> Any:
                try:
                    return json.loads(text)
                except ValueError as error:
                    raise BadInput(f"The body is not JSON: {error}.") from None


            def json_array(text: str) -> numpy.ndarray:
                return array_of(json_value(text))


            def array_of(values: Any) -> numpy.ndarray:
                import numpy

                try:
                    return numpy.array(values)
                except ValueError as error:
                    raise BadInput(f"The rows do not make an array: {error}.") from None


            def csv_array(text: str, missing: float = float("nan")) -> numpy.ndarray:
                """Rows and columns; one row makes a vector (the inference toolkit's shape). Empty fields are `missing`."""
                import numpy

                lines = [line for line in text.splitlines() if line.strip()]
                if not lines:
                    raise BadInput("The body has no rows.")
                width = lines[0].count(",") + 1
                try:
                    # The usual case, without a Python step per value.
                    values = list(map(float, ",".join(lines).split(",")))
                except ValueError:
                    values = [
                        _csv_number(field, row, missing) for row, line in enumerate(lines, 1) for field in line.split(",")
                    ]
                for row, line in enumerate(lines, 1):
                    if line.count(",") + 1 != width:
                        raise BadInput(f"Row {row} has {line.count(',') + 1} fields, the first has {width}.")
                array = numpy.array(values)
                return array if len(lines) == 1 else array.reshape(len(lines), width)


            def _csv_number(field: str, row: int, missing: float) -> float:
                field = field.strip().strip('"').strip()
                if not field or field.upper() in ("NA", "NULL", "?"):
                    return missing
                try:
                    return float(field)
                except ValueError:
                    raise BadInput(f"Row {row} of the body has '{field}' where a number should be.") from None


            def npy_array(data: bytes | str) -> numpy.ndarray:
                import numpy

                try:
                    # Without pickles: a body must not run code.
                    return numpy.load(
                        io.BytesIO(data if isinstance(data, bytes) else data.encode("latin-1")), allow_pickle=False
                    )
                except (ValueError, EOFError, OSError) as error:
                    raise BadInput(f"The body is not an npy array: {error}.") from None


            def npz_matrix(data: bytes | str) -> Any:
                import zipfile

                import scipy.sparse

                try:
                    return scipy.sparse.load_npz(io.BytesIO(data if isinstance(data, bytes) else data.encode("latin-1")))
                except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
                    raise BadInput(f"The body is not a sparse matrix of scipy: {error}.") from None

            """##,
        "clary_runtime/serving/encoders.py": ##"""
            """Predictions as bodies of answers."""

            from __future__ import annotations

            import io
            import json
            from typing import Any

            from .content_types import CSV, JSON, JSON_LINES, NPY
            from .errors import UnsupportedAccept

            ENCODABLE = (JSON, CSV, NPY, JSON_LINES)


            def encode(prediction: Any, content_type: str) -> bytes:
                """`prediction` is whatever a model gave: arrays, frames, scalars or plain containers of them."""
                if content_type == JSON:
                    return json_bytes(prediction)
                if content_type == CSV:
                    return csv_bytes(prediction)
                if content_type == NPY:
                    return npy_bytes(prediction)
                if content_type == JSON_LINES:
                    rows = plain(prediction)
                    return b"".join(json_bytes(row) + b"\n" for row in (rows if isinstance(rows, list) else [rows]))
                raise UnsupportedAccept(content_type, ENCODABLE)


            def json_bytes(value: Any) -> bytes:
                return json.dumps(value.tolist() if hasattr(value, "tolist") else value, default=plain).encode()


            def plain(value: Any) -> Any:
                """What JSON can say of a value of numpy, pandas, torch or tensorflow."""
                if hasattr(value, "tolist"):
                    return value.tolist()
                if hasattr(value, "to_dict"):
                    return value.to_dict(orient="records") if hasattr(value, "columns") else value.to_dict()
                if hasattr(value, "numpy"):
                    return plain(value.numpy())
                if isinstance(value, (bytes, bytearray)):
                    return bytes(value).decode("utf-8", "replace")
                if isinstance(value, (set, frozenset)):
                    return list(value)
                if isinstance(value, (list, dict, str, int, float, type(None))):
                    return value
                raise TypeError(f"A value of type {type(value).__name__} cannot be written as JSON.")


            def csv_bytes(prediction: Any) -> bytes:
                import numpy

                array = numpy.asarray(prediction.numpy() if hasattr(prediction, "detach") else prediction)
                if array.ndim > 2:
                    raise UnsupportedAccept(CSV, (JSON, NPY))
                # As text of its own type: a float32 would gain digits on the way through a float of Python.
                rows = numpy.atleast_1d(array).astype(str).tolist()
                return "".join((row if isinstance(row, str) else ",".join(row)) + "\n" for row in rows).encode()


            def npy_bytes(prediction: Any) -> bytes:
                import numpy

                buffer = io.BytesIO()
                numpy.save(buffer, numpy.asarray(prediction), allow_pickle=False)
                return buffer.getvalue()

            """##,
        "clary_runtime/serving/errors.py": ##"""
            """Errors of serving and the text that tells of them."""

            from __future__ import annotations

            import traceback
            from pathlib import Path

            _PACKAGE = str(Path(__file__).parent)
            _LINES = 30


            class ModelError(Exception):
                """The model or its script cannot be used as they are; the worker does not start."""


            class ServingError(Exception):
                """An error with an HTTP status of its own."""

                status = 500


            class BadInput(ServingError):
                status = 400


            class UnsupportedContentType(ServingError):
                status = 415

                def __init__(self, content_type: str, supported: tuple[str, ...]) -> None:
                    super().__init__(
                        f"Content type '{content_type}' is not understood; these are: {', '.join(supported)}. "
                        "An input_fn in the inference script can read others."
                    )


            class UnsupportedAccept(ServingError):
                status = 406

                def __init__(self, accept: str, supported: tuple[str, ...]) -> None:
                    super().__init__(
                        f"None of the types '{accept}' can be made; these can: {', '.join(supported)}. "
                        "An output_fn in the inference script can make others."
                    )


            def status_of(error: BaseException) -> int:
                """User code may give its exceptions a status (`status_code`, as the inference toolkit's have)."""
                status = getattr(error, "status", None) or getattr(error, "status_code", None)
                return status if isinstance(status, int) and 400 <= status <= 599 else 500


            def failure_text(error: BaseException) -> bytes:
                """The error and the last lines of its traceback, from the first frame that is not ours."""
                trace = error.__traceback__
                while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_PACKAGE):
                    trace = trace.tb_next
                lines = "".join(traceback.format_exception(type(error), error, trace)).splitlines()
                return "\n".join([str(error) or type(error).__name__, *lines[-_LINES:], ""]).encode("utf-8", "replace")

            """##,
        "clary_runtime/serving/event_loop.py": ##"""
            """One thread's wait for descriptors, timers and signals."""

            from __future__ import annotations

            import heapq
            import select
            import signal
            import socket
            import time
            from typing import Callable  # noqa: UP035 - subscripted at run time by Python 3.8.

            READ = select.EPOLLIN
            WRITE = select.EPOLLOUT


            class EventLoop:
                """Calls back when a descriptor is ready, a time has come or a signal has arrived."""

                def __init__(self) -> None:
                    self._epoll = select.epoll()
                    self._callbacks: dict[int, Callable[[int], None]] = {}
                    self._timers: list[tuple[float, int, Callable[[], None]]] = []
                    self._timer_count = 0
                    self._signals: dict[int, Callable[[], None]] = {}
                    self._wakeup: tuple[socket.socket, socket.socket] | None = None
                    self._stopped = False
                    self.now = time.monotonic()
                    """Time of the current round; a call of the clock per event would be a tenth of an event's cost."""

                def watch(self, descriptor: int, callback: Callable[[int], None], events: int = READ) -> None:
                    self._callbacks[descriptor] = callback
                    self._epoll.register(descriptor, events)

                def change(self, descriptor: int, events: int) -> None:
                    self._epoll.modify(descriptor, events)

                def forget(self, descriptor: int) -> None:
                    """Must come before the descriptor is closed: its number may be another's at once."""
                    if self._callbacks.pop(descriptor, None):
                        self._epoll.unregister(descriptor)

                def later(self, delay: float, callback: Callable[[], None]) -> None:
                    self._timer_count += 1  # Two timers of one moment are compared by it, never by their callbacks.
                    heapq.heappush(self._timers, (time.monotonic() + delay, self._timer_count, callback))

                def on_signal(self, number: int, callback: Callable[[], None]) -> None:
                    if self._wakeup is None:
                        self._wakeup = socket.socketpair()
                        for end in self._wakeup:
                            end.setblocking(False)
                        signal.set_wakeup_fd(self._wakeup[1].fileno(), warn_on_full_buffer=False)
                        self.watch(self._wakeup[0].fileno(), self._take_signals)
                    self._signals[number] = callback
                    signal.signal(number, _note)

                def run(self) -> None:
                    """Until `stop` is called."""
                    poll, callbacks, clock = self._epoll.poll, self._callbacks, time.monotonic
                    while not self._stopped:
                        timers = self._timers
                        timeout = max(0.0, timers[0][0] - clock()) if timers else -1
                        ready = poll(timeout, 256)
                        self.now = clock()
                        for descriptor, events in ready:
                            # An earlier callback of this round may have forgotten this descriptor.
                            callback = callbacks.get(descriptor)
                            if callback is not None:
                                callback(events)
                        while timers and timers[0][0] <= self.now:
                            heapq.heappop(timers)[2]()

                def stop(self) -> None:
                    self._stopped = True

                def close_in_child(self) -> None:
                    """Leaves the parent's descriptors and signals to the parent."""
                    signal.set_wakeup_fd(-1)
                    self._epoll.close()
                    for end in self._wakeup or ():
                        end.close()

                def _take_signals(self, _events: int) -> None:
                    assert self._wakeup is not None
                    try:
                        numbers = self._wakeup[0].recv(4096)
                    except BlockingIOError:
                        return
                    for number in set(numbers):
                        if number in self._signals:
                            self._signals[number]()


            def _note(_number: int, _frame: object) -> None:
                """The interpreter writes the number to the wake-up descriptor only for signals that have a handler."""

            """##,
        "clary_runtime/serving/exchange.py": ##"""
            """A request and its answer, as handlers see them."""

            from __future__ import annotations

            from typing import Callable, Iterator, NamedTuple  # noqa: UP035 - subscripted at run time by Python 3.8.

            INVOCATIONS = "/invocations"
            """The path of the one model's predictions (container contract §3.2)."""


            class Invocation(NamedTuple):
                method: str
                path: str
                query: str
                headers: dict[str, str]
                """Names in lower case."""
                body: bytes

                @property
                def content_type(self) -> str:
                    return self.headers.get("content-type") or "application/json"

                @property
                def custom_attributes(self) -> str:
                    return self.headers.get("x-amzn-sagemaker-custom-attributes", "")


            class Reply:
                """Status, type and body; a body that is an iterator is sent part by part as it is made."""

                __slots__ = ("body", "content_type", "headers", "status")

                def __init__(
                    self,
                    body: bytes | Iterator[bytes],
                    content_type: str = "application/json",
                    status: int = 200,
                    headers: dict[str, str] | None = None,
                ) -> None:
                    self.body = body
                    self.content_type = content_type
                    self.status = status
                    self.headers = headers


            Handler = Callable[[Invocation], Reply]
            """A loaded model: answers invocations, one at a time, and never raises."""

            """##,
        "clary_runtime/serving/frames.py": ##"""
            """Messages between the front and a worker, on a Unix stream socket.

            The front sends one request at a time and, rarely, the wish to end a streamed answer. A worker sends its state once
            and then the answer's bytes as they go to the client: the front only relays them. A worker that has nothing to do may
            be lent a caller's connection, which it then serves alone until one of the two ends the loan (`loan`).
            """

            from __future__ import annotations

            import struct

            # kind, flags (`http_reply.KEEP_ALIVE`, `HTTP10`), bytes of the marshalled head, bytes of the body
            TO_WORKER = struct.Struct("<BBIQ")
            REQUEST = 1
            CANCEL = 2
            LEND = 3  # Comes with the descriptor of a connection that is between two requests.
            RECALL = 4  # The connection is wanted back; nothing to a worker that has none.

            # kind, HTTP status, bytes that follow
            FROM_WORKER = struct.Struct("<BHQ")
            READY = 1
            FAILED = 2
            PART = 3  # More of this response will come.
            LAST = 4
            LAST_THEN_CLOSE = 5
            BROKEN = 6  # The rest of a begun response cannot be made.
            RETURNED = 7  # The lent connection, with what was read of it and not answered.
            TAKEN_OVER = 8  # The lent connection in the middle of an answer, with the request's head; the answer follows.

            """##,
        "clary_runtime/serving/frameworks/__init__.py": ##"""
            """What each framework's image does where the script does not say."""

            """##,
        "clary_runtime/serving/frameworks/arrays.py": ##"""
            """Defaults that frameworks share: arrays in, arrays out."""

            from __future__ import annotations

            from typing import Any

            from ..content_types import choose
            from ..decoders import decode
            from ..encoders import ENCODABLE, encode
            from ..errors import ModelError


            class ArrayDefaults:
                """Used for each function that the script does not define."""

                name = ""

                def __init__(self, default_accept: str) -> None:
                    self.default_accept = default_accept

                def model_fn(self, model_directory: str) -> Any:
                    raise ModelError(
                        f"The {self.name} image has no default way to load a model: the inference script must define "
                        "model_fn(model_dir), which returns the model (NotImplementedError)."
                    )

                def input_fn(self, data: Any, content_type: str) -> Any:
                    return decode(data, content_type)

                def predict_fn(self, data: Any, model: Any) -> Any:
                    return model.predict(data)

                def output_fn(self, prediction: Any, accept: str) -> tuple[bytes, str]:
                    content_type = choose(accept, ENCODABLE, self.default_accept)
                    return encode(prediction, content_type), content_type

            """##,
        "clary_runtime/serving/frameworks/huggingface.py": ##"""
            """Hugging Face: a pipeline of transformers; `{"inputs": …, "parameters": {…}}` goes in, its result comes out as JSON."""

            from __future__ import annotations

            import csv
            import io
            import json
            import os
            from pathlib import Path
            from typing import Any

            from ..content_types import CSV, JSON, media_type
            from ..decoders import decode, json_value, text_of
            from ..errors import BadInput, ModelError, UnsupportedContentType
            from .arrays import ArrayDefaults

            # By the end of the architecture's name in config.json.
            _TASKS = {
                "TapasForQuestionAnswering": "table-question-answering",
                "ForQuestionAnswering": "question-answering",
                "ForTokenClassification": "token-classification",
                "ForSequenceClassification": "text-classification",
                "ForMultipleChoice": "multiple-choice",
                "ForMaskedLM": "fill-mask",
                "ForCausalLM": "text-generation",
                "LMHeadModel": "text-generation",
                "ForConditionalGeneration": "text2text-generation",
                "MTModel": "text2text-generation",
                "EncoderDecoderModel": "text2text-generation",
                "ForImageClassification": "image-classification",
                "ForObjectDetection": "object-detection",
                "ForImageSegmentation": "image-segmentation",
                "ForAudioClassification": "audio-classification",
                "ForCTC": "automatic-speech-recognition",
                "ForSpeechSeq2Seq": "automatic-speech-recognition",
            }


            class Defaults(ArrayDefaults):
                name = "Hugging Face"

                def model_fn(self, model_directory: str) -> Any:
                    directory = Path(model_directory)
                    if os.environ.get("HF_MODEL_ID") and not (directory / "config.json").is_file():
                        directory = _from_hub(os.environ["HF_MODEL_ID"])
                    task = os.environ.get("HF_TASK") or _task(directory)
                    from transformers import pipeline

                    return pipeline(task=task, model=str(directory), device=_device())

                def input_fn(self, data: Any, content_type: str) -> Any:
                    kind = media_type(content_type)
                    if kind == JSON:
                        return json_value(text_of(data, content_type))
                    if kind == CSV:
                        return {"inputs": _rows(text_of(data, content_type))}
                    if kind.startswith("image/") or kind == "application/x-image":
                        from PIL import Image, UnidentifiedImageError

                        try:
                            return {"inputs": Image.open(io.BytesIO(data)).convert("RGB")}
                        except UnidentifiedImageError as error:
                            raise BadInput(f"The body is not an image: {error}.") from None
                    if kind.startswith("audio/"):
                        return {"inputs": data}
                    try:
                        return {"inputs": decode(data, content_type)}
                    except UnsupportedContentType:
                        raise UnsupportedContentType(content_type, (JSON, CSV, "image/*", "audio/*")) from None

                def predict_fn(self, data: Any, model: Any) -> Any:
                    if not isinstance(data, dict):
                        return model(data)
                    inputs = data.get("inputs", data)
                    parameters = data.get("parameters") or {}
                    if isinstance(inputs, dict) and getattr(model, "task", "") in (
                        "question-answering",
                        "zero-shot-classification",
                    ):
                        # These pipelines take the parts of one input as separate arguments.
                        return model(**inputs, **parameters)
                    return model(inputs, **parameters)


            def _task(directory: Path) -> str:
                try:
                    configuration = json.loads((directory / "config.json").read_text())
                except (OSError, ValueError) as error:
                    raise ModelError(
                        f"The model archive has no readable config.json ({error}); set HF_MODEL_ID, or define model_fn(model_dir) "
                        "in the inference script."
                    ) from error
                architectures = configuration.get("architectures") or ["?"]
                for ending, task in _TASKS.items():
                    if architectures[0].endswith(ending):
                        return task
                raise ModelError(f"The task cannot be told from the architecture {architectures[0]}: set HF_TASK.")


            def _device() -> int:
                """-1 is the CPU."""
                try:
                    import torch

                    return 0 if torch.cuda.is_available() else -1
                except ImportError:
                    return -1


            def _from_hub(model: str) -> Path:
                from huggingface_hub import snapshot_download

                token = os.environ.get("HF_API_TOKEN") or os.environ.get("HF_TOKEN")
                try:
                    return Path(snapshot_download(model, revision=os.environ.get("HF_REVISION"), token=token))
                except Exception as error:
                    raise ModelError(
                        f"The model {model} (HF_MODEL_ID) could not be downloaded from {os.environ.get('HF_ENDPOINT') or 'huggingface.co'}: "
                        f"{error}. Without a way there, put the model's files into the model archive."
                    ) from error


            def _rows(text: str) -> list[Any]:
                """CSV with a header: a column `inputs`, or `question` and `context`."""
                rows = list(csv.DictReader(io.StringIO(text)))
                names = set(rows[0]) if rows else set()
                if {"question", "context"} <= names:
                    return [{"question": row["question"], "context": row["context"]} for row in rows]
                if "inputs" not in names:
                    raise BadInput("The first line of the CSV must name a column 'inputs', or 'question' and 'context'.")
                return [row["inputs"] for row in rows]

            """##,
        "clary_runtime/serving/frameworks/mxnet.py": ##"""
            """MXNet: a saved Module, or a Gluon network where no shapes are saved, is loaded; JSON goes in and out."""

            from __future__ import annotations

            import json
            from pathlib import Path
            from typing import Any

            from ..content_types import CSV, JSON, NPY, choose, media_type
            from ..decoders import decode
            from ..encoders import encode
            from ..errors import BadInput, ModelError
            from .arrays import ArrayDefaults

            _OFFERED = (JSON, CSV, NPY)
            _SYMBOL = "model-symbol.json"
            _PARAMETERS = "model-0000.params"
            _SHAPES = "model-shapes.json"


            class Defaults(ArrayDefaults):
                name = "MXNet"

                def __init__(self, default_accept: str) -> None:
                    super().__init__(default_accept)
                    import mxnet

                    self._mxnet = mxnet
                    self._context = mxnet.gpu() if mxnet.context.num_gpus() else mxnet.cpu()

                def model_fn(self, model_directory: str) -> Any:
                    directory = Path(model_directory)
                    missing = [name for name in (_SYMBOL, _PARAMETERS) if not (directory / name).is_file()]
                    if missing:
                        raise ModelError(
                            f"The model archive lacks {' and '.join(missing)}; the inference script must define "
                            "model_fn(model_dir) for models of another form."
                        )
                    if not (directory / _SHAPES).is_file():
                        return self._mxnet.gluon.SymbolBlock.imports(
                            str(directory / _SYMBOL), ["data"], str(directory / _PARAMETERS), ctx=self._context
                        )
                    shapes = [
                        (entry["name"], tuple(entry["shape"])) for entry in json.loads((directory / _SHAPES).read_text())
                    ]
                    symbol, arguments, auxiliary = self._mxnet.model.load_checkpoint(str(directory / "model"), 0)
                    module = self._mxnet.mod.Module(
                        symbol, data_names=[name for name, _ in shapes], label_names=None, context=self._context
                    )
                    module.bind(for_training=False, data_shapes=shapes)
                    module.set_params(arguments, auxiliary, allow_missing=True)
                    return module

                def input_fn(self, data: Any, content_type: str) -> Any:
                    array = decode(data, content_type)
                    if media_type(content_type) in (CSV, JSON):
                        array = array.astype("float32")
                    return self._mxnet.nd.array(array, ctx=self._context)

                def predict_fn(self, data: Any, model: Any) -> Any:
                    if not isinstance(model, self._mxnet.mod.BaseModule):
                        return model(data)
                    if len(model.data_shapes) != 1:
                        raise BadInput("The model has several inputs: the script must define input_fn and predict_fn.")
                    batch, *rest = model.data_shapes[0].shape
                    # Flat rows, as CSV has them, take the shape that the model was bound with.
                    data = data.reshape((-1, *rest))
                    if data.shape[0] < batch:
                        # The iterator needs one whole batch; what pads it is not in the result.
                        padded = self._mxnet.nd.zeros((batch, *rest), ctx=self._context)
                        padded[: data.shape[0]] = data
                        return model.predict(self._mxnet.io.NDArrayIter(padded, batch_size=batch))[: data.shape[0]]
                    return model.predict(self._mxnet.io.NDArrayIter(data, batch_size=batch))

                def output_fn(self, prediction: Any, accept: str) -> tuple[bytes, str]:
                    content_type = choose(accept, _OFFERED, self.default_accept)
                    return encode(self._on_host(prediction), content_type), content_type

                def _on_host(self, value: Any) -> Any:
                    if isinstance(value, self._mxnet.nd.NDArray):
                        return value.asnumpy()
                    return [self._on_host(item) for item in value] if isinstance(value, (list, tuple)) else value

            """##,
        "clary_runtime/serving/frameworks/pytorch.py": ##"""
            """PyTorch: a TorchScript archive is loaded, tensors go in and out."""

            from __future__ import annotations

            from pathlib import Path
            from typing import Any

            from ..content_types import CSV, JSON, media_type
            from ..decoders import decode
            from ..errors import ModelError
            from .arrays import ArrayDefaults


            class Defaults(ArrayDefaults):
                name = "PyTorch"

                def __init__(self, default_accept: str) -> None:
                    super().__init__(default_accept)
                    import torch

                    self._torch = torch
                    self._device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")

                def model_fn(self, model_directory: str) -> Any:
                    path = _model_file(Path(model_directory))
                    try:
                        model = self._torch.jit.load(str(path), map_location=self._device)
                    except RuntimeError as error:
                        raise ModelError(
                            f"{path.name} is not a TorchScript archive (made with torch.jit.save); the inference script must "
                            f"define model_fn(model_dir) for models of another form. {error}"
                        ) from error
                    return model.eval()

                def input_fn(self, data: Any, content_type: str) -> Any:
                    array = decode(data, content_type)
                    if media_type(content_type) in (CSV, JSON):
                        array = array.astype("float32")
                    return self._torch.as_tensor(array).to(self._device)

                def predict_fn(self, data: Any, model: Any) -> Any:
                    with self._torch.no_grad():
                        return model(data)

                def output_fn(self, prediction: Any, accept: str) -> tuple[bytes, str]:
                    return super().output_fn(self._on_host(prediction), accept)

                def _on_host(self, value: Any) -> Any:
                    if isinstance(value, self._torch.Tensor):
                        value = value.detach().cpu()
                        return (value.float() if value.dtype is self._torch.bfloat16 else value).numpy()
                    if isinstance(value, (list, tuple)):
                        return [self._on_host(item) for item in value]
                    if isinstance(value, dict):
                        return {key: self._on_host(item) for key, item in value.items()}
                    return value


            def _model_file(directory: Path) -> Path:
                for name in ("model.pt", "model.pth"):
                    if (directory / name).is_file():
                        return directory / name
                candidates = sorted([*directory.glob("*.pt"), *directory.glob("*.pth")])
                if len(candidates) != 1:
                    found = ", ".join(path.name for path in candidates) or "none"
                    raise ModelError(
                        f"The model archive must have a TorchScript file model.pt (or one *.pt or *.pth; found: {found}), or "
                        "the inference script must define model_fn(model_dir)."
                    )
                return candidates[0]

            """##,
        "clary_runtime/serving/frameworks/sklearn.py": ##"""
            """Scikit-learn: the script loads the model, arrays of float32 go in."""

            from __future__ import annotations

            from typing import Any

            from ..content_types import CSV, JSON, media_type
            from ..decoders import decode
            from .arrays import ArrayDefaults


            class Defaults(ArrayDefaults):
                name = "scikit-learn"

                def input_fn(self, data: Any, content_type: str) -> Any:
                    array = decode(data, content_type)
                    kind = media_type(content_type)
                    if kind == CSV and array.ndim == 1:
                        array = array.reshape(1, -1)  # Estimators take rows, and one line is one.
                    return array.astype("float32") if kind in (CSV, JSON) else array

            """##,
        "clary_runtime/serving/frameworks/tensorflow/__init__.py": ##"""
            """TensorFlow: SavedModels behind TensorFlow Serving's REST forms, and scripts that wrap them."""

            from __future__ import annotations

            import os
            from pathlib import Path
            from types import ModuleType

            from ...code_directory import Code
            from ...exchange import Handler
            from ...settings import Settings
            from .invocations import DefaultHandler
            from .models import Models
            from .rest import Rest
            from .script import script_handler


            def load(settings: Settings, code: Code | None, script: ModuleType | None, model_directory: Path) -> Handler:
                models = Models(model_directory, os.environ.get("SAGEMAKER_TFS_DEFAULT_MODEL_NAME"))
                rest = Rest(models)
                handler = DefaultHandler(models, rest) if script is None else script_handler(script, models, rest)

                def answer(invocation):
                    # The front also lets TensorFlow Serving's own paths through.
                    return rest(invocation) if invocation.path.startswith("/v1/") else handler(invocation)

                return answer

            """##,
        "clary_runtime/serving/frameworks/tensorflow/examples.py": ##"""
            """Classification and regression: rows come as named features and go in as serialized `tf.train.Example`s."""

            from __future__ import annotations

            from typing import Any

            from ...errors import BadInput
            from .signatures import SavedModel, json_values, strings


            def answer(model: SavedModel, method: str, request: dict[str, Any]) -> dict[str, Any]:
                rows = request.get("examples")
                if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                    raise BadInput("The value of 'examples' must be a list of objects.")
                context = request.get("context", {})
                signature = model.signature(request.get("signature_name") or _of_method(model, method))
                if len(signature.inputs) != 1:
                    raise BadInput(f"Signature '{signature.name}' does not take examples.")
                name = next(iter(signature.inputs))
                outputs = signature.call({name: [_example({**context, **row}) for row in rows]})
                arrays = {key: json_values(key, array) for key, array in outputs.items()}
                if method == "regress":
                    values = arrays.get("outputs", next(iter(arrays.values())))
                    return {"results": [value[0] if isinstance(value, list) else value for value in values]}
                scores = arrays.get("scores")
                classes = arrays.get("classes")
                if scores is None and classes is None:
                    raise BadInput(f"Signature '{signature.name}' gives neither classes nor scores.")
                results = []
                for index in range(len(rows)):
                    row_scores = scores[index] if scores is not None else [0.0] * len(classes[index])
                    labels = classes[index] if classes is not None else [""] * len(row_scores)
                    results.append([[label, score] for label, score in zip(labels, row_scores)])  # noqa: B905 - Python 3.8.
                return {"results": results}


            def _of_method(model: SavedModel, method: str) -> str | None:
                for name in (
                    f"tensorflow/serving/{method}",
                    {"classify": "classification", "regress": "regression"}[method],
                ):
                    if name in model.signatures:
                        return name
                return None


            def _example(features: dict[str, Any]) -> dict[str, str]:
                """Serialized, in the form in which values of JSON carry bytes."""
                import base64

                from tensorflow import train

                def feature(name: str, value: Any) -> Any:
                    values = value if isinstance(value, list) else [value]
                    if all(isinstance(item, (bool, int)) for item in values):
                        return train.Feature(int64_list=train.Int64List(value=[int(item) for item in values]))
                    if all(isinstance(item, (int, float)) for item in values):
                        return train.Feature(float_list=train.FloatList(value=values))
                    try:
                        return train.Feature(bytes_list=train.BytesList(value=strings(values)))
                    except ValueError:
                        raise BadInput(f"Feature '{name}' mixes types.") from None

                mapping = {name: feature(name, value) for name, value in features.items()}
                example = train.Example(features=train.Features(feature=mapping))
                return {"b64": base64.b64encode(example.SerializeToString()).decode()}

            """##,
        "clary_runtime/serving/frameworks/tensorflow/invocations.py": ##"""
            """`/invocations` without a script: what callers send becomes a request of TensorFlow Serving."""

            from __future__ import annotations

            import json
            import re
            from typing import Any, NamedTuple

            from ...content_types import CSV, JSON, JSON_LINES, media_type
            from ...decoders import json_value, text_of
            from ...errors import BadInput
            from ...exchange import Invocation, Reply
            from .models import Models
            from .rest import Rest

            _FORMS = ("instances", "inputs", "examples")
            _ROWS = re.compile(r"\s*\[\s*\[")


            class Target(NamedTuple):
                """Which model a request is for, from `X-Amzn-SageMaker-Custom-Attributes`."""

                name: str
                version: int | None
                method: str

                @classmethod
                def of(cls, invocation: Invocation, models: Models) -> Target:
                    attributes = {}
                    for item in re.split(r"[,;]", invocation.custom_attributes):
                        key, _, value = item.partition("=")
                        attributes[key.strip()] = value.strip()
                    version = attributes.get("tfs-model-version", "")
                    return cls(
                        name=attributes.get("tfs-model-name") or models.default_name,
                        version=int(version) if version.isdigit() else None,
                        method=attributes.get("tfs-method") or "predict",
                    )


            class DefaultHandler:
                def __init__(self, models: Models, rest: Rest) -> None:
                    self._models = models
                    self._rest = rest

                def __call__(self, invocation: Invocation) -> Reply:
                    kind = media_type(invocation.content_type)
                    try:
                        text = text_of(invocation.body, invocation.content_type)
                        if kind in (JSON, "application/jsons"):
                            body = _from_json(text)
                        elif kind == JSON_LINES:
                            body = _instances([json_value(line) for line in text.splitlines() if line.strip()])
                        elif kind == CSV:
                            body = _instances(_from_csv(text))
                        else:
                            error = {"error": f"Unsupported Media Type: {invocation.content_type}"}
                            return Reply(json.dumps(error).encode(), status=415)
                    except BadInput as error:
                        return Reply(json.dumps({"error": str(error)}).encode(), status=400)
                    return self._rest.answer(*Target.of(invocation, self._models), body)


            def _from_json(text: str) -> str:
                """A request in a form of TensorFlow Serving as it is; rows as instances; anything else as the one instance."""
                try:
                    value = json.loads(text)
                except ValueError:
                    # Callers send JSON Lines under this name, too.
                    lines = [line for line in text.splitlines() if line.strip()]
                    if len(lines) < 2:
                        raise BadInput("The body is not JSON.") from None
                    return _instances([json_value(line) for line in lines])
                if isinstance(value, dict) and any(form in value for form in _FORMS):
                    return text
                return _instances(value if _ROWS.match(text) else [value])


            def _from_csv(text: str) -> list[Any]:
                """Rows of several fields are lists, rows of one are the value; fields are numbers where they can be."""
                rows = [[_number(field) for field in line.split(",")] for line in text.splitlines() if line.strip()]
                return [row[0] if len(row) == 1 else row for row in rows]


            def _number(field: str) -> Any:
                field = field.strip()
                try:
                    return int(field)
                except ValueError:
                    try:
                        return float(field)
                    except ValueError:
                        quoted = len(field) >= 2 and field[0] == field[-1] == '"'
                        return field[1:-1].replace('""', '"') if quoted else field


            def _instances(rows: list[Any]) -> str:
                return json.dumps({"instances": rows})

            """##,
        "clary_runtime/serving/frameworks/tensorflow/loopback.py": ##"""
            """The REST API on a port of the worker's own, for the handlers that run in it."""

            from __future__ import annotations

            import socket
            import threading

            from ...exchange import Handler, Invocation
            from ...http_head import BadRequest
            from ...http_reader import RequestReader
            from ...http_reply import HTTP10, KEEP_ALIVE, whole_response

            _BODY_LIMIT = 1 << 30


            class Loopback:
                """A thread per connection: its only callers are in this process."""

                def __init__(self, handler: Handler) -> None:
                    self._handler = handler
                    self._listener = socket.create_server(("127.0.0.1", 0))
                    self.address = f"http://localhost:{self._listener.getsockname()[1]}"
                    threading.Thread(target=self._accept, name="rest", daemon=True).start()

                def _accept(self) -> None:
                    while True:
                        sock, _ = self._listener.accept()
                        threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

                def _serve(self, sock: socket.socket) -> None:
                    reader = RequestReader(_BODY_LIMIT)
                    with sock:
                        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        try:
                            while True:
                                request = reader.next()
                                if request is None:
                                    if reader.asks_to_continue():
                                        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                                    data = sock.recv(262144)
                                    if not data:
                                        return
                                    reader.feed(data)
                                    continue
                                head = request.head
                                reply = self._handler(
                                    Invocation(head.method, head.path, "", head.headers, bytes(request.body))
                                )
                                flags = (KEEP_ALIVE if head.keep_alive else 0) | (HTTP10 if head.http10 else 0)
                                assert isinstance(reply.body, bytes)
                                sock.sendall(whole_response(reply.status, reply.content_type, reply.body, flags))
                                if not head.keep_alive:
                                    return
                        except BadRequest as problem:
                            sock.sendall(whole_response(problem.status, "text/plain", f"{problem}\n".encode(), 0))
                        except OSError:
                            return

            """##,
        "clary_runtime/serving/frameworks/tensorflow/models.py": ##"""
            """The SavedModels of a model archive, by name and version."""

            from __future__ import annotations

            import contextlib
            import os
            import threading
            import time
            from pathlib import Path

            from ...errors import ModelError
            from ...log import logger
            from .signatures import SavedModel


            class UnknownModel(Exception):
                """The text is TensorFlow Serving's."""


            class Models:
                """Loads the newest version of every model at once, older ones when they are asked for.

                `<name>/<version>/saved_model.pb` may be anywhere below the folder (`export/Servo/<version>` is common); versions
                right in the folder, and a model without versions, are named after the folder.
                """

                def __init__(self, directory: Path, default_name: str | None) -> None:
                    self._paths = _find(directory)
                    if not self._paths:
                        found = (
                            ", ".join(sorted(str(path.relative_to(directory)) for path in directory.glob("*")))
                            or "nothing"
                        )
                        raise ModelError(
                            f"The model archive has no SavedModel (<name>/<version>/saved_model.pb); {directory} has: {found}. "
                            "Keras models are written in this form by model.export('1')."
                        )
                    self.default_name = default_name if default_name in self._paths else next(iter(self._paths))
                    self._loaded: dict[tuple[str, int], SavedModel] = {}
                    self._lock = threading.Lock()
                    _configure()
                    for name in self._paths:
                        self.model(name, None)

                def versions(self, name: str) -> list[int]:
                    """Oldest first."""
                    if name not in self._paths:
                        raise UnknownModel(f"Could not find any versions of model {name}")
                    return sorted(self._paths[name])

                def model(self, name: str, version: int | None) -> SavedModel:
                    """`version` None is the newest."""
                    paths = self._paths.get(name, {})
                    if not paths or (version is not None and version not in paths):
                        wanted = f"Latest({name})" if version is None else f"Specific({name}, {version})"
                        raise UnknownModel(f"Servable not found for request: {wanted}")
                    if version is None:
                        version = max(paths)
                    loaded = self._loaded.get((name, version))
                    if loaded is None:
                        with self._lock:
                            loaded = self._loaded.get((name, version))
                            if loaded is None:
                                started = time.monotonic()
                                loaded = SavedModel(paths[version], name, version)
                                self._loaded[name, version] = loaded
                                seconds = time.monotonic() - started
                                logger.info(
                                    "Model %s, version %d: signatures %s (%.2f s).", name, version, loaded.names, seconds
                                )
                    return loaded


            def _find(directory: Path) -> dict[str, dict[int, Path]]:
                found: dict[str, dict[int, Path]] = {}
                for root, folders, files in os.walk(directory, followlinks=True):
                    folder = Path(root)
                    folders.sort()
                    if folder == directory and "code" in folders:
                        folders.remove("code")
                    if "saved_model.pb" not in files and "saved_model.pbtxt" not in files:
                        continue
                    if folder != directory and folder.name.isdigit():
                        found.setdefault(folder.parent.name, {})[int(folder.name)] = folder
                    else:
                        found.setdefault(folder.name, {})[1] = folder
                return found


            def _configure() -> None:
                """Workers share CPUs, and GPUs with what else runs on them; this must come before the first tensor."""
                os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
                import tensorflow

                threads = int(os.environ.get("TF_NUM_INTRAOP_THREADS") or os.environ.get("OMP_NUM_THREADS") or 0)
                # A script that computes while it is imported has settled this already, which raises here.
                with contextlib.suppress(RuntimeError):
                    tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
                    for device in tensorflow.config.list_physical_devices("GPU"):
                        tensorflow.config.experimental.set_memory_growth(device, True)

            """##,
        "clary_runtime/serving/frameworks/tensorflow/rest.py": ##"""
            """TensorFlow Serving's REST API (tensorflow.org/tfx/serving/api_rest)."""

            from __future__ import annotations

            import json
            import re
            import sys
            import traceback
            from typing import Any

            from ...errors import BadInput, failure_text
            from ...exchange import Invocation, Reply
            from . import examples
            from .models import Models, UnknownModel
            from .signatures import SavedModel, Signature, is_binary, json_values

            _PATH = re.compile(r"/v1/models/([^/:]+)(?:/versions/(\d+))?(/metadata|:predict|:classify|:regress)?")


            class Rest:
                """Answers `/v1/models/…`; may be called from several threads."""

                def __init__(self, models: Models) -> None:
                    self._models = models

                def __call__(self, invocation: Invocation) -> Reply:
                    match = _PATH.fullmatch(invocation.path)
                    if not match:
                        return _error(404, f"Malformed request: {invocation.method} {invocation.path}")
                    name, version, what = match[1], int(match[2]) if match[2] else None, match[3] or ""
                    if invocation.method != ("POST" if what.startswith(":") else "GET"):
                        return _error(405, f"Method {invocation.method} is not served for {invocation.path}")
                    if what.startswith(":"):
                        return self.answer(name, version, what[1:], invocation.body)
                    try:
                        if what:
                            return _json(_metadata(self._models.model(name, version)))
                        versions = (
                            self._models.versions(name)
                            if version is None
                            else [self._models.model(name, version).version]
                        )
                        return _json({"model_version_status": [_status(number) for number in reversed(versions)]})
                    except UnknownModel as error:
                        return _error(404, str(error))

                def answer(self, name: str, version: int | None, method: str, body: bytes | str) -> Reply:
                    """`method` is predict, classify or regress; never raises."""
                    try:
                        request = _parse(body)
                        model = self._models.model(name, version)
                        if method == "predict":
                            return _json(predict(model, request))
                        if method in ("classify", "regress"):
                            return _json(examples.answer(model, method, request))
                        raise BadInput(f"The method '{method}' is none of predict, classify, regress.")
                    except UnknownModel as error:
                        return _error(404, str(error))
                    except BadInput as error:
                        return _error(400, str(error))
                    except Exception as error:
                        traceback.print_exc(file=sys.stderr)
                        return _error(500, failure_text(error).decode())


            def predict(model: SavedModel, request: dict[str, Any]) -> dict[str, Any]:
                signature = model.signature(request.get("signature_name"))
                if ("instances" in request) == ("inputs" in request):
                    raise BadInput("Request body must have either 'instances' or 'inputs', not both.")
                if "inputs" in request:
                    return {"outputs": _by_column(signature, request["inputs"])}
                return {"predictions": _by_row(signature, request["instances"])}


            def _by_column(signature: Signature, inputs: Any) -> Any:
                if not isinstance(inputs, dict) or is_binary(inputs):
                    inputs = {_only_input(signature): inputs}
                outputs = {name: json_values(name, array) for name, array in signature.call(inputs).items()}
                return next(iter(outputs.values())) if len(outputs) == 1 else outputs


            def _by_row(signature: Signature, instances: Any) -> list[Any]:
                if not isinstance(instances, list) or not instances:
                    raise BadInput("The value of 'instances' must be a list that is not empty.")
                if isinstance(instances[0], dict) and not is_binary(instances[0]):
                    names = instances[0].keys()
                    if not all(isinstance(row, dict) and row.keys() == names for row in instances):
                        raise BadInput("All instances must be objects with the same names.")
                    columns = {name: [row[name] for row in instances] for name in names}
                else:
                    columns = {_only_input(signature): instances}
                outputs = {}
                for name, array in signature.call(columns).items():
                    if array.ndim == 0 or len(array) != len(instances):
                        raise BadInput(
                            f"Output '{name}' has no row per instance; ask with 'inputs' instead of 'instances'."
                        )
                    outputs[name] = json_values(name, array)
                if len(outputs) == 1:
                    return next(iter(outputs.values()))
                return [dict(zip(outputs, row)) for row in zip(*outputs.values())]  # noqa: B905 - Python 3.8.


            def _only_input(signature: Signature) -> str:
                if len(signature.inputs) != 1:
                    raise BadInput(
                        f"Signature '{signature.name}' has several inputs; name them: {', '.join(signature.inputs)}."
                    )
                return next(iter(signature.inputs))


            def _parse(body: bytes | str) -> dict[str, Any]:
                try:
                    request = json.loads(body)
                except ValueError as error:
                    raise BadInput(f"JSON Parse error: {error}") from None
                if not isinstance(request, dict):
                    raise BadInput("The request must be a JSON object.")
                return request


            def _status(version: int) -> dict[str, Any]:
                return {
                    "version": str(version),
                    "state": "AVAILABLE",
                    "status": {"error_code": "OK", "error_message": ""},
                }


            def _metadata(model: SavedModel) -> dict[str, Any]:
                signatures = {
                    name: {
                        "inputs": {key: _tensor_info(key, spec) for key, spec in signature.inputs.items()},
                        "outputs": {key: _tensor_info(key, spec) for key, spec in signature.outputs.items()},
                        "method_name": "tensorflow/serving/predict",
                    }
                    for name, signature in model.signatures.items()
                }
                return {
                    "model_spec": {"name": model.name, "signature_name": "", "version": str(model.version)},
                    "metadata": {"signature_def": {"signature_def": signatures}},
                }


            def _tensor_info(name: str, spec: Any) -> dict[str, Any]:
                unknown_rank = spec.shape.rank is None
                sizes = [] if unknown_rank else [-1 if size is None else size for size in spec.shape.as_list()]
                return {
                    "dtype": f"DT_{'FLOAT' if spec.dtype.name == 'float32' else spec.dtype.name.upper()}",
                    "tensor_shape": {
                        "dim": [{"size": str(size), "name": ""} for size in sizes],
                        "unknown_rank": unknown_rank,
                    },
                    "name": name,
                }


            def _json(value: Any) -> Reply:
                return Reply(json.dumps(value).encode())


            def _error(status: int, text: str) -> Reply:
                return Reply(json.dumps({"error": text}).encode(), status=status)

            """##,
        "clary_runtime/serving/frameworks/tensorflow/script.py": ##"""
            """Scripts for TensorFlow: `handler(data, context)`, or `input_handler` and `output_handler` around the model."""

            from __future__ import annotations

            import io
            import json
            import sys
            import traceback
            from types import ModuleType
            from typing import Any, Callable, NamedTuple  # noqa: UP035 - subscripted at run time by Python 3.8.

            from ...content_types import OCTET_STREAM
            from ...errors import ModelError, failure_text, status_of
            from ...exchange import Handler, Invocation, Reply
            from .invocations import Target
            from .loopback import Loopback
            from .models import Models
            from .rest import Rest


            class Context(NamedTuple):
                """What handlers are told of a request."""

                model_name: str
                model_version: int | None
                method: str
                rest_uri: str
                grpc_port: int | None
                channel: None
                custom_attributes: str | None
                request_content_type: str
                accept_header: str | None
                content_length: int


            class RestResponse:
                """The model's answer, with the names of `requests.Response` that output handlers use."""

                def __init__(self, reply: Reply) -> None:
                    assert isinstance(reply.body, bytes)
                    self.status_code = reply.status
                    self.content = reply.body
                    self.headers = {"Content-Type": reply.content_type}
                    self.encoding = "utf-8"

                @property
                def text(self) -> str:
                    return self.content.decode()

                @property
                def ok(self) -> bool:
                    return self.status_code < 400

                def json(self) -> Any:
                    return json.loads(self.content)

                def raise_for_status(self) -> None:
                    if not self.ok:
                        raise OSError(f"{self.status_code}: {self.text}")


            def script_handler(script: ModuleType, models: Models, rest: Rest) -> Handler:
                handler = getattr(script, "handler", None)
                before, after = getattr(script, "input_handler", None), getattr(script, "output_handler", None)
                if handler is None and (before is None or after is None):
                    raise ModelError(
                        "The inference script must define handler(data, context), or both input_handler(data, context) and "
                        "output_handler(response, context)."
                    )
                # The worker is busy with the handler when that asks the model by HTTP, so another thread of it answers.
                address = Loopback(rest).address
                return ScriptHandler(handler or _around_model(before, after, rest), models, address)


            def _around_model(before: Callable[..., Any], after: Callable[..., Any], rest: Rest) -> Callable[..., Any]:
                def handler(data: io.BytesIO, context: Context) -> Any:
                    body = before(data, context)
                    if hasattr(body, "read"):
                        body = body.read()
                    reply = rest.answer(context.model_name, context.model_version, context.method, body)
                    return after(RestResponse(reply), context)

                return handler


            class ScriptHandler:
                def __init__(self, handler: Callable[..., Any], models: Models, address: str) -> None:
                    self._handler = handler
                    self._models = models
                    self._address = address

                def __call__(self, invocation: Invocation) -> Reply:
                    try:
                        result = self._handler(io.BytesIO(invocation.body), self._context(invocation))
                        body, content_type = result if isinstance(result, tuple) else (result, OCTET_STREAM)
                        if isinstance(body, str):
                            body = body.encode()
                        return Reply(body if hasattr(body, "__next__") else bytes(body), content_type)
                    except (Exception, SystemExit) as error:
                        traceback.print_exc(file=sys.stderr)
                        return Reply(
                            json.dumps({"error": failure_text(error).decode()}).encode(), status=status_of(error)
                        )

                def _context(self, invocation: Invocation) -> Context:
                    target = Target.of(invocation, self._models)
                    version = f"/versions/{target.version}" if target.version is not None else ""
                    return Context(
                        model_name=target.name,
                        model_version=target.version,
                        method=target.method,
                        rest_uri=f"{self._address}/v1/models/{target.name}{version}:{target.method}",
                        grpc_port=None,
                        channel=None,
                        custom_attributes=invocation.custom_attributes or None,
                        request_content_type=invocation.content_type,
                        accept_header=invocation.headers.get("accept"),
                        content_length=len(invocation.body),
                    )

            """##,
        "clary_runtime/serving/frameworks/tensorflow/signatures.py": ##"""
            """A loaded SavedModel and calls of its signatures with values from JSON."""

            from __future__ import annotations

            import base64
            import binascii
            from pathlib import Path
            from typing import Any

            from ...errors import BadInput

            _PREFERRED = ("serving_default", "predict", "serve")


            class SavedModel:
                def __init__(self, path: Path, name: str, version: int) -> None:
                    import tensorflow

                    self.name = name
                    self.version = version
                    # Kept for its variables: signatures only borrow them.
                    self._root = tensorflow.saved_model.load(str(path))
                    self.signatures = {key: Signature(key, function) for key, function in self._root.signatures.items()}

                @property
                def names(self) -> str:
                    return ", ".join(self.signatures) or "none"

                def signature(self, name: str | None) -> Signature:
                    if name:
                        if name in self.signatures:
                            return self.signatures[name]
                        raise BadInput(f'Serving signature key "{name}" not found; the model has: {self.names}.')
                    for key in (*_PREFERRED, *self.signatures):
                        if key in self.signatures:
                            return self.signatures[key]
                    raise BadInput("The model has no signatures.")


            class Signature:
                """`inputs` and `outputs` are tensor specifications by name."""

                def __init__(self, name: str, function: Any) -> None:
                    self.name = name
                    self._function = function
                    self.inputs = dict(function.structured_input_signature[1])
                    self.outputs = dict(function.structured_outputs)

                def call(self, values: dict[str, Any]) -> dict[str, Any]:
                    """JSON values by input to numpy arrays by output; raises `BadInput`."""
                    import tensorflow

                    missing = [name for name in self.inputs if name not in values]
                    unknown = [name for name in values if name not in self.inputs]
                    if missing or unknown:
                        wrong = f"lacks {', '.join(missing)}" if missing else f"has an unknown {', '.join(unknown)}"
                        raise BadInput(
                            f"The request {wrong}; inputs of signature '{self.name}': {', '.join(self.inputs)}."
                        )
                    tensors = {name: tensor(name, values[name], spec) for name, spec in self.inputs.items()}
                    try:
                        return {name: value.numpy() for name, value in self._function(**tensors).items()}
                    except (tensorflow.errors.InvalidArgumentError, tensorflow.errors.UnimplementedError) as error:
                        raise BadInput(error.message) from error


            def tensor(name: str, value: Any, spec: Any) -> Any:
                """`value` as a tensor of the specification's type; raises `BadInput` where it would not be the same numbers."""
                import numpy
                import tensorflow

                try:
                    if spec.dtype == tensorflow.string:
                        array = numpy.array(strings(value), dtype=object)
                    else:
                        array = numpy.array(value)
                        if array.dtype.kind not in "biuf":
                            raise ValueError(f"its values are not of type {spec.dtype.name}")
                        # Of no values nothing tells the type.
                        if array.size and spec.dtype.is_integer and array.dtype.kind == "f" and (array % 1).any():
                            raise ValueError(f"its values are not of type {spec.dtype.name}")
                        array = array.astype(spec.dtype.as_numpy_dtype)
                    if not spec.shape.is_compatible_with(array.shape):
                        raise ValueError(f"its shape is {list(array.shape)}, {spec.shape} is expected")
                    return tensorflow.constant(array, dtype=spec.dtype)
                except (ValueError, TypeError, OverflowError) as error:
                    raise BadInput(f"Input '{name}' does not fit: {error}.") from None


            def strings(value: Any) -> Any:
                if isinstance(value, str):
                    return value.encode()
                if isinstance(value, list):
                    return [strings(item) for item in value]
                if is_binary(value):
                    try:
                        return base64.b64decode(value["b64"], validate=True)
                    except (binascii.Error, TypeError, ValueError):
                        raise ValueError("a value of 'b64' is not base64") from None
                raise ValueError("its values are not strings")


            def is_binary(value: Any) -> bool:
                return isinstance(value, dict) and len(value) == 1 and "b64" in value


            def json_values(name: str, array: Any) -> Any:
                """Values for JSON: strings as text, unless the output's name ends with `_bytes`."""
                values = array.tolist()
                if array.dtype.kind not in "OS":
                    return values

                def convert(value: Any) -> Any:
                    if isinstance(value, list):
                        return [convert(item) for item in value]
                    if name.endswith("_bytes"):
                        return {"b64": base64.b64encode(value).decode()}
                    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value

                return convert(values)

            """##,
        "clary_runtime/serving/frameworks/xgboost.py": ##"""
            """XGBoost: the script loads the model, rows go in as a DMatrix."""

            from __future__ import annotations

            from typing import Any

            from ..content_types import CSV, LIBSVM, NPY, RECORDIO_PROTOBUF, media_type
            from ..decoders import csv_array, decode, text_of
            from ..errors import UnsupportedContentType
            from ..libsvm import libsvm_matrix
            from ..recordio_protobuf import protobuf_matrix
            from .arrays import ArrayDefaults

            _SUPPORTED = (CSV, LIBSVM, RECORDIO_PROTOBUF, NPY)


            class Defaults(ArrayDefaults):
                name = "XGBoost"

                def input_fn(self, data: Any, content_type: str) -> Any:
                    return matrix(data, content_type)

                def predict_fn(self, data: Any, model: Any) -> Any:
                    if hasattr(model, "get_booster"):  # An estimator of its scikit-learn interface.
                        model = model.get_booster()
                    # Rows of a request have no names, unlike those the model may have been trained with.
                    return model.predict(data, validate_features=False)


            def matrix(data: Any, content_type: str) -> Any:
                import xgboost

                kind = media_type(content_type)
                if kind == CSV:
                    array = csv_array(text_of(data, content_type))
                    return xgboost.DMatrix(array.reshape(1, -1) if array.ndim == 1 else array)
                if kind == LIBSVM:
                    rows, labels = libsvm_matrix(text_of(data, content_type))
                elif kind == RECORDIO_PROTOBUF:
                    rows, labels = protobuf_matrix(data)
                elif kind == NPY:
                    rows, labels = decode(data, content_type), None
                else:
                    raise UnsupportedContentType(content_type, _SUPPORTED)
                return xgboost.DMatrix(rows, label=labels)

            """##,
        "clary_runtime/serving/front.py": ##"""
            """The parent process: connections of callers on one side, workers on the other, itself without user code."""

            from __future__ import annotations

            import functools
            import json
            import os
            import resource
            import signal
            import socket
            import sys
            from pathlib import Path
            from typing import Callable  # noqa: UP035 - subscripted at run time by Python 3.8.

            from .client import Client
            from .event_loop import EventLoop
            from .exchange import INVOCATIONS, Handler
            from .log import logger, note_answer
            from .multi_model import MultiModel
            from .pool import Pool
            from .settings import MEBIBYTE, Settings

            _TICK = 0.25
            _DRAIN_LIMIT = 25.0
            _NOT_FOUND = b'{"error": "Nothing is served under this path."}'


            class Front:
                """Answers what needs no model itself, so pings are answered however long predictions take."""

                def __init__(
                    self, settings: Settings, listener: socket.socket, load: Callable[[Path], Handler], size: int
                ) -> None:
                    self.settings = settings
                    self.load = load
                    self.loop = EventLoop()
                    self.clients: set[Client] = set()
                    self.draining = False
                    self.pools: list[Pool] = []
                    self._multi_model = MultiModel(self) if settings.multi_model else None
                    self._pool = Pool(self, functools.partial(load, settings.model_directory), size)
                    self._pool.on_ready = self._on_ready
                    self._pool.on_failure = lambda: self._fail(self._pool.failure or "")
                    self._listener = listener
                    self._listening = False
                    self._was_ready = False
                    self._exit_code = 0

                def run(self) -> int:
                    """Serves until SIGTERM; returns the exit code."""
                    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
                    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
                    self.loop.on_signal(signal.SIGTERM, self._drain)
                    self.loop.on_signal(signal.SIGINT, self._drain)
                    self.loop.on_signal(signal.SIGHUP, self._reload)
                    self.loop.on_signal(signal.SIGCHLD, self._reap)
                    self._listen()
                    self.loop.later(_TICK, self._tick)
                    if self._multi_model is None:
                        self.pools.append(self._pool)
                        self.loop.later(self.settings.startup_timeout, self._check_startup)
                        self._pool.start()
                    else:
                        self._on_ready()
                    self.loop.run()
                    self._kill_workers()
                    return self._exit_code

                def close_in_child(self) -> None:
                    """Called in a new worker: what belongs to the front must end when the front closes it."""
                    self.loop.close_in_child()
                    self._listener.close()
                    for client in self.clients:
                        client.sock.close()
                    for pool in self.pools:
                        for worker in pool.workers:
                            worker.sock.close()

                # Requests

                def route(self, client: Client) -> None:
                    assert client.request is not None
                    head = client.request.head
                    path, method = head.path, head.method
                    if self._multi_model is not None and path.startswith("/models"):
                        self._multi_model.route(client)
                    elif path == INVOCATIONS and self._multi_model is None:
                        self._if_method(client, method == "POST", self._pool.submit)
                    elif path == "/ping":
                        self._if_method(client, method in ("GET", "HEAD"), self._answer_ping)
                    elif path == "/execution-parameters":
                        self._if_method(client, method == "GET", self._answer_execution_parameters)
                    elif path.startswith("/v1/models/") and self.settings.framework == "tensorflow":
                        self._pool.submit(client)
                    else:
                        client.respond(404, _NOT_FOUND)

                @staticmethod
                def _if_method(client: Client, allowed: bool, serve) -> None:
                    if allowed:
                        serve(client)
                    else:
                        client.respond(405, b'{"error": "This method is not served under this path."}')

                def _answer_ping(self, client: Client) -> None:
                    if self._multi_model is not None or self._pool.is_ready:
                        client.respond(200, b"{}")
                    else:
                        client.respond(503, b'{"error": "The model is not loaded yet."}')

                def _answer_execution_parameters(self, client: Client) -> None:
                    """What a batch transform job may send at once (container contract §8.1)."""
                    megabytes = max(1, min(self.settings.body_limit // MEBIBYTE, 100))
                    parameters = {
                        "MaxConcurrentTransforms": max(1, min(self._pool.size, 100 // megabytes)),
                        "BatchStrategy": "MULTI_RECORD",
                        "MaxPayloadInMB": megabytes,
                    }
                    client.respond(200, json.dumps(parameters).encode())

                def note_answer(self, client: Client, status: int) -> None:
                    assert client.request is not None
                    note_answer(client.request.head, status, client.since)

                # Connections

                def _listen(self) -> None:
                    if not self._listening and not self.draining:
                        self._listening = True
                        self.loop.watch(self._listener.fileno(), self._accept)

                def _accept(self, _events: int) -> None:
                    for _ in range(64):
                        try:
                            sock, _ = self._listener.accept()
                        except (BlockingIOError, ConnectionAbortedError):
                            return
                        except OSError as error:
                            # Out of descriptors: the kernel keeps callers waiting until the next tick listens again.
                            logger.error("A connection could not be accepted: %s.", error)
                            self.loop.forget(self._listener.fileno())
                            self._listening = False
                            return
                        sock.setblocking(False)
                        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                        self.clients.add(Client(self, sock))

                def client_has_closed(self) -> None:
                    if self.draining and not self.clients:
                        for pool in self.pools:
                            pool.on_end = functools.partial(self._finish, pool)
                        for pool in list(self.pools):
                            pool.stop()
                        if not self.pools:
                            self.loop.stop()

                def _finish(self, pool: Pool) -> None:
                    self.pools.remove(pool)
                    if not self.pools:
                        self.loop.stop()

                # Time and signals

                def _tick(self) -> None:
                    self._listen()
                    for pool in self.pools:
                        pool.check_deadlines()
                    for client in list(self.clients):
                        client.check_progress()
                    self.loop.later(_TICK, self._tick)

                def _reap(self) -> None:
                    while True:
                        try:
                            # Any child: as the first process of a sandbox this one inherits orphans of user code.
                            pid, status = os.waitpid(-1, os.WNOHANG)
                        except ChildProcessError:
                            return
                        if pid == 0:
                            return
                        for pool in list(self.pools):
                            for worker in list(pool.workers):
                                if worker.pid == pid:
                                    pool.worker_has_ended(worker, status)

                def _reload(self) -> None:
                    logger.info("The model is loaded anew.")
                    for pool in self.pools:
                        pool.reload()

                def _drain(self) -> None:
                    """Finishes what has been asked, then ends."""
                    if self.draining:
                        return
                    logger.info("Stopping: requests in progress are finished.")
                    self.draining = True
                    if self._listening:
                        self.loop.forget(self._listener.fileno())
                    self._listener.close()
                    self.loop.later(_DRAIN_LIMIT, self.loop.stop)
                    for client in list(self.clients):
                        client.close_if_idle()
                    self.client_has_closed()

                # Start and failure

                def _on_ready(self) -> None:
                    if not self._was_ready:
                        self._was_ready = True
                        logger.info("Ready on port %d.", self.settings.port)

                def _check_startup(self) -> None:
                    if not self._was_ready:
                        limit = self.settings.startup_timeout
                        self._fail(f"The model was not loaded within {limit:g} s (SAGEMAKER_STARTUP_TIMEOUT).\n")

                def _fail(self, reason: str) -> None:
                    """Ends with `reason` as the last lines of the log, where the platform looks for it."""
                    self._kill_workers()
                    sys.stdout.flush()
                    sys.stderr.write(reason)
                    sys.stderr.flush()
                    self._exit_code = 1
                    self.loop.stop()

                def _kill_workers(self) -> None:
                    for pool in self.pools:
                        for worker in pool.workers:
                            worker.kill_surely()

            """##,
        "clary_runtime/serving/handlers.py": ##"""
            """From the framework's name to a loaded model."""

            from __future__ import annotations

            import importlib
            from pathlib import Path

            from .code_directory import Code
            from .exchange import Handler
            from .script_handler import ScriptHandler
            from .settings import Settings
            from .user_module import import_script


            def load_handler(settings: Settings, code: Code | None, model_directory: Path) -> Handler:
                """Imports the script and the framework, and loads the model; takes as long as that takes."""
                framework = importlib.import_module(f".frameworks.{settings.framework}", __package__)
                script = import_script(code) if code is not None else None
                if hasattr(framework, "load"):
                    return framework.load(settings, code, script, model_directory)
                return ScriptHandler(framework.Defaults(settings.default_accept), script, model_directory)

            """##,
        "clary_runtime/serving/http_head.py": ##"""
            """Heads of HTTP requests (RFC 9112), parsed strictly: what two readers could read differently is refused."""

            from __future__ import annotations

            import marshal
            import re
            from typing import NamedTuple
            from urllib.parse import unquote

            HEAD_LIMIT = 65536

            _REQUEST_LINE = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e\x80-\xff]+) HTTP/(\d)\.(\d)")
            _FIELD = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)")
            # Repeated lines of these fields differ in meaning between readers, so they are errors unless equal.
            _SINGLE = ("content-length", "host", "content-type")

            # Callers on kept connections repeat their heads byte for byte: looking one up costs a tenth of parsing it.
            _known: dict[bytes, Head] = {}


            class BadRequest(Exception):
                """The request cannot be served; the connection ends after the answer."""

                def __init__(self, status: int, message: str) -> None:
                    super().__init__(message)
                    self.status = status
                    self.message = message


            class Head(NamedTuple):
                method: str
                path: str
                """Percent-decoded, without the query."""
                query: str
                headers: dict[str, str]
                """Names in lower case; values of repeated lines joined by commas."""
                content_length: int
                chunked: bool
                keep_alive: bool
                http10: bool
                expects_continue: bool
                wire: bytes
                """What workers need of it, marshalled: `(method, path, query, headers)`."""


            def parse_head(block: bytes) -> Head:
                """Parses all lines up to the empty one; `block` has no final line break."""
                head = _known.get(block)
                if head is None:
                    head = _parse(block)
                    if len(block) <= 2048:
                        if len(_known) >= 256:
                            _known.clear()
                        _known[block] = head
                return head


            def _parse(block: bytes) -> Head:
                lines = block.decode("latin-1").split("\r\n")
                match = _REQUEST_LINE.fullmatch(lines[0])
                if not match:
                    raise BadRequest(400, "The request line is malformed.")
                method, target, major, minor = match.groups()
                if major != "1":
                    raise BadRequest(505, f"Version {major}.{minor} of HTTP is not spoken here.")
                http10 = minor == "0"
                headers = _fields(lines[1:])
                if not http10 and "host" not in headers:
                    raise BadRequest(400, "The request has no Host header.")
                path, query = _split_target(method, target)

                chunked = False
                if "transfer-encoding" in headers:
                    if "content-length" in headers or http10:
                        raise BadRequest(
                            400, "Transfer-Encoding is not allowed together with Content-Length or HTTP/1.0."
                        )
                    if headers["transfer-encoding"].lower() != "chunked":
                        raise BadRequest(501, f"Transfer-Encoding '{headers['transfer-encoding']}' is not supported.")
                    chunked = True
                length = headers.get("content-length", "0")
                if not (length.isascii() and length.isdigit() and len(length) < 19):
                    raise BadRequest(400, f"Content-Length '{length}' is not a size.")
                expectation = headers.get("expect", "").lower()
                if expectation not in ("", "100-continue"):
                    raise BadRequest(417, f"The expectation '{expectation}' cannot be met.")
                connection = [token.strip() for token in headers.get("connection", "").lower().split(",")]
                return Head(
                    method=method,
                    path=path,
                    query=query,
                    headers=headers,
                    content_length=int(length),
                    chunked=chunked,
                    keep_alive="keep-alive" in connection if http10 else "close" not in connection,
                    http10=http10,
                    expects_continue=bool(expectation) and not http10,
                    wire=marshal.dumps((method, path, query, headers)),
                )


            def _fields(lines: list[str]) -> dict[str, str]:
                headers: dict[str, str] = {}
                for line in lines:
                    match = _FIELD.fullmatch(line)
                    if not match:
                        raise BadRequest(400, "A header line is malformed.")
                    name, value = match[1].lower(), match[2].rstrip(" \t")
                    earlier = headers.get(name)
                    if earlier is None:
                        headers[name] = value
                    elif name not in _SINGLE:
                        headers[name] = f"{earlier}, {value}"
                    elif earlier != value:
                        raise BadRequest(400, f"The header {match[1]} is given twice with different values.")
                return headers


            def _split_target(method: str, target: str) -> tuple[str, str]:
                """Path and query of the origin form, or of the absolute form that proxies use."""
                if target.startswith(("http://", "https://")):
                    _, slash, rest = target.partition("://")[2].partition("/")
                    target = slash + rest or "/"
                if not target.startswith("/") and not (method == "OPTIONS" and target == "*"):
                    raise BadRequest(400, "The request target is not a path.")
                path, _, query = target.partition("?")
                return unquote(path), query

            """##,
        "clary_runtime/serving/http_reader.py": ##"""
            """Cuts the bytes of a connection into requests, however they arrive."""

            from __future__ import annotations

            import re
            from typing import NamedTuple

            from .http_head import HEAD_LIMIT, BadRequest, Head, parse_head

            _CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?")
            _LINE_LIMIT = 4096


            class Request(NamedTuple):
                head: Head
                body: bytes | bytearray


            class RequestReader:
                """Takes bytes with `feed` and gives whole requests with `next`, in order."""

                def __init__(self, body_limit: int) -> None:
                    self._body_limit = body_limit
                    self._unread: bytes | bytearray = b""
                    self._head: Head | None = None
                    self._body = bytearray()
                    # Bytes of the current chunk still to come; None between chunks, -1 within the trailer.
                    self._chunk: int | None = None
                    self._asks_to_continue = False

                def feed(self, data: bytes) -> None:
                    if self._unread:
                        if isinstance(self._unread, bytes):
                            self._unread = bytearray(self._unread)
                        self._unread += data
                    else:
                        self._unread = data

                @property
                def backlog(self) -> int:
                    """Bytes that no request has taken yet."""
                    return len(self._unread)

                @property
                def is_between_requests(self) -> bool:
                    return self._head is None and not self._unread

                def asks_to_continue(self) -> bool:
                    """True once per request that waits for `100 Continue` before it sends its body."""
                    asks, self._asks_to_continue = self._asks_to_continue, False
                    return asks

                def next(self) -> Request | None:
                    """The next whole request, None if bytes are missing; raises `BadRequest`."""
                    head = self._head
                    if head is None:
                        head = self._take_head()
                        if head is None:
                            return None
                        if not head.chunked:
                            unread = self._unread
                            length = head.content_length
                            if len(unread) == length:  # The usual case: one request, all of it here.
                                self._unread = b""
                                return Request(head, unread)
                            if len(unread) > length:
                                body = unread[:length]
                                self._drop(length)
                                return Request(head, body)
                        self._head = head
                        self._asks_to_continue = head.expects_continue and not self._unread
                    complete = self._take_chunks() if head.chunked else self._take_sized(head.content_length)
                    if not complete:
                        return None
                    body, self._body, self._head = self._body, bytearray(), None
                    self._asks_to_continue = False
                    return Request(head, body)

                def _take_head(self) -> Head | None:
                    unread = self._unread
                    if unread[:1] in (b"\r", b"\n"):
                        # Empty lines before a request are tolerated (RFC 9112 §2.2): old clients end bodies with one.
                        self._drop(len(unread) - len(unread.lstrip(b"\r\n")))
                        unread = self._unread
                    end = unread.find(b"\r\n\r\n", 0, HEAD_LIMIT)
                    if end < 0:
                        if len(unread) >= HEAD_LIMIT:
                            raise BadRequest(431, f"The head of the request is longer than {HEAD_LIMIT} bytes.")
                        if b"\n" in unread and not unread.split(b"\n", 1)[0].endswith(b"\r"):
                            raise BadRequest(400, "The request line is malformed.")
                        return None
                    head = parse_head(bytes(unread[:end]))
                    self._check_size(head.content_length)
                    self._drop(end + 4)
                    return head

                def _check_size(self, size: int) -> None:
                    if size > self._body_limit:
                        raise BadRequest(
                            413, f"The body is longer than {self._body_limit} bytes (SAGEMAKER_MAX_PAYLOAD_IN_MB)."
                        )

                def _take_sized(self, length: int) -> bool:
                    missing = length - len(self._body)
                    part = self._unread[:missing]
                    self._body += part
                    self._drop(len(part))
                    return len(self._body) == length

                def _take_chunks(self) -> bool:
                    unread = self._unread
                    at = 0
                    try:
                        while True:
                            if self._chunk is None or self._chunk < 0:
                                end = unread.find(b"\r\n", at)
                                if end < 0:
                                    if len(unread) - at > _LINE_LIMIT:
                                        raise BadRequest(400, "A chunk's size line is too long.")
                                    return False
                                line = bytes(unread[at:end])
                                at = end + 2
                                if self._chunk is None:
                                    match = _CHUNK_LINE.fullmatch(line)
                                    if not match:
                                        raise BadRequest(400, "A chunk's size is malformed.")
                                    size = int(match[1], 16)
                                    self._check_size(len(self._body) + size)
                                    self._chunk = size or -1
                                elif not line:
                                    self._chunk = None
                                    return True
                                continue
                            if self._chunk:
                                part = unread[at : at + self._chunk]
                                self._body += part
                                at += len(part)
                                self._chunk -= len(part)
                                if self._chunk:
                                    return False
                            ending = bytes(unread[at : at + 2])
                            if ending != b"\r\n"[: len(ending)]:
                                raise BadRequest(400, "A chunk is longer than its size line says.")
                            if len(ending) < 2:
                                return False
                            at += 2
                            self._chunk = None
                    finally:
                        self._drop(at)

                def _drop(self, count: int) -> None:
                    unread = self._unread
                    if count == len(unread):
                        self._unread = b""
                    elif isinstance(unread, bytearray):
                        # Moves nothing: the rest of many pipelined requests is not copied for each of them.
                        del unread[:count]
                    else:
                        self._unread = bytearray(memoryview(unread)[count:])

            """##,
        "clary_runtime/serving/http_reply.py": ##"""
            """Bytes of HTTP responses."""

            from __future__ import annotations

            from http import HTTPStatus

            _REASONS = {status.value: status.phrase for status in HTTPStatus}

            # Values come from user code; a line break in one would start a header of its own.
            _BREAKS = str.maketrans("\r\n\0", "   ")

            KEEP_ALIVE = 1
            HTTP10 = 2


            def head_bytes(
                status: int,
                content_type: str | None,
                length: int | None,
                flags: int,
                headers: dict[str, str] | None = None,
            ) -> bytes:
                """Status line and headers; `length` None announces a chunked body (to HTTP/1.0: one that ends by closing)."""
                text = f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}\r\n"
                if content_type:
                    text += f"Content-Type: {content_type.translate(_BREAKS)}\r\n"
                if headers:
                    for name, value in headers.items():
                        text += f"{name.translate(_BREAKS)}: {str(value).translate(_BREAKS)}\r\n"
                if length is not None:
                    text += f"Content-Length: {length}\r\n"
                elif not flags & HTTP10:
                    text += "Transfer-Encoding: chunked\r\n"
                if not flags & KEEP_ALIVE:
                    text += "Connection: close\r\n"
                elif flags & HTTP10:
                    text += "Connection: keep-alive\r\n"
                return (text + "\r\n").encode("latin-1", "replace")


            def whole_response(
                status: int, content_type: str, body: bytes, flags: int, headers: dict[str, str] | None = None
            ) -> bytes:
                return head_bytes(status, content_type, len(body), flags, headers) + body

            """##,
        "clary_runtime/serving/inbox.py": ##"""
            """Messages of the front, as a worker reads them."""

            from __future__ import annotations

            import array
            import os
            import select
            import socket
            from typing import NamedTuple

            from .frames import CANCEL, LEND, TO_WORKER

            # Larger ones would be mapped and unmapped by the allocator for each call.
            _READ_SIZE = 65536
            _RIGHTS = socket.CMSG_SPACE(array.array("i").itemsize)


            class Message(NamedTuple):
                kind: int
                flags: int
                head: bytes
                """Marshalled, as `http_head.Head.wire` has it."""
                body: bytes
                descriptor: int | None
                """Of a lent connection; the reader's to close."""


            class Inbox:
                """Gives whole messages, one after another."""

                def __init__(self, sock: socket.socket) -> None:
                    self._sock = sock
                    self._unread: bytes | bytearray = b""
                    self._descriptor: int | None = None
                    self._poll = select.poll()
                    self._poll.register(sock, select.POLLIN)

                def fileno(self) -> int:
                    return self._sock.fileno()

                def next(self) -> Message | None:
                    """Waits for a message; None if the front is gone."""
                    data = self._unread
                    while len(data) < TO_WORKER.size:
                        more = self._receive()
                        if not more:
                            return None
                        data = data + more if data else more
                    kind, flags, head_length, body_length = TO_WORKER.unpack_from(data)
                    start = TO_WORKER.size + head_length
                    end = start + body_length
                    if len(data) < end:
                        data = self._receive_rest(data, end)
                    self._unread = bytes(data[end:])
                    descriptor = None
                    if kind == LEND:  # Others may have come with it in one read.
                        descriptor, self._descriptor = self._descriptor, None
                    view = memoryview(data)
                    return Message(kind, flags, bytes(view[TO_WORKER.size : start]), bytes(view[start:end]), descriptor)

                def is_cancelled(self) -> bool:
                    """Whether the front has said that the answer being made has no taker, or is gone itself."""
                    while self._unread or self._poll.poll(0):
                        message = self.next()
                        if message is None or message.kind == CANCEL:
                            return True
                    return False

                def _receive(self) -> bytes:
                    data, rights, _, _ = self._sock.recvmsg(_READ_SIZE, _RIGHTS, socket.MSG_CMSG_CLOEXEC)
                    for level, kind, payload in rights:
                        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                            if self._descriptor is not None:
                                os.close(self._descriptor)
                            (self._descriptor,) = array.array("i", payload)
                    return data

                def _receive_rest(self, data: bytes | bytearray, size: int) -> bytearray:
                    whole = bytearray(size)
                    whole[: len(data)] = data
                    view = memoryview(whole)[len(data) :]
                    while view:
                        count = self._sock.recv_into(view)
                        if count == 0:
                            raise ConnectionResetError("The front is gone.")
                        view = view[count:]
                    return whole

            """##,
        "clary_runtime/serving/libsvm.py": ##"""
            """LibSVM's text form: `label index:value …`, sparse rows with indices from 0."""

            from __future__ import annotations

            from typing import Any

            from .errors import BadInput


            def libsvm_matrix(text: str) -> tuple[Any, Any]:
                """A sparse matrix and its labels, None if no row has one."""
                import numpy
                import scipy.sparse

                values: list[float] = []
                columns: list[int] = []
                ends = [0]
                labels: list[float] = []
                for line in text.splitlines():
                    tokens = line.partition("#")[0].split()
                    if not tokens:
                        continue
                    row = len(ends)
                    try:
                        if ":" not in tokens[0]:
                            labels.append(float(tokens.pop(0)))
                        for token in tokens:
                            index, _, value = token.partition(":")
                            if index != "qid":
                                columns.append(int(index))
                                values.append(float(value))
                    except ValueError:
                        raise BadInput(f"Row {row} of the body is not 'label index:value …'.") from None
                    if any(column < 0 for column in columns[ends[-1] :]):
                        raise BadInput(f"Row {row} of the body has a negative index.")
                    ends.append(len(values))
                if len(ends) == 1:
                    raise BadInput("The body has no rows.")
                width = max(columns, default=-1) + 1
                matrix = scipy.sparse.csr_matrix(
                    (numpy.array(values, dtype="float32"), numpy.array(columns, dtype="int32"), numpy.array(ends)),
                    shape=(len(ends) - 1, max(width, 1)),
                )
                return matrix, numpy.array(labels) if len(labels) == len(ends) - 1 else None

            """##,
        "clary_runtime/serving/loan.py": ##"""
            """A caller's connection in the hands of a worker: requests are answered without the front between them.

            The worker takes what is simple, and all of a sudden there: a whole request to `/invocations` in one read, and an
            answer that the socket takes in one write. Everything else (large or slow requests, other paths, streamed answers, a
            caller that leaves) goes to the front with the connection, so it is handled in one place only.
            """

            from __future__ import annotations

            import os
            import select
            import time

            from .exchange import INVOCATIONS, Handler, Invocation
            from .frames import RETURNED, TAKEN_OVER
            from .http_head import HEAD_LIMIT, BadRequest, Head, parse_head
            from .http_reply import KEEP_ALIVE, whole_response
            from .inbox import Inbox
            from .log import note_answer
            from .reply_writer import ReplyWriter

            # Longest request, in bytes, that is answered without the front, which is who knows the limit of bodies.
            LONGEST_REQUEST = 65536
            # Two requests with less between them, in seconds, are of a caller who waits for each answer.
            _BRISK = 0.0002
            _END_OF_HEAD = b"\r\n\r\n"


            class Loan:
                """Lasts until the front wants something, or something comes that only the front can handle."""

                def __init__(self, descriptor: int, inbox: Inbox, writer: ReplyWriter, busy_since: memoryview) -> None:
                    self._descriptor = descriptor
                    self._inbox = inbox
                    self._writer = writer
                    self._busy_since = busy_since
                    """One number, read by the front: when the current request began, 0 between two."""

                def serve(self, handler: Handler) -> None:
                    """Answers requests, and gives the connection back in the end."""
                    descriptor, busy_since, clock = self._descriptor, self._busy_since, time.monotonic
                    arrivals = _Arrivals(descriptor, self._inbox.fileno())
                    try:
                        while True:
                            ready = arrivals.wait()
                            if len(ready) > 1 or ready[0][0] != descriptor:
                                return self._give_back(b"")
                            # Before the read, so that a request of a worker that dies is never taken for unread.
                            busy_since[0] = since = clock()
                            try:
                                data = os.read(descriptor, LONGEST_REQUEST)
                            except BlockingIOError:
                                busy_since[0] = 0
                                continue
                            except OSError:
                                return self._give_back(b"")
                            end = data.find(_END_OF_HEAD, 0, HEAD_LIMIT)
                            head = _simple_head(data, end)
                            if head is None:
                                return self._give_back(data)
                            reply = handler(Invocation(head.method, head.path, head.query, head.headers, data[end + 4 :]))
                            body = reply.body
                            if not isinstance(body, bytes):
                                self._hand_over(data[:end])
                                return self._writer.write(reply, KEEP_ALIVE, False)
                            answer = whole_response(reply.status, reply.content_type, body, KEEP_ALIVE, reply.headers)
                            # Before the write: from here on the caller may have got the answer.
                            busy_since[0] = 0
                            try:
                                sent = os.write(descriptor, answer)
                            except BlockingIOError:
                                sent = 0
                            except OSError:
                                return self._give_back(b"")
                            if sent < len(answer):
                                self._hand_over(data[:end])
                                return self._writer.write_rest(reply.status, memoryview(answer)[sent:])
                            note_answer(head, reply.status, since)
                            # They may be large, and the next request may be long in coming.
                            del data, reply, body, answer
                    finally:
                        os.close(descriptor)

                def _give_back(self, unanswered: bytes) -> None:
                    self._busy_since[0] = 0
                    self._writer.send(RETURNED, 0, unanswered)

                def _hand_over(self, head: bytes) -> None:
                    self._busy_since[0] = 0
                    self._writer.send(TAKEN_OVER, 0, head)


            class _Arrivals:
                """Waits for one of two descriptors: actively, as long as what comes comes at once.

                A CPU that fell asleep takes longer to wake (some 25 µs in a virtual machine) than a small model to predict. A
                caller who asks again as soon as it has its answer finds this process awake; sparse requests find it asleep and
                cost nothing between them.
                """

                def __init__(self, *descriptors: int) -> None:
                    poll = select.poll()
                    for descriptor in descriptors:
                        poll.register(descriptor, select.POLLIN)
                    self._poll = poll.poll
                    self._is_brisk = False

                def wait(self) -> list[tuple[int, int]]:
                    """Those that are ready."""
                    poll, clock = self._poll, time.monotonic
                    limit = clock() + _BRISK
                    if self._is_brisk:
                        while clock() < limit:
                            ready = poll(0)
                            if ready:
                                return ready
                            os.sched_yield()  # Nobody else who has something to do waits for this.
                    ready = poll()
                    self._is_brisk = clock() < limit
                    return ready


            def _simple_head(data: bytes, end: int) -> Head | None:
                """The head of a request that is whole, alone and asks for nothing but a prediction."""
                if end < 0:
                    return None
                try:
                    head = parse_head(data[:end])
                except BadRequest:
                    return None
                is_simple = (
                    head.path == INVOCATIONS
                    and head.method == "POST"
                    and head.content_length == len(data) - end - 4
                    and head.keep_alive
                    and not (head.chunked or head.http10)
                )
                return head if is_simple else None

            """##,
        "clary_runtime/serving/log.py": ##"""
            """Lines of the serving program and of user code, on standard output as they happen."""

            from __future__ import annotations

            import logging
            import sys
            import time
            from typing import TYPE_CHECKING

            if TYPE_CHECKING:
                from .http_head import Head

            logger = logging.getLogger("clary.serving")


            def configure(level: str) -> None:
                """Sends records of all loggers to standard output; `level` is a number or a name (`10`, `DEBUG`)."""
                for stream in (sys.stdout, sys.stderr):
                    # A print of user code must not wait in a buffer while the request it belongs to is long over.
                    stream.reconfigure(line_buffering=True, write_through=True)
                value = int(level) if level.isdigit() else logging.getLevelName(level.upper())
                logging.basicConfig(
                    level=value if isinstance(value, int) else logging.INFO,
                    stream=sys.stdout,
                    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
                    force=True,
                )


            def note_answer(head: Head, status: int, since: float) -> None:
                """A line per request for those who look for one; `since` is of the monotonic clock."""
                if logger.isEnabledFor(logging.DEBUG):
                    milliseconds = (time.monotonic() - since) * 1000
                    logger.debug("%s %s %d %.1f ms", head.method, head.path, status, milliseconds)

            """##,
        "clary_runtime/serving/multi_model.py": ##"""
            """Several models in one container, loaded and unloaded by the platform (container contract §4)."""

            from __future__ import annotations

            import functools
            import json
            import re
            from pathlib import Path
            from typing import TYPE_CHECKING, NamedTuple
            from urllib.parse import parse_qs

            from .log import logger
            from .pool import Pool

            if TYPE_CHECKING:
                from .client import Client
                from .front import Front

            _PATH = re.compile(r"/models/([^/]+)(/invoke)?")
            _PAGE = 100


            class LoadedModel(NamedTuple):
                url: str
                pool: Pool


            class MultiModel:
                """A pool of workers per model, so that one can be unloaded by ending its processes."""

                def __init__(self, front: Front) -> None:
                    self._front = front
                    self._models: dict[str, LoadedModel] = {}

                def route(self, client: Client) -> None:
                    assert client.request is not None
                    head = client.request.head
                    if head.path == "/models" and head.method == "POST":
                        self._load(client)
                    elif head.path == "/models" and head.method == "GET":
                        self._list(client)
                    else:
                        match = _PATH.fullmatch(head.path)
                        name = match[1] if match else ""
                        method = f"{head.method}{match[2] or ''}" if match else ""
                        if method not in ("GET", "DELETE", "POST/invoke"):
                            client.respond(404 if not match else 405, b'{"error": "Nothing is served under this path."}')
                        elif name not in self._models:
                            client.respond(404, _json({"error": f"Model {name} is not loaded."}))
                        elif method == "POST/invoke":
                            self._models[name].pool.submit(client)
                        elif method == "GET":
                            client.respond(200, _json([self._describe(name)]))
                        else:
                            self._unload(name, client)

                def _load(self, client: Client) -> None:
                    assert client.request is not None
                    try:
                        wanted = json.loads(client.request.body)
                        name, url = wanted["model_name"], wanted["url"]
                    except (ValueError, KeyError, TypeError):
                        client.respond(400, b'{"error": "The body must be {\\"model_name\\": ..., \\"url\\": ...}."}')
                        return
                    if name in self._models:
                        client.respond(409, _json({"error": f"Model {name} is already loaded."}))
                        return
                    directory = Path(url)
                    if not directory.is_dir():
                        client.respond(404, _json({"error": f"{url} is not a folder."}))
                        return
                    size = self._front.settings.workers or 1
                    pool = Pool(self._front, functools.partial(self._front.load, directory), size)
                    answered = False

                    def ready() -> None:
                        nonlocal answered
                        if not answered:
                            answered = True
                            logger.info("Model %s is loaded.", name)
                            client.respond(200, _json({"status": f"Model {name} is loaded."}))

                    def failed() -> None:
                        nonlocal answered
                        self._forget(name)
                        reason = pool.failure or ""
                        logger.error("Model %s cannot be served.\n%s", name, reason.rstrip())
                        if not answered:
                            answered = True
                            no_memory = "MemoryError" in reason or "SIGKILL" in reason
                            client.respond(507 if no_memory else 500, _json({"error": reason}))

                    pool.on_ready, pool.on_failure = ready, failed
                    self._models[name] = LoadedModel(url, pool)
                    self._front.pools.append(pool)
                    pool.start()

                def _unload(self, name: str, client: Client) -> None:
                    pool = self._models.pop(name).pool

                    def ended() -> None:
                        self._front.pools.remove(pool)
                        client.respond(200, _json({"status": f"Model {name} is unloaded."}))

                    pool.on_end = ended
                    pool.stop()

                def _forget(self, name: str) -> None:
                    """Its remaining workers end; the platform loads it again when it is asked for."""
                    pool = self._models.pop(name).pool
                    pool.on_end = lambda: self._front.pools.remove(pool)
                    pool.stop()

                def _list(self, client: Client) -> None:
                    assert client.request is not None
                    query = parse_qs(client.request.head.query)
                    try:
                        start = int(query.get("next_page_token", ["0"])[0])
                        limit = max(1, int(query.get("limit", [str(_PAGE)])[0]))
                    except ValueError:
                        client.respond(400, b'{"error": "limit and next_page_token are numbers."}')
                        return
                    names = list(self._models)
                    answer: dict[str, object] = {
                        "models": [self._describe(name) for name in names[start : start + limit]]
                    }
                    if start + limit < len(names):
                        answer["nextPageToken"] = str(start + limit)
                    client.respond(200, _json(answer))

                def _describe(self, name: str) -> dict[str, str]:
                    return {"modelName": name, "modelUrl": self._models[name].url}


            def _json(value: object) -> bytes:
                return json.dumps(value).encode()

            """##,
        "clary_runtime/serving/packages.py": ##"""
            """Packages that a script asks for beside it (`requirements.txt`)."""

            from __future__ import annotations

            import os
            import sys
            from pathlib import Path

            from ..requirements_file import RequirementsFile
            from ..training.errors import TrainingError
            from ..training.process import Relay
            from ..training.requirements import install
            from .errors import ModelError

            # Set for the interpreter that has them, which begins anew with the same command line.
            _DONE = "CLARY_PACKAGES_INSTALLED"


            def install_requirements(directory: Path) -> None:
                """Goes on in an interpreter that has what `requirements.txt` of the script's folder asks for.

                Does not return if that is another one than this.
                """
                path = directory / "requirements.txt"
                if os.environ.get(_DONE) or not path.is_file():
                    return
                requirements = RequirementsFile(path)
                if requirements.is_empty:
                    return
                try:
                    packages = install(directory, requirements, Relay())
                except TrainingError as error:
                    raise ModelError(f"{path} cannot be installed. {error.text}") from None
                os.environ[_DONE] = "1"
                os.environ["PATH"] = os.pathsep.join((str(packages.scripts), os.environ.get("PATH", os.defpath)))
                sys.stdout.flush()
                os.execv(str(packages.python), [str(packages.python), *sys.argv])

            """##,
        "clary_runtime/serving/pool.py": ##"""
            """The workers of one model and the requests that wait for one of them."""

            from __future__ import annotations

            import collections
            import os
            import signal
            from typing import TYPE_CHECKING, Callable  # noqa: UP035 - subscripted at run time by Python 3.8.

            from .loan import LONGEST_REQUEST
            from .log import logger
            from .worker import State, Worker

            if TYPE_CHECKING:
                from .client import Client
                from .exchange import Handler
                from .front import Front

            _QUEUE_LIMIT = 1024
            # A worker that lived this long is replaced at once; one that dies sooner waits longer each time.
            _SETTLED = 10.0
            _FIRST_DELAY = 0.1
            _LONGEST_DELAY = 10.0
            _MOST_FAILURES = 5
            # How long nothing is lent after a request had to wait: while callers are many, calling back costs more than the hop.
            _LOAN_PAUSE = 0.1


            _SERVING = (State.IDLE, State.BUSY, State.LENT)


            class Pool:
                """Gives each request to the worker that became free last (its caches are warm), and replaces the dead.

                Requests pass through here, instead of callers' connections being spread over workers for good: a kept connection
                of a router would stay with its worker, and two of them with one busy worker would wait while another has
                nothing to do. So no slow caller, hanging prediction or crash of a worker is ever seen by another request. The
                hop over a Unix socket costs half as much as a small prediction, though. As long as there are no more callers
                than workers, each worker is lent its caller's connection and answers without the hop; a request that finds no
                worker free calls all loans back.
                """

                def __init__(self, front: Front, load: Callable[[], Handler], size: int) -> None:
                    self.front = front
                    self.load = load
                    """Called in each worker after the fork: libraries with threads (OpenMP, TensorFlow, CUDA) do not survive one,
                    so sharing the pages of a model that was loaded before is not worth its hangs."""
                    self.size = size
                    self.workers: list[Worker] = []
                    self.failure: str | None = None
                    """Why the model cannot be served: the last attempt's traceback."""
                    self.on_ready: Callable[[], None] = lambda: None
                    self.on_failure: Callable[[], None] = lambda: None
                    self.on_end: Callable[[], None] = lambda: None
                    self._idle: list[Worker] = []
                    self._waiting: collections.deque[Client] = collections.deque()
                    self._stopping = False
                    self._was_ready = False
                    self._early_deaths = 0
                    # A limit below what a worker takes by itself is the front's to keep.
                    self._lends = front.settings.body_limit >= LONGEST_REQUEST
                    self._lends_from = 0.0

                def start(self) -> None:
                    for index in range(self.size):
                        self.workers.append(Worker(self, index))

                @property
                def is_ready(self) -> bool:
                    return any(worker.state in _SERVING for worker in self.workers)

                # Requests

                def submit(self, client: Client) -> None:
                    if self._idle:
                        self._idle.pop().assign(client)
                    elif len(self._waiting) >= _QUEUE_LIMIT:
                        client.respond(503, b'{"error": "Too many requests wait for a worker."}')
                    else:
                        self._waiting.append(client)
                        self._lends_from = self.front.loop.now + _LOAN_PAUSE
                        for worker in self.workers:
                            if worker.state is State.LENT:
                                worker.recall()

                def worker_is_free(self, worker: Worker, client: Client | None = None) -> None:
                    """`client` is whom the worker has just answered, if its next request will be of the same kind."""
                    waiting = self._waiting
                    while waiting:
                        oldest = waiting.popleft()
                        if not oldest.closed:
                            worker.assign(oldest)
                            return
                    if (
                        self._lends
                        and client is not None
                        and client.is_lendable
                        and self.front.loop.now >= self._lends_from
                        and worker.lend(client)
                    ):
                        return
                    self._idle.append(worker)

                def check_deadlines(self) -> None:
                    now, limit = self.front.loop.now, self.front.settings.request_timeout
                    for worker in self.workers:
                        if not worker.timed_out and worker.overdue(now, limit):
                            worker.timed_out = True
                            logger.error(
                                "A request took longer than %g s; its worker (process %d) is killed.", limit, worker.pid
                            )
                            worker.kill()
                    while self._waiting and (self._waiting[0].closed or self._waiting[0].since + limit <= now):
                        client = self._waiting.popleft()
                        if not client.closed:
                            client.respond(504, b'{"error": "No worker became free in time."}')

                # Workers

                def worker_is_ready(self, worker: Worker, seconds: float) -> None:
                    logger.info("Worker %d (process %d) loaded the model in %.2f s.", worker.index, worker.pid, seconds)
                    self._was_ready = True
                    for other in self.workers[: self.workers.index(worker)]:
                        # After a reload this one takes the place of its predecessors; one that started later will take its.
                        if other.index == worker.index:
                            self._retire(other)
                    self.worker_is_free(worker)
                    self.on_ready()

                def reload(self) -> None:
                    """Starts new workers; each old one serves until its successor has loaded the model."""
                    for worker in list(self.workers):
                        if worker.state in _SERVING:
                            self.workers.append(Worker(self, worker.index))

                def stop(self) -> None:
                    """Lets workers end after their requests; `on_end` follows the last one."""
                    self._stopping = True
                    while self._waiting:
                        client = self._waiting.popleft()
                        if not client.closed:
                            client.respond(503, b'{"error": "The model is being unloaded."}')
                    for worker in list(self.workers):
                        if worker.state is State.LOADING:
                            worker.kill_surely()
                        self._retire(worker)
                    if not self.workers:
                        self.on_end()

                def _retire(self, worker: Worker) -> None:
                    if worker in self._idle:
                        self._idle.remove(worker)
                    worker.retire()

                def worker_has_ended(self, worker: Worker, status: int) -> None:
                    """A process is gone; `status` is as `os.waitpid` gave it."""
                    while worker.receive():
                        pass  # What it wrote last is still on its way.
                    worker.disconnect()
                    self.workers.remove(worker)
                    if worker in self._idle:
                        self._idle.remove(worker)
                    how = _describe(status)
                    if worker.timed_out:
                        limit = self.front.settings.request_timeout
                        problem = 504, b'{"error": "The prediction took longer than %d s."}' % limit
                    else:
                        problem = 500, b'{"error": "The worker of this request %s."}' % how.encode()
                    if not worker.give_up_loan(*problem):
                        client, worker.client = worker.client, None
                        if client is not None:
                            client.worker = None
                            client.fail(*problem)
                    if self._stopping:
                        if not self.workers:
                            self.on_end()
                    elif worker.state is not State.RETIRED:
                        self._replace(worker, how)

                def _replace(self, worker: Worker, how: str) -> None:
                    if worker.ready_at is None:
                        if any(other.index == worker.index for other in self.workers):
                            logger.error(
                                "The model could not be loaded anew; the old workers stay.\n%s", worker.failure or how
                            )
                            return
                        self._early_deaths += 1
                        self.failure = worker.failure or f"A worker {how} while it loaded the model.\n"
                        if not self.is_ready and (not self._was_ready or self._early_deaths > _MOST_FAILURES):
                            self.on_failure()
                            return
                        logger.error("A worker could not load the model.\n%s", self.failure.rstrip())
                        if self._early_deaths > _MOST_FAILURES:
                            logger.error("%d workers of %d go on.", len(self.workers), self.size)
                            return
                    else:
                        logger.error("A worker (process %d) %s.", worker.pid, how)
                        lived = self.front.loop.now - worker.ready_at
                        self._early_deaths = 0 if lived > _SETTLED or worker.timed_out else self._early_deaths + 1
                    delay = min(_FIRST_DELAY * 2**self._early_deaths, _LONGEST_DELAY) if self._early_deaths else 0
                    self.front.loop.later(delay, lambda: self._spawn(worker.index))

                def _spawn(self, index: int) -> None:
                    if self._stopping:
                        return
                    try:
                        self.workers.append(Worker(self, index))
                    except OSError as error:  # No process or descriptor is to be had now.
                        logger.error("A worker could not be started: %s.", error)
                        self.front.loop.later(_LONGEST_DELAY, lambda: self._spawn(index))


            def _describe(status: int) -> str:
                if not os.WIFSIGNALED(status):
                    return f"ended with exit code {os.WEXITSTATUS(status)}"
                number = os.WTERMSIG(status)
                text = f"was killed by {signal.Signals(number).name}"
                return f"{text} (is the memory too small?)" if number == signal.SIGKILL else text

            """##,
        "clary_runtime/serving/recordio_protobuf.py": ##"""
            """RecordIO with protobuf records, the form of the built-in algorithms: rows of numbers, dense or sparse."""

            from __future__ import annotations

            import struct
            from typing import Any, Iterator  # noqa: UP035 - subscripted at run time by Python 3.8.

            from .errors import BadInput

            _MAGIC = 0xCED7230A
            # Fields of `Record` (features, label), of a map's entry (key, value), of `Value` and of a tensor.
            _FEATURES, _LABEL = 1, 2
            _MAP_VALUE = 2
            _TENSORS = {2: "<f4", 3: "<f8", 7: "<i4"}
            _VALUES, _KEYS, _SHAPE = 1, 2, 3


            def protobuf_matrix(data: bytes) -> tuple[Any, Any]:
                """A sparse matrix and its labels, None if records have none."""
                import numpy
                import scipy.sparse

                rows, labels, width = [], [], 0
                try:
                    for record in _records(data):
                        values, keys, shape = _tensor(record, _FEATURES)
                        label = _tensor(record, _LABEL)[0]
                        keys = keys if len(keys) else numpy.arange(len(values))
                        width = max(width, shape, int(keys.max(initial=-1)) + 1)
                        rows.append((values, keys))
                        labels.extend(label[:1].tolist())
                except (struct.error, IndexError, ValueError) as error:
                    raise BadInput(f"The body is not RecordIO with protobuf records: {error}.") from None
                if not rows:
                    raise BadInput("The body has no records.")
                ends = numpy.cumsum([0, *(len(keys) for _, keys in rows)])
                matrix = scipy.sparse.csr_matrix(
                    (
                        numpy.concatenate([values for values, _ in rows]).astype("float32"),
                        numpy.concatenate([keys for _, keys in rows]).astype("int64"),
                        ends,
                    ),
                    shape=(len(rows), max(width, 1)),
                )
                return matrix, numpy.array(labels) if len(labels) == len(rows) else None


            def _records(data: bytes) -> Iterator[bytes]:
                at = 0
                while at < len(data):
                    magic, length = struct.unpack_from("<II", data, at)
                    # The upper bits tell parts of a record that itself contains the magic number, which ours never are.
                    if magic != _MAGIC or length >> 29 or at + 8 + length > len(data):
                        raise ValueError("a record's head is wrong")
                    yield data[at + 8 : at + 8 + length]
                    at += 8 + (length + 3) // 4 * 4


            def _tensor(record: bytes, field: int) -> tuple[Any, Any, int]:
                """Values, keys and columns of the first entry of one of the record's maps."""
                import numpy

                values, keys, shape = numpy.zeros(0), numpy.zeros(0, dtype="int64"), 0
                for entry in (content for number, content in _fields(record) if number == field):
                    for value in (content for number, content in _fields(entry) if number == _MAP_VALUE):
                        for kind, tensor in _fields(value):
                            if kind not in _TENSORS:
                                raise ValueError("a value is not a tensor of numbers")
                            dtype = _TENSORS[kind]
                            for number, content in _fields(tensor):
                                if number == _VALUES and kind != 7:
                                    values = numpy.concatenate([values, numpy.frombuffer(content, dtype)])
                                elif number == _VALUES:
                                    values = numpy.concatenate([values, _integers(content)])
                                elif number == _KEYS:
                                    keys = numpy.concatenate([keys, _integers(content)])
                                elif number == _SHAPE:
                                    shape = int(_integers(content)[-1])
                return values, keys, shape


            def _integers(content: bytes | int) -> Any:
                import numpy

                if isinstance(content, int):
                    return numpy.array([content])
                numbers, at = [], 0
                while at < len(content):
                    number, at = _varint(content, at)
                    numbers.append(number - (1 << 64) if number >> 63 else number)
                return numpy.array(numbers, dtype="int64")


            def _fields(message: bytes) -> Iterator[tuple[int, Any]]:
                at = 0
                while at < len(message):
                    key, at = _varint(message, at)
                    wire = key & 7
                    if wire == 0:
                        content, at = _varint(message, at)
                    else:
                        if wire == 2:
                            length, at = _varint(message, at)
                        elif wire in (1, 5):
                            length = 8 if wire == 1 else 4
                        else:
                            raise ValueError("a field has an unknown form")
                        if at + length > len(message):
                            raise ValueError("a field is cut off")
                        content, at = message[at : at + length], at + length
                    yield key >> 3, content


            def _varint(message: bytes, at: int) -> tuple[int, int]:
                number = shift = 0
                while True:
                    byte = message[at]
                    at += 1
                    number |= (byte & 0x7F) << shift
                    if byte < 0x80:
                        return number, at
                    shift += 7
                    if shift > 63:
                        raise ValueError("a number is too long")

            """##,
        "clary_runtime/serving/reply_writer.py": ##"""
            """Writes answers of a worker to the front, as the bytes the caller gets."""

            from __future__ import annotations

            import socket
            import traceback
            from typing import Iterator  # noqa: UP035 - subscripted at run time by Python 3.8.

            from .errors import failure_text
            from .exchange import Reply
            from .frames import BROKEN, FROM_WORKER, LAST, LAST_THEN_CLOSE, PART
            from .http_reply import HTTP10, head_bytes
            from .inbox import Inbox

            _COPY_LIMIT = 65536


            class ReplyWriter:
                def __init__(self, sock: socket.socket, inbox: Inbox) -> None:
                    self._sock = sock
                    self._inbox = inbox

                def write(self, reply: Reply, flags: int, is_head: bool) -> None:
                    body = reply.body
                    if isinstance(body, bytes):
                        head = head_bytes(reply.status, reply.content_type, len(body), flags, reply.headers)
                        if is_head:
                            body = b""
                        start = FROM_WORKER.pack(LAST, reply.status, len(head) + len(body)) + head
                        if len(body) <= _COPY_LIMIT:
                            self._sock.sendall(start + body)
                        else:
                            self._sock.sendall(start)
                            self._sock.sendall(body)
                    else:
                        self._write_parts(reply, body, flags)

                def write_rest(self, status: int, rest: memoryview) -> None:
                    """The rest of an answer, after the caller has got its beginning."""
                    self._sock.sendall(FROM_WORKER.pack(LAST, status, len(rest)))
                    self._sock.sendall(rest)

                def send(self, kind: int, status: int, data: bytes) -> None:
                    self._sock.sendall(FROM_WORKER.pack(kind, status, len(data)) + data)

                def _write_parts(self, reply: Reply, parts: Iterator, flags: int) -> None:
                    try:
                        # Nothing is promised before the first part is there: a generator's failure in its first lines
                        # is an ordinary error then.
                        first = next(parts, b"")
                    except Exception as error:
                        traceback.print_exc()
                        self.write(Reply(failure_text(error), "text/plain; charset=utf-8", 500), flags, False)
                        return
                    plain = bool(flags & HTTP10)
                    self.send(
                        PART, reply.status, head_bytes(reply.status, reply.content_type, None, flags, reply.headers)
                    )
                    try:
                        part = first
                        while True:
                            data = part.encode() if isinstance(part, str) else bytes(part)
                            if data:  # An empty chunk would end the body.
                                self.send(PART, reply.status, data if plain else b"%x\r\n%b\r\n" % (len(data), data))
                            if self._inbox.is_cancelled():
                                self.send(BROKEN, reply.status, b"")
                                return
                            try:
                                part = next(parts)
                            except StopIteration:
                                break
                        self.send(LAST_THEN_CLOSE if plain else LAST, reply.status, b"" if plain else b"0\r\n\r\n")
                    except OSError:
                        raise
                    except Exception:
                        traceback.print_exc()
                        self.send(BROKEN, reply.status, b"")
                    finally:
                        close = getattr(parts, "close", None)
                        if close is not None:
                            close()

            """##,
        "clary_runtime/serving/script_handler.py": ##"""
            """Answers invocations with the functions of the user's script and the framework's defaults for the others."""

            from __future__ import annotations

            import sys
            import traceback
            from pathlib import Path
            from types import ModuleType
            from typing import Any

            from .content_types import ANY, OCTET_STREAM, TEXT, TEXT_TYPES, media_type
            from .context import Context
            from .decoders import text_of
            from .encoders import json_bytes
            from .errors import ModelError, ServingError, failure_text, status_of
            from .exchange import Invocation, Reply
            from .frameworks.arrays import ArrayDefaults
            from .user_module import with_context

            _PARTS = ("input_fn", "predict_fn", "output_fn")


            class ScriptHandler:
                """`model_fn` once; then `transform_fn`, or `input_fn`, `predict_fn` and `output_fn` for each request."""

                def __init__(self, defaults: ArrayDefaults, script: ModuleType | None, model_directory: Path) -> None:
                    self._context = Context(model_directory)
                    self._default_accept = defaults.default_accept
                    transform = getattr(script, "transform_fn", None)
                    parts = [name for name in _PARTS if hasattr(script, name)]
                    if transform is not None and parts:
                        raise ModelError(
                            f"The inference script defines transform_fn, which does all of a request, and {', '.join(parts)}: "
                            "keep one or the other."
                        )

                    def function(name: str, count: int) -> Any:
                        return with_context(getattr(script, name, None) or getattr(defaults, name), count, self._context)

                    self._transform = with_context(transform, 4, self._context) if transform is not None else None
                    self._input, self._predict, self._output = (function(name, 2) for name in _PARTS)
                    self._model = function("model_fn", 1)(str(model_directory))

                def __call__(self, invocation: Invocation) -> Reply:
                    try:
                        return self._answer(invocation)
                    except ServingError as error:
                        return Reply(f"{error}\n".encode(), TEXT, error.status)
                    except (Exception, SystemExit) as error:
                        traceback.print_exc(file=sys.stderr)
                        return Reply(failure_text(error), TEXT, status_of(error), self._context.response_headers or None)

                def _answer(self, invocation: Invocation) -> Reply:
                    headers = invocation.headers
                    self._context.begin(headers)
                    content_type = invocation.content_type
                    accept = headers.get("accept") or ANY
                    if accept == ANY:
                        accept = self._default_accept
                    data: Any = invocation.body
                    if media_type(content_type) in TEXT_TYPES:
                        data = text_of(data, content_type)
                    if self._transform is not None:
                        result = self._transform(self._model, data, content_type, accept)
                    else:
                        result = self._output(self._predict(self._input(data, content_type), self._model), accept)
                    return self._reply(result, accept)

                def _reply(self, result: Any, accept: str) -> Reply:
                    """Scripts return a body, a body with its type, or a response object of a web framework."""
                    headers = self._context.response_headers
                    status = self._context.status or 200
                    if isinstance(result, tuple) and len(result) == 2:
                        result, content_type = result
                    elif hasattr(result, "status_code"):
                        status, content_type, result = _taken_apart(result)
                    else:
                        content_type = headers.get("Content-Type") or _single(accept, self._default_accept)
                    if "Content-Type" in headers:
                        headers = {name: value for name, value in headers.items() if name != "Content-Type"}
                    if isinstance(result, bytes):
                        body: Any = result
                    elif isinstance(result, str):
                        body = result.encode()
                    elif isinstance(result, (bytearray, memoryview)):
                        body = bytes(result)
                    elif hasattr(result, "__next__"):
                        body = result
                    else:
                        body = json_bytes(result)
                    return Reply(body, content_type, status, headers or None)


            def _single(accept: str, default: str) -> str:
                """The type of a body whose script did not say: what was asked for, if that is one type."""
                if "," in accept or "*" in accept:
                    return default
                return accept.partition(";")[0].strip()


            def _taken_apart(response: Any) -> tuple[int, str, Any]:
                """Status, type and body of a response of Flask, Starlette, requests, or the inference toolkit."""
                content_type = (
                    getattr(response, "mimetype", None)
                    or getattr(response, "media_type", None)
                    or getattr(response, "content_type", None)
                )
                for name in ("get_data", "body", "response", "content"):
                    body = getattr(response, name, None)
                    if body is not None:
                        return response.status_code, content_type or OCTET_STREAM, body() if callable(body) else body
                return response.status_code, content_type or OCTET_STREAM, b""

            """##,
        "clary_runtime/serving/settings.py": ##"""
            """Settings of the serving program, read once from the container's environment (container contract §3.4)."""

            from __future__ import annotations

            import os
            from dataclasses import dataclass
            from pathlib import Path
            from typing import Mapping  # noqa: UP035 - subscripted at run time by Python 3.8.

            FRAMEWORKS = ("sklearn", "xgboost", "pytorch", "tensorflow", "mxnet", "huggingface")

            MEBIBYTE = 1024 * 1024


            class SettingsError(Exception):
                """A variable has a value that cannot be meant."""


            @dataclass(frozen=True)
            class Settings:
                """What the environment asks for; durations in seconds, sizes in bytes."""

                framework: str
                ml_root: Path
                address: str
                port: int
                workers: int | None
                request_timeout: float
                startup_timeout: float
                body_limit: int
                default_accept: str
                program: str | None
                submit_directory: str | None
                multi_model: bool
                log_level: str

                @property
                def model_directory(self) -> Path:
                    return self.ml_root / "model"

                @classmethod
                def from_environment(cls, environment: Mapping[str, str]) -> Settings:
                    framework = environment.get("CLARY_FRAMEWORK", "")
                    if framework not in FRAMEWORKS:
                        raise SettingsError(
                            f"CLARY_FRAMEWORK is '{framework}'; it must be one of {', '.join(FRAMEWORKS)}."
                        )

                    def number(names: tuple[str, ...], default: float) -> float:
                        for name in names:
                            text = environment.get(name, "").strip()
                            if text:
                                try:
                                    value = float(text)
                                except ValueError:
                                    value = -1
                                if not 0 < value < float("inf"):
                                    raise SettingsError(f"{name} is '{text}'; it must be a positive number.")
                                return value
                        return default

                    workers = number(
                        (
                            "SAGEMAKER_MODEL_SERVER_WORKERS",
                            "MMS_DEFAULT_WORKERS_PER_MODEL",
                            "TS_DEFAULT_WORKERS_PER_MODEL",
                        ),
                        0,
                    )
                    megabytes = number(("SAGEMAKER_MAX_PAYLOAD_IN_MB",), 6)
                    return cls(
                        framework=framework,
                        ml_root=Path(environment.get("CLARY_ML_ROOT") or "/opt/ml"),
                        address=environment.get("CLARY_BIND_ADDRESS") or "0.0.0.0",
                        port=int(number(("SAGEMAKER_BIND_TO_PORT",), 8080)),
                        workers=max(1, int(workers)) if workers else None,
                        request_timeout=number(
                            (
                                "SAGEMAKER_MODEL_SERVER_TIMEOUT_SECONDS",
                                "SAGEMAKER_MODEL_SERVER_TIMEOUT",
                                "MMS_DEFAULT_RESPONSE_TIMEOUT",
                                "TS_DEFAULT_RESPONSE_TIMEOUT",
                            ),
                            60,
                        ),
                        startup_timeout=number(("SAGEMAKER_STARTUP_TIMEOUT",), 600),
                        body_limit=int(
                            number(
                                ("SAGEMAKER_MAX_REQUEST_SIZE", "MMS_MAX_REQUEST_SIZE", "TS_MAX_REQUEST_SIZE"),
                                megabytes * MEBIBYTE,
                            )
                        ),
                        default_accept=environment.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT") or "application/json",
                        program=environment.get("SAGEMAKER_PROGRAM") or None,
                        submit_directory=environment.get("SAGEMAKER_SUBMIT_DIRECTORY") or None,
                        multi_model=environment.get("SAGEMAKER_MULTI_MODEL", "").lower() in ("true", "1"),
                        log_level=environment.get("SAGEMAKER_CONTAINER_LOG_LEVEL") or "20",
                    )


            def cpu_count() -> int:
                """vCPUs this process may run on, which a sandbox can have narrowed."""
                return len(os.sched_getaffinity(0))

            """##,
        "clary_runtime/serving/toolkit_names.py": ##"""
            """Modules of the published toolkits that scripts import for their types, decoders and encoders.

            An environment has the frameworks, not the toolkits that images add to them. These stand in where nothing of the name
            is installed.
            """

            from __future__ import annotations

            import importlib.abc
            import importlib.machinery
            import sys
            from types import ModuleType
            from typing import Any, Callable  # noqa: UP035 - subscripted at run time by Python 3.8.

            from ..xgboost_data import get_dmatrix
            from . import content_types, decoders, encoders
            from .errors import ServingError, UnsupportedAccept


            class BaseInferenceToolkitError(Exception):
                """Carries the status of the answer."""

                def __init__(self, status_code: int, message: str, phrase: str = "") -> None:
                    super().__init__(message)
                    self.status_code = status_code
                    self.message = message
                    self.phrase = phrase


            class GenericInferenceToolkitError(BaseInferenceToolkitError):
                def __init__(self, status_code: int, message: str | None = None, phrase: str | None = None) -> None:
                    super().__init__(status_code, message or "Invalid Request", phrase or "")


            class UnsupportedFormatError(BaseInferenceToolkitError):
                def __init__(self, content_type: str) -> None:
                    super().__init__(415, f"Content type {content_type} is not supported by this framework.")


            class Response:
                """A body with its type, as output functions of older scripts return it."""

                def __init__(
                    self, response: Any = None, *more: Any, status: int = 200, mimetype: str | None = None, **_: Any
                ) -> None:
                    self.response = b"" if response is None else response
                    self.status_code = next((value for value in more if isinstance(value, int)), status)
                    self.mimetype = mimetype or next(
                        (value for value in more if isinstance(value, str)), content_types.JSON
                    )


            class DefaultInferenceHandler:
                """Base class of handlers in scripts."""

                def default_input_fn(self, input_data: Any, content_type: str, context: Any = None) -> Any:
                    return decoders.decode(input_data, content_type)

                def default_output_fn(self, prediction: Any, accept: str, context: Any = None) -> tuple[Any, str]:
                    content_type = content_types.choose(accept, encoders.ENCODABLE, content_types.JSON)
                    return _encode(prediction, content_type), content_type


            def _encode(prediction: Any, content_type: str) -> str | bytes:
                try:
                    data = encoders.encode(prediction, content_types.media_type(content_type))
                except UnsupportedAccept:
                    raise UnsupportedFormatError(content_type) from None
                # Scripts join and compare text, so they get it as text.
                return data if content_types.media_type(content_type) == content_types.NPY else data.decode()


            def _decode(data: Any, content_type: str) -> Any:
                try:
                    return decoders.decode(data, content_type)
                except ServingError as error:
                    if error.status == 415:
                        raise UnsupportedFormatError(content_type) from None
                    raise


            def _to_matrix(content_type: str) -> Callable[[Any], Any]:
                def convert(data: Any) -> Any:
                    from .frameworks.xgboost import matrix

                    return matrix(data, content_type)

                return convert


            def _decode_to_matrix(data: Any, content_type: str) -> Any:
                from .frameworks.xgboost import matrix

                return matrix(data, content_type)


            def _wait_hostname_resolution() -> None:
                """Until each host of the job has an address; raises TimeoutError."""
                import json
                import os
                import socket
                import time

                deadline = time.monotonic() + 300
                for host in json.loads(os.environ.get("SM_HOSTS", "[]")):
                    while True:
                        try:
                            socket.gethostbyname(host)
                            break
                        except OSError:
                            if time.monotonic() > deadline:
                                raise TimeoutError(f"The host {host} has no address after 5 minutes.") from None
                            time.sleep(0.1)


            def _rabit_run(
                exec_fun: Callable[..., Any],
                args: dict[str, Any],
                include_in_training: bool,
                hosts: list[str],
                current_host: str,
                first_port: int | None = None,
                second_port: int | None = None,
                max_connect_attempts: int | None = None,
                connect_retry_timeout: int = 3,
                update_rabit_args: bool = False,
            ) -> None:
                """Calls the training function; on one host it is the master."""
                if len(hosts) > 1:
                    raise NotImplementedError(
                        "rabit_run trains on one host here: train on several with the built-in algorithm, or with "
                        "xgboost.tracker.RabitTracker and xgboost.collective, which the environment has."
                    )
                if not include_in_training:
                    raise ValueError("The only host of the job has no data to train on.")
                exec_fun(**({**args, "is_master": True} if update_rabit_args else args))


            def _decode_json(data: Any, content_type: str) -> Any:
                import json

                return (
                    json.loads(data)
                    if content_types.media_type(content_type) == content_types.JSON
                    else _decode(data, content_type)
                )


            _TYPES = {
                **{
                    name: getattr(content_types, name)
                    for name in ("JSON", "CSV", "NPY", "NPZ", "OCTET_STREAM", "ANY", "LIBSVM")
                },
                "UTF8_TYPES": list(content_types.TEXT_TYPES),
                "X_LIBSVM": "text/x-libsvm",
                "X_RECORDIO_PROTOBUF": content_types.RECORDIO_PROTOBUF,
            }
            _ERRORS = {
                error.__name__: error
                for error in (BaseInferenceToolkitError, GenericInferenceToolkitError, UnsupportedFormatError)
            }
            _MODULES: dict[str, dict[str, Any]] = {
                "sagemaker_inference": {},
                "sagemaker_inference.content_types": _TYPES,
                "sagemaker_inference.decoder": {"decode": _decode},
                "sagemaker_inference.encoder": {"encode": _encode},
                "sagemaker_inference.errors": _ERRORS,
                "sagemaker_inference.default_inference_handler": {"DefaultInferenceHandler": DefaultInferenceHandler},
                "sagemaker_training": {},
                "sagemaker_training.entry_point": {"_wait_hostname_resolution": _wait_hostname_resolution},
                "sagemaker_containers": {},
                "sagemaker_containers.entry_point": {"_wait_hostname_resolution": _wait_hostname_resolution},
                "sagemaker_containers.beta": {},
                "sagemaker_containers.beta.framework": {},
                "sagemaker_containers.beta.framework.content_types": _TYPES,
                "sagemaker_containers.beta.framework.encoders": {"decode": _decode, "encode": _encode},
                "sagemaker_containers.beta.framework.errors": _ERRORS,
                "sagemaker_containers.beta.framework.worker": {"Response": Response},
                # Scripts import these beside the others and use nothing of them.
                "sagemaker_containers.beta.framework.env": {},
                "sagemaker_containers.beta.framework.modules": {},
                "sagemaker_containers.beta.framework.server": {},
                "sagemaker_containers.beta.framework.transformer": {},
                "sagemaker_xgboost_container": {},
                "sagemaker_xgboost_container.data_utils": {"get_dmatrix": get_dmatrix},
                "sagemaker_xgboost_container.distributed": {"rabit_run": _rabit_run},
                "sagemaker_xgboost_container.encoder": {
                    "csv_to_dmatrix": _to_matrix(content_types.CSV),
                    "libsvm_to_dmatrix": _to_matrix(content_types.LIBSVM),
                    "recordio_protobuf_to_dmatrix": _to_matrix(content_types.RECORDIO_PROTOBUF),
                    "decode": _decode_to_matrix,
                    "encode": _encode,
                },
                "sagemaker_huggingface_inference_toolkit": {},
                "sagemaker_huggingface_inference_toolkit.content_types": _TYPES,
                "sagemaker_huggingface_inference_toolkit.decoder_encoder": {"decode": _decode_json, "encode": _encode},
            }


            class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
                def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
                    if name not in _MODULES:
                        return None
                    return importlib.machinery.ModuleSpec(
                        name, self, is_package=any(key.startswith(f"{name}.") for key in _MODULES)
                    )

                def exec_module(self, module: ModuleType) -> None:
                    vars(module).update(_MODULES[module.__name__])


            def stand_in_for_toolkits() -> None:
                """Last of all finders, so that an installed package comes first."""
                if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
                    sys.meta_path.append(_Finder())

            """##,
        "clary_runtime/serving/user_module.py": ##"""
            """The user's inference script."""

            from __future__ import annotations

            import importlib.util
            import inspect
            import sys
            from types import ModuleType
            from typing import Any, Callable  # noqa: UP035 - subscripted at run time by Python 3.8.

            from .code_directory import Code
            from .context import Context
            from .errors import ModelError
            from .toolkit_names import stand_in_for_toolkits


            def import_script(code: Code) -> ModuleType:
                """Runs the script as a module named after its file, with its folders importable."""
                path = code.directory / code.program
                if not path.is_file():
                    found = ", ".join(sorted(entry.name for entry in code.directory.iterdir())) or "nothing"
                    raise ModelError(
                        f"The inference script {path} (SAGEMAKER_PROGRAM) does not exist; its folder has: {found}."
                    )
                stand_in_for_toolkits()
                for folder in (code.directory / "lib", code.directory, path.parent):
                    if folder.is_dir() and str(folder) not in sys.path:
                        sys.path.insert(0, str(folder))
                name = path.stem
                spec = importlib.util.spec_from_file_location(name, path)
                assert spec is not None and spec.loader is not None
                module = importlib.util.module_from_spec(spec)
                # Objects that were pickled from a script name its module, so it must be found under that name.
                sys.modules[name] = module
                spec.loader.exec_module(module)
                return module


            def with_context(function: Callable[..., Any], count: int, context: Context) -> Callable[..., Any]:
                """`function` as one of `count` arguments; one that takes one more gets the context last."""
                try:
                    parameters = inspect.signature(function).parameters.values()
                except (TypeError, ValueError):
                    return function  # Native code that does not tell.
                positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
                if any(p.kind is p.VAR_POSITIONAL for p in parameters) or len(positional) == count:
                    return function
                required = [p for p in positional if p.default is p.empty]
                if len(required) == count + 1 or (
                    len(positional) > count and positional[count].name in ("context", "ctx")
                ):
                    return lambda *arguments: function(*arguments, context)
                if len(required) <= count <= len(positional):
                    return function
                raise ModelError(
                    f"{getattr(function, '__name__', 'A function')} of the inference script takes {len(positional)} arguments; "
                    f"it is called with {count}, or with the context as one more."
                )

            """##,
        "clary_runtime/serving/worker.py": ##"""
            """A worker process, as the front sees it."""

            from __future__ import annotations

            import array
            import collections
            import enum
            import mmap
            import os
            import signal
            import socket
            import sys
            from typing import TYPE_CHECKING

            from .event_loop import READ, WRITE
            from .exchange import INVOCATIONS
            from .frames import (
                BROKEN,
                CANCEL,
                FAILED,
                FROM_WORKER,
                LAST,
                LAST_THEN_CLOSE,
                LEND,
                PART,
                READY,
                RECALL,
                REQUEST,
                RETURNED,
                TAKEN_OVER,
                TO_WORKER,
            )
            from .worker_process import run_worker

            if TYPE_CHECKING:
                from .client import Client
                from .pool import Pool

            # Larger ones would be mapped and unmapped by the allocator for each call.
            _READ_SIZE = 65536
            _COPY_LIMIT = 65536


            class State(enum.Enum):
                LOADING = 1
                IDLE = 2
                BUSY = 3
                RETIRED = 4
                """Ends after its request or its loan, without being replaced."""
                LENT = 5
                """Serves a caller's connection alone."""


            class Worker:
                """Has one request at a time; its bytes go to the client as they come."""

                def __init__(self, pool: Pool, index: int) -> None:
                    self.pool = pool
                    self.index = index
                    self.state = State.LOADING
                    self.client: Client | None = None
                    """Whose request it works on, or whose connection it was lent."""
                    self.failure = ""
                    """Traceback of a model that could not be loaded."""
                    self.timed_out = False
                    self.ready_at: float | None = None
                    self.deadline: float | None = None
                    self._loop = pool.front.loop
                    self._outgoing: collections.deque[bytes | memoryview] = collections.deque()
                    self._incoming = b""
                    self._kind = 0  # Of the message being received; 0 between two.
                    self._status = 0
                    self._left = 0
                    self._text = b""
                    self._paused = False
                    self._connected = True
                    self._is_lent = False
                    self._is_recalled = False
                    # Shared with the process: when it began the request of a lent connection that it works on, or 0.
                    self._busy_since = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("d")
                    self._start()

                def _start(self) -> None:
                    self.sock, theirs = socket.socketpair()
                    sys.stdout.flush()
                    sys.stderr.flush()
                    self.pid = os.fork()
                    if self.pid == 0:
                        self.sock.close()
                        self.pool.front.close_in_child()
                        run_worker(theirs, self._busy_since, self.pool.load, self.index, self.pool.size)
                    theirs.close()
                    self.sock.setblocking(False)
                    self._loop.watch(self.sock.fileno(), self._on_event)

                # To the process

                def assign(self, client: Client) -> None:
                    assert client.request is not None
                    head, body = client.request
                    self.state = State.BUSY
                    self.client = client
                    client.worker = self
                    self.deadline = self._loop.now + self.pool.front.settings.request_timeout
                    start = TO_WORKER.pack(REQUEST, client.flags, len(head.wire), len(body)) + head.wire
                    if len(body) <= _COPY_LIMIT:
                        self._send(start + body)
                    else:
                        self._send(start)
                        self._send(body)

                def lend(self, client: Client) -> bool:
                    """Hands the client's connection to the process, which must have nothing to do; False if it has no room."""
                    if self._outgoing:
                        return False
                    descriptor = array.array("i", [client.sock.fileno()])
                    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptor)]
                    try:
                        # A stream takes a message of this size as a whole or not at all.
                        self.sock.sendmsg([TO_WORKER.pack(LEND, 0, 0, 0)], rights)
                    except OSError:
                        return False
                    self._is_lent = True
                    self._is_recalled = False
                    self.state = State.LENT
                    self.client = client
                    client.lend(self)
                    return True

                def recall(self) -> None:
                    """Asks for the lent connection; it comes after the request that the process may be at."""
                    if not self._is_recalled:
                        self._is_recalled = True
                        self._send(TO_WORKER.pack(RECALL, 0, 0, 0))

                def overdue(self, now: float, limit: float) -> bool:
                    """Whether its request takes longer than `limit` seconds."""
                    if self._is_lent:
                        since = self._busy_since[0]
                        return since > 0 and since + limit <= now
                    return self.deadline is not None and self.deadline <= now

                def lose_client(self) -> None:
                    """The caller is gone: a streamed answer ends at its next part, another one is dropped."""
                    self.client = None
                    if not self._is_lent:
                        self._send(TO_WORKER.pack(CANCEL, 0, 0, 0))
                        self.resume()

                def resume(self) -> None:
                    """The client has taken what it was sent."""
                    if self._paused:
                        self._paused = False
                        self.deadline = self._loop.now + self.pool.front.settings.request_timeout
                        self._update_interest()

                def retire(self) -> None:
                    """Lets the process end as soon as it has no request."""
                    if self._is_lent:
                        self.recall()
                    elif self.state in (State.IDLE, State.LOADING):
                        self.disconnect()  # The process ends when it reads the end of its input.
                    self.state = State.RETIRED

                def kill(self) -> None:
                    """Ends the process at once; its death is noticed as any other."""
                    # SIGABRT lets faulthandler write where the process stands, even inside native code.
                    os.kill(self.pid, signal.SIGABRT)
                    self._loop.later(1, self.kill_surely)

                def kill_surely(self) -> None:
                    if self in self.pool.workers:
                        os.kill(self.pid, signal.SIGKILL)

                def disconnect(self) -> None:
                    if self._connected:
                        self._connected = False
                        self._loop.forget(self.sock.fileno())
                        self.sock.close()

                def _send(self, data: bytes | bytearray) -> None:
                    if not self._connected:
                        return
                    if not self._outgoing:
                        try:
                            sent = self.sock.send(data)
                        except BlockingIOError:
                            sent = 0
                        except OSError:
                            return  # It has died, which SIGCHLD tells.
                        if sent == len(data):
                            return
                        data = memoryview(data)[sent:]
                    self._outgoing.append(data)
                    self._update_interest()

                def _flush(self) -> None:
                    while self._outgoing:
                        data = self._outgoing[0]
                        try:
                            sent = self.sock.send(data)
                        except BlockingIOError:
                            return
                        except OSError:
                            self._outgoing.clear()
                            break
                        if sent < len(data):
                            self._outgoing[0] = memoryview(data)[sent:]
                            return
                        self._outgoing.popleft()
                    self._update_interest()

                def _update_interest(self) -> None:
                    if self._connected:
                        interest = (0 if self._paused else READ) | (WRITE if self._outgoing else 0)
                        self._loop.change(self.sock.fileno(), interest)

                # From the process

                def _on_event(self, events: int) -> None:
                    if events & WRITE:
                        self._flush()
                    if events & ~WRITE:
                        self.receive()

                def receive(self) -> bool:
                    """Takes what has arrived; False if there is nothing."""
                    if not self._connected:
                        return False
                    try:
                        data = self.sock.recv(_READ_SIZE)
                    except BlockingIOError:
                        return False
                    except OSError:
                        data = b""
                    if not data:
                        self.disconnect()
                        return False
                    if self._incoming:
                        data, self._incoming = self._incoming + data, b""
                    view = memoryview(data)
                    while view:
                        if not self._kind:
                            if len(view) < FROM_WORKER.size:
                                self._incoming = bytes(view)
                                break
                            self._kind, self._status, self._left = FROM_WORKER.unpack_from(view)
                            view = view[FROM_WORKER.size :]
                        part, view = view[: self._left], view[self._left :]
                        self._left -= len(part)
                        self._take(part)
                    return True

                def _take(self, part: memoryview) -> None:
                    kind = self._kind
                    if kind in (READY, FAILED, RETURNED, TAKEN_OVER):
                        self._text += part
                    elif part and self.client is not None:
                        self.client.answer_begun = True
                        self.client.write(part)
                        if kind == PART and self.client is not None and self.client.is_congested:
                            # A whole answer is made already: taking it in frees the worker from a slow caller. A streamed one
                            # has no bound, so the worker waits.
                            self._paused = True
                            self.deadline = None
                            self._update_interest()
                    if self._left:
                        return
                    self._kind = 0
                    text, self._text = self._text, b""
                    if kind == READY:
                        self.ready_at = self._loop.now
                        if self.state is State.LOADING:
                            self.state = State.IDLE
                            self.pool.worker_is_ready(self, float(text))
                    elif kind == FAILED:
                        self.failure = text.decode("utf-8", "replace")
                    elif kind == RETURNED:
                        self._end_loan(text)
                    elif kind == TAKEN_OVER:
                        self._take_over(text)
                    elif kind == PART:
                        if not self._paused:
                            self.deadline = self._loop.now + self.pool.front.settings.request_timeout
                    else:
                        self._finish(kind)

                def _finish(self, kind: int) -> None:
                    client, self.client, self.deadline = self.client, None, None
                    goes_on = False
                    if client is not None:
                        goes_on = kind == LAST and client.request is not None and client.request.head.path == INVOCATIONS
                        client.worker = None
                        if kind == BROKEN:
                            client.close()
                        else:
                            client.finish(self._status, close=kind == LAST_THEN_CLOSE)
                    self._be_free(client if goes_on else None)

                def _be_free(self, client: Client | None) -> None:
                    """`client` may be lent."""
                    if self.state is State.RETIRED:
                        self.disconnect()
                    else:
                        self.state = State.IDLE
                        self.pool.worker_is_free(self, client)

                # Loans

                def _end_loan(self, unanswered: bytes) -> None:
                    client, self.client = self.client, None
                    self._is_lent = False
                    # A request that waits is older than one that came back just now.
                    self._be_free(None)
                    if client is not None:
                        client.take_back(unanswered)

                def _take_over(self, head: bytes) -> None:
                    self._is_lent = False
                    if self.state is State.LENT:
                        self.state = State.BUSY
                    self.deadline = self._loop.now + self.pool.front.settings.request_timeout
                    if self.client is not None:
                        self.client.take_over(head)

                def give_up_loan(self, status: int, body: bytes) -> bool:
                    """The process is gone: its caller is told, if there is one; False if nothing was lent."""
                    if not self._is_lent:
                        return False
                    self._is_lent = False
                    client, self.client = self.client, None
                    if client is not None:
                        client.end_loan(status if self._busy_since[0] else None, body)
                    return True

            """##,
        "clary_runtime/serving/worker_process.py": ##"""
            """Inside a worker: loads the model, then answers one request after another."""

            from __future__ import annotations

            import faulthandler
            import gc
            import marshal
            import os
            import resource
            import signal
            import socket
            import sys
            import time
            import traceback
            from pathlib import Path
            from typing import Callable, NoReturn  # noqa: UP035 - subscripted at run time by Python 3.8.

            from .exchange import Handler, Invocation
            from .frames import FAILED, FROM_WORKER, LEND, READY, REQUEST
            from .inbox import Inbox
            from .loan import Loan
            from .reply_writer import ReplyWriter


            def run_worker(
                sock: socket.socket, busy_since: memoryview, load: Callable[[], Handler], index: int, count: int
            ) -> NoReturn:
                """Never returns; exit code 1 if the model could not be loaded.

                `busy_since` is one number, shared with the front: when this process began a request that the front has not seen,
                0 if there is none.
                """
                code = 1
                try:
                    _prepare_process(index, count)
                    started = time.monotonic()
                    try:
                        handler = load()
                    except BaseException:  # SystemExit of a user's script, too.
                        text = traceback.format_exc().encode("utf-8", "replace")
                        sock.sendall(FROM_WORKER.pack(FAILED, 0, len(text)) + text)
                    else:
                        # What loading made stays: collections of garbage need not look at it again and again.
                        gc.collect()
                        gc.freeze()
                        text = b"%.3f" % (time.monotonic() - started)
                        sock.sendall(FROM_WORKER.pack(READY, 0, len(text)) + text)
                        _serve(sock, busy_since, handler)
                        code = 0
                except OSError:
                    pass  # The front is gone.
                except BaseException:
                    traceback.print_exc()
                finally:
                    sys.stdout.flush()
                    sys.stderr.flush()
                    # Frameworks' threads would hold up an ordinary exit, or crash in it.
                    os._exit(code)


            def _prepare_process(index: int, count: int) -> None:
                # A stop is the front's to handle, even if every process gets the signal; handlers, unlike ignored signals,
                # are not inherited by programs that user code starts.
                for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                    signal.signal(number, lambda _number, _frame: None)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
                faulthandler.enable()
                _take_devices(index, count)


            def _take_devices(index: int, count: int) -> None:
                """Spreads GPUs over workers, so that `cuda:0` of each is its own as far as there are enough."""
                devices = visible_gpus()
                if not devices or count == 1:
                    return
                share = max(1, len(devices) // count)
                first = index * share % len(devices)
                os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(devices[first : first + share])


            def visible_gpus() -> list[str]:
                """Ids of GPUs that frameworks would see, found without a framework."""
                named = os.environ.get("CUDA_VISIBLE_DEVICES")
                if named is not None:
                    return [device for device in named.split(",") if device.strip() and device != "-1"]
                names = sorted(path.name[len("nvidia") :] for path in Path("/dev").glob("nvidia[0-9]*"))
                return [str(position) for position in range(len(names))]


            def _serve(sock: socket.socket, busy_since: memoryview, handler: Handler) -> None:
                inbox = Inbox(sock)
                writer = ReplyWriter(sock, inbox)
                while True:
                    message = inbox.next()
                    if message is None:
                        return
                    kind, flags, wire, body, descriptor = message
                    if kind == REQUEST:
                        method, path, query, headers = marshal.loads(wire)
                        reply = handler(Invocation(method, path, query, headers, body))
                        writer.write(reply, flags, method == "HEAD")
                        del reply
                    elif kind == LEND and descriptor is not None:
                        Loan(descriptor, inbox, writer, busy_since).serve(handler)
                    # Else what was said of an answer or a loan that was over when it was said.
                    del message, body  # It may be large, and the next request may be long in coming.

            """##,
        "clary_runtime/training/__init__.py": ##"""
            """Training in script mode: what the toolkit's `train` does, for instances that have no image.

            Read `main` first; each step has a file of its own.
            """

            from __future__ import annotations

            from .configuration import Configuration
            from .errors import TrainingError
            from .log import log
            from .paths import Paths
            from .process import Relay, Stopped


            def main(paths: Paths | None = None) -> int:
                """Trains, and returns the exit status of the instance: the script's."""
                paths = paths or Paths.of_instance()
                relay = Relay()
                relay.install()
                try:
                    train(paths, relay)
                except Stopped as stop:
                    return stop.exit_code
                except TrainingError as error:
                    # A script that ended by the signal that it was sent did not fail.
                    if relay.received is None or error.exit_code != 128 + relay.received:
                        _report(paths, error.text)
                    return error.exit_code
                except Exception as error:
                    import traceback

                    _report(paths, f"Framework Error: {error}\n{traceback.format_exc()}")
                    return 1
                log.info("Reporting training SUCCESS")
                return 0


            def train(paths: Paths, relay: Relay) -> None:
                from . import arguments, distribution, intermediate, requirements, source
                from .entry_point import EntryPoint
                from .job import Job

                configuration = Configuration.read(paths)
                log.threshold = configuration.log_level
                distribution.check(configuration)
                arguments.check(configuration.hyperparameters)
                with intermediate.synchronization(configuration):
                    source.place(configuration)
                    entry = EntryPoint.of(configuration)
                    packages = requirements.provide(configuration, entry, relay)
                    distribution.run(Job(configuration, entry, packages, relay))


            def _report(paths: Paths, text: str) -> None:
                log.error("Reporting training FAILURE")
                log.error(text)
                paths.output.mkdir(parents=True, exist_ok=True)
                paths.failure.write_text(text, encoding="utf-8", errors="replace")

            """##,
        "clary_runtime/training/arguments.py": ##"""
            """Hyperparameters as arguments of the user's script."""

            from __future__ import annotations

            import os

            from .errors import ClientError


            def arguments(hyperparameters: dict) -> list[str]:
                """`--name value` for each, sorted by name; `-n value` for a name of one letter, an empty name as it is."""
                return [
                    part
                    for name in sorted(hyperparameters)
                    for part in ("--"[: len(name)] + name, spelled(hyperparameters[name]))
                ]


            def check(hyperparameters: dict) -> None:
                """Raises ClientError for what no process can be given, whoever starts it."""
                for name, value in hyperparameters.items():
                    shown = ascii(name)
                    if "=" in name:
                        raise ClientError(
                            f"The hyperparameter {shown} cannot be passed to the script: the name of its variable, "
                            f"{ascii('SM_HP_' + name.upper())}, would have a '='. Give it a name without one."
                        )
                    for what, text in (("name", name), ("value", spelled(value))):
                        if "\0" in text:
                            raise ClientError(
                                f"The hyperparameter {shown} cannot be passed to the script: its {what} has the character NUL, at "
                                "which arguments and variables end. Leave it out, or put the value into a file of a channel."
                            )
                        try:
                            os.fsencode(text)
                        except UnicodeEncodeError as error:
                            raise ClientError(
                                f"The hyperparameter {shown} cannot be passed to the script: its {what} has the half of a character "
                                f"({ascii(text[error.start])}), which has no bytes. Leave it out."
                            ) from None


            def spelled(value) -> str:
                """As Python writes it (`True`, `[1, 2]`), an object as `name=value,…`, which is what scripts for the toolkit parse."""
                if value is None:
                    return ""
                if isinstance(value, dict):
                    return ",".join(f"{name}={value[name]}" for name in sorted(value))
                return str(value)

            """##,
        "clary_runtime/training/configuration.py": ##"""
            """What the job was created with, read once from `/opt/ml/input/config`."""

            from __future__ import annotations

            import json
            import os
            from pathlib import Path

            from .errors import ClientError
            from .paths import Paths

            PREFIX = "sagemaker_"
            # Parameters that have a place of their own, so they are no `additional_framework_parameters`.
            NAMED = {
                "sagemaker_program",
                "sagemaker_submit_directory",
                "sagemaker_enable_cloudwatch_metrics",
                "sagemaker_region",
                "sagemaker_container_log_level",
                "sagemaker_job_name",
                "sagemaker_s3_output",
            }
            # Not the script's either, though they lack the prefix.
            UNPREFIXED = {"default_user_module_name", "_tuning_objective_metric"}
            DISTRIBUTIONS = (
                "sagemaker_mpi_enabled",
                "sagemaker_parameter_server_enabled",
                "sagemaker_distributed_dataparallel_enabled",
                "sagemaker_pytorch_ddp_enabled",
                "sagemaker_torch_distributed_enabled",
                "sagemaker_pytorch_xla_multi_worker_enabled",
                "sagemaker_multi_worker_mirrored_strategy_enabled",
            )


            class Configuration:
                def __init__(self, paths: Paths, hyperparameters: dict, channels: dict, resources: dict):
                    self.paths = paths
                    self.framework = os.environ.get("CLARY_FRAMEWORK", "")
                    decoded = {name: decode(value) for name, value in hyperparameters.items()}
                    given = {name: value for name, value in decoded.items() if name.startswith(PREFIX)}
                    self.parameters = {name: value for name, value in given.items() if name not in NAMED}
                    self.hyperparameters = {
                        name: value for name, value in decoded.items() if name not in given and name not in UNPREFIXED
                    }
                    self.program = os.environ.get("SAGEMAKER_PROGRAM") or _text(given.get("sagemaker_program"))
                    self.submit_directory = (
                        _text(given.get("sagemaker_submit_directory"))
                        or os.environ.get("SAGEMAKER_SUBMIT_DIRECTORY")
                        or str(paths.code)
                    )
                    self.log_level = log_level(given.get("sagemaker_container_log_level", 20))
                    self.job_name = os.environ.get("TRAINING_JOB_NAME") or given.get("sagemaker_job_name", "")
                    self.region = given.get("sagemaker_region") or os.environ.get("AWS_REGION", "")
                    self.intermediate_output = given.get("sagemaker_s3_output")
                    self._name_model_directory_of_tuning(decoded)

                    self.channels = channels
                    self.resources = resources
                    self.host = resources.get("current_host", "algo-1")
                    self.hosts = resources.get("hosts", [self.host])
                    self.interface = resources.get("network_interface_name", "eth0")
                    self.instance_type = resources.get("current_instance_type", "local")
                    self.group = resources.get("current_group_name", "homogeneousCluster")
                    self.groups = resources.get("instance_groups") or []
                    self.distribution_groups = given.get(
                        "sagemaker_distribution_instance_groups",
                        [self.group] if any(given.get(name) for name in DISTRIBUTIONS) else [],
                    )

                @classmethod
                def read(cls, paths: Paths) -> Configuration:
                    return cls(
                        paths,
                        read_json(paths.config / "hyperparameters.json"),
                        read_json(paths.config / "inputdataconfig.json"),
                        read_json(paths.config / "resourceconfig.json"),
                    )

                def is_on(self, parameter: str) -> bool:
                    return bool(self.parameters.get(parameter)) and self.group in self.distribution_groups

                @property
                def group_hosts(self) -> list[str]:
                    return next(
                        (group["hosts"] for group in self.groups if group["instance_group_name"] == self.group), []
                    )

                @property
                def distribution_hosts(self) -> list[str]:
                    """Hosts that train together: those of the groups that the distribution names."""
                    if not self.groups:
                        return list(self.hosts)
                    groups = (group for group in self.groups if group["instance_group_name"] in self.distribution_groups)
                    return [host for group in groups for host in group["hosts"]]

                @property
                def master(self) -> str:
                    return (self.distribution_hosts or self.hosts)[0]

                @property
                def is_master(self) -> bool:
                    return self.host == self.master

                @property
                def rank(self) -> int:
                    return self.distribution_hosts.index(self.host)

                def _name_model_directory_of_tuning(self, decoded: dict) -> None:
                    # All trials of a tuning job are given one `model_dir`; without the name they would overwrite each other.
                    directory = self.hyperparameters.get("model_dir")
                    if self.framework != "tensorflow" or "_tuning_objective_metric" not in decoded or not directory:
                        return
                    if not str(directory).startswith("/opt/ml"):
                        self.hyperparameters["model_dir"] = f"{directory}/{self.job_name}/model"


            def decode(value):
                """A hyperparameter's value: JSON if it is JSON, else the text itself."""
                try:
                    return json.loads(value)
                except (TypeError, ValueError):
                    return value


            def _text(value) -> str:
                """Of a parameter that is text, also where it reads like a number; nothing for null."""
                return "" if value is None else str(value)


            def log_level(value) -> int:
                if isinstance(value, int):
                    return value
                names = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "WARN": 30, "ERROR": 40, "CRITICAL": 50}
                return names.get(str(value).upper(), 20)


            def read_json(path: Path) -> dict:
                try:
                    return json.loads(path.read_text(encoding="utf-8"))
                except FileNotFoundError:
                    return {}
                except ValueError as error:
                    raise ClientError(f"{path} is not JSON: {error}.") from None

            """##,
        "clary_runtime/training/distribution/__init__.py": ##"""
            """How the hosts of a job train together: one file per way."""

            from __future__ import annotations

            import time

            from ..configuration import Configuration
            from ..errors import ClientError
            from ..job import Job
            from ..log import log

            NAMES_APPEAR_WITHIN = 15 * 60


            def check(configuration: Configuration) -> None:
                """Refuses what cannot work before anything is fetched. Raises ClientError."""
                parallel = configuration.hyperparameters.get("mp_parameters")
                if configuration.is_on("sagemaker_distributed_dataparallel_enabled") or parallel:
                    library = "model" if parallel else "data"
                    raise ClientError(
                        f"smdistributed.{library}parallel is a closed library of AWS's own images and is not available here. Use "
                        'distribution={"torch_distributed": {"enabled": True}}'
                        f" with PyTorch's {'FSDP' if parallel else 'DistributedDataParallel'}."
                    )
                if configuration.is_on("sagemaker_pytorch_xla_multi_worker_enabled"):
                    raise ClientError(
                        "The training compiler (pytorchxla) is a closed library of AWS's own images and is not available here. "
                        'Use distribution={"torch_distributed": {"enabled": True}} and torch.compile.'
                    )


            def run(job: Job) -> None:
                """Runs the script in the way that the job asks for. Raises ExecuteUserScriptError."""
                configuration = job.configuration
                await_names(configuration.hosts)
                if configuration.framework in ("pytorch", "huggingface"):
                    from . import torchrun

                    torchrun.prepare(job)
                if configuration.is_on("sagemaker_mpi_enabled"):
                    from . import mpi

                    mpi.run(job)
                elif configuration.is_on("sagemaker_torch_distributed_enabled") or configuration.is_on(
                    "sagemaker_pytorch_ddp_enabled"
                ):
                    from . import torchrun

                    torchrun.run(job)
                elif configuration.framework == "mxnet" and configuration.is_on("sagemaker_parameter_server_enabled"):
                    from . import mxnet_cluster

                    mxnet_cluster.run(job)
                elif (
                    configuration.framework == "tensorflow"
                    or configuration.is_on("sagemaker_multi_worker_mirrored_strategy_enabled")
                    or configuration.is_on("sagemaker_parameter_server_enabled")
                ):
                    from . import tensorflow_cluster

                    tensorflow_cluster.run(job)
                else:
                    job.run()


            def await_names(hosts: list[str]) -> None:
                """Names of the other hosts may resolve some seconds after this one has started."""
                if len(hosts) < 2:
                    return
                import socket

                deadline = time.monotonic() + NAMES_APPEAR_WITHIN
                for host in hosts:
                    pause = 0.05
                    while True:
                        try:
                            socket.gethostbyname(host)
                            break
                        except OSError as error:
                            if time.monotonic() > deadline:
                                raise ClientError(f"The host '{host}' of this job cannot be resolved: {error}.") from None
                        log.debug(f"Waiting for the name {host}")
                        time.sleep(pause)
                        pause = min(2 * pause, 2)

            """##,
        "clary_runtime/training/distribution/fleet.py": ##"""
            """How the hosts of a job talk about their common run: the first host leads, the others listen.

            Both ends prove that they know the job's secret before anything is said; the words themselves are plain, on the job's own
            network. A message is a letter, a length of four bytes (big endian) and that many bytes.
            """

            from __future__ import annotations

            import contextlib
            import hashlib
            import hmac
            import json
            import os
            import socket
            import struct
            import threading
            import time

            from ..configuration import Configuration
            from ..errors import ClientError, TrainingError
            from ..log import log

            PORT = 7778
            APPEAR_WITHIN = 60 * 60
            PROOF_WITHIN = 10
            LENGTH = 32

            PING, RUN, FINISH = b"p", b"r", b"f"


            class LeaderFailed(TrainingError):
                """The first host's failure, told again by the others: whichever the platform shows says the same."""

                def __init__(self, exit_code: int, text: str):
                    super().__init__(text)
                    self.exit_code = exit_code

                @property
                def text(self) -> str:
                    return str(self)


            class Refused(Exception):
                pass


            def secret() -> bytes:
                """What all hosts of this job have, and nobody else."""
                shared = os.environ.get("CLARY_FLEET_SECRET")
                if not shared:
                    raise ClientError(
                        "The hosts of this job cannot trust each other: the platform set no CLARY_FLEET_SECRET."
                    )
                job = os.environ.get("TRAINING_JOB_ARN") or os.environ.get("TRAINING_JOB_NAME", "")
                return hmac.new(shared.encode(), job.encode(), hashlib.sha256).digest()


            class Line:
                """One connection, after both ends have proved themselves."""

                def __init__(self, connection: socket.socket):
                    self._connection = connection
                    self._sending = threading.Lock()

                @classmethod
                def calling(cls, host: str, key: bytes) -> Line:
                    """Raises OSError if nobody listens, Refused if it is somebody else."""
                    connection = socket.create_connection((host, PORT), timeout=PROOF_WITHIN)
                    try:
                        theirs = _exactly(connection, LENGTH)
                        ours = os.urandom(LENGTH)
                        connection.sendall(ours + _proof(key, b"leader", theirs, ours))
                        if not hmac.compare_digest(_exactly(connection, LENGTH), _proof(key, b"member", ours, theirs)):
                            raise Refused(f"{host} does not know the job's secret")
                        return cls._trusted(connection)
                    except BaseException:
                        connection.close()
                        raise

                @classmethod
                def answering(cls, connection: socket.socket, key: bytes) -> Line:
                    connection.settimeout(PROOF_WITHIN)
                    ours = os.urandom(LENGTH)
                    connection.sendall(ours)
                    theirs = _exactly(connection, LENGTH)
                    if not hmac.compare_digest(_exactly(connection, LENGTH), _proof(key, b"leader", ours, theirs)):
                        raise Refused("a caller does not know the job's secret")
                    connection.sendall(_proof(key, b"member", theirs, ours))
                    return cls._trusted(connection)

                @classmethod
                def _trusted(cls, connection: socket.socket) -> Line:
                    connection.settimeout(None)
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    return cls(connection)

                def send(self, kind: bytes, body: bytes = b"") -> None:
                    with self._sending:
                        self._connection.sendall(kind + struct.pack(">I", len(body)) + body)

                def receive(self) -> tuple[bytes, bytes]:
                    """Raises ConnectionError at the end."""
                    head = _exactly(self._connection, 5)
                    return head[:1], _exactly(self._connection, struct.unpack(">I", head[1:])[0])

                def close(self) -> None:
                    self._connection.close()


            class Leader:
                def __init__(self, configuration: Configuration):
                    self._key = secret()
                    self._others = [host for host in configuration.distribution_hosts if host != configuration.host]

                def await_members(self) -> None:
                    deadline = time.monotonic() + APPEAR_WITHIN
                    for host in self._others:
                        while True:
                            try:
                                self._ask(host, PING)
                                break
                            except (OSError, Refused) as error:
                                if time.monotonic() > deadline:
                                    raise ClientError(
                                        f"The host '{host}' of this job did not become ready: {error}."
                                    ) from None
                            time.sleep(0.2)
                        log.info(f"Worker {host} is ready")

                def finish(self, exit_code: int, text: str) -> None:
                    for host in self._others:
                        # A host that is gone needs no telling.
                        with contextlib.suppress(OSError, Refused):
                            self._ask(host, FINISH, json.dumps({"exit_code": exit_code, "text": text}).encode())

                def _ask(self, host: str, kind: bytes, body: bytes = b"") -> None:
                    line = Line.calling(host, self._key)
                    try:
                        line.send(kind, body)
                        line.receive()
                    finally:
                        line.close()


            class Member:
                """Listens for the leader. `execute` is called with a line and a command that the leader wants to run here."""

                def __init__(self, execute=None):
                    self._key = secret()
                    self._execute = execute
                    self._finished = threading.Event()
                    self._result: dict = {}
                    self._socket = socket.create_server(("", PORT), backlog=64)
                    threading.Thread(target=self._accept, daemon=True).start()

                def await_leader(self) -> None:
                    """Returns when the leader has finished; raises LeaderFailed if it failed."""
                    self._finished.wait()
                    if self._result["exit_code"]:
                        raise LeaderFailed(self._result["exit_code"], self._result["text"])

                def _accept(self) -> None:
                    while True:
                        connection, _ = self._socket.accept()
                        threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

                def _serve(self, connection: socket.socket) -> None:
                    with connection:
                        try:
                            line = Line.answering(connection, self._key)
                            kind, body = line.receive()
                            if kind == RUN and self._execute is not None:
                                self._execute(line, body.decode())
                                return
                            line.send(kind)
                            if kind == FINISH:
                                self._result = json.loads(body)
                                self._finished.set()
                        except (OSError, Refused) as error:
                            log.debug(f"A connection ended: {error}")


            @contextlib.contextmanager
            def ending_with_leader(configuration: Configuration):
                """Around each host's own script: the leader's end is everybody's, however early the others are done."""
                if not configuration.is_master:
                    member = Member()
                    yield
                    member.await_leader()
                    return
                leader = Leader(configuration)
                try:
                    yield
                except TrainingError as error:
                    leader.finish(error.exit_code, error.text)
                    raise
                # A member may not be listening yet when a short script ends here.
                leader.await_members()
                leader.finish(0, "")


            def _proof(key: bytes, role: bytes, first: bytes, second: bytes) -> bytes:
                return hmac.new(key, role + first + second, hashlib.sha256).digest()


            def _exactly(connection: socket.socket, count: int) -> bytes:
                data = bytearray()
                while len(data) < count:
                    chunk = connection.recv(count - len(data))
                    if not chunk:
                        raise ConnectionError("the other end hung up")
                    data += chunk
                return bytes(data)

            """##,
        "clary_runtime/training/distribution/mpi.py": ##"""
            """OpenMPI: the first host runs mpirun, which starts its daemons on the others through `remote_shell`."""

            from __future__ import annotations

            import contextlib
            import os
            import shlex
            import shutil
            import sys
            from pathlib import Path

            from ..errors import ClientError, TrainingError
            from ..job import Job
            from ..log import log
            from . import fleet, remote_shell
            from .torchrun import has_interface

            DAEMONS = ("mpirun", "orterun", "orted", "prte", "prterun", "prted")


            def run(job: Job) -> None:
                configuration = job.configuration
                # mpirun tags every write. Its pseudo-terminals make Python write lines, where unbuffered it would write words.
                job.added["PYTHONUNBUFFERED"] = ""
                if len(configuration.distribution_hosts) == 1:
                    _lead(job, {})
                elif not configuration.is_master:
                    _follow(job)
                else:
                    leader = fleet.Leader(configuration)
                    leader.await_members()
                    try:
                        _lead(job, {"CLARY_FLEET_SECRET": os.environ["CLARY_FLEET_SECRET"]})
                    except TrainingError as error:
                        leader.finish(error.exit_code, error.text)
                        raise
                    leader.finish(0, "")


            def _follow(job: Job) -> None:
                log.info("Starting MPI run as worker node")
                environment, directory = job.environment, str(job.configuration.paths.code)
                member = fleet.Member(lambda line, command: remote_shell.execute(line, command, environment, directory))
                # The processes end by the signal and mpirun by their end, so the leader is still the one to say when.
                with job.relay.delivering(lambda number: _signal_ranks(job, number)):
                    member.await_leader()


            def _lead(job: Job, extra: dict[str, str]) -> None:
                if shutil.which("mpirun", path=job.environment["PATH"]) is None:
                    raise ClientError(
                        "distribution mpi needs OpenMPI, and the instance has no 'mpirun': install it on the machine "
                        "(Debian: apt install openmpi-bin) or use torch_distributed."
                    )
                log.info("Starting MPI run as master node")

                def reach(child):
                    return lambda number: _signal_ranks(job, number) or child.send_signal(number)

                job.execute(command(job), extra, reach)


            def command(job: Job) -> list[str]:
                configuration = job.configuration
                parameters = configuration.parameters
                hosts = configuration.distribution_hosts
                per_host = int(parameters.get("sagemaker_mpi_num_of_processes_per_host") or 0)
                per_host = per_host or max(1, int(job.added["SM_NUM_GPUS"]))
                total = int(parameters.get("sagemaker_mpi_num_processes") or per_host * len(hosts))
                debug, custom = _custom_options(str(parameters.get("sagemaker_mpi_custom_mpi_options") or ""))
                several = len(hosts) > 1
                slots = ",".join(f"{host}:{per_host}" for host in (hosts if several else ["localhost"]))
                line = ["mpirun", "--host", slots, "-np", str(total)]
                line += ["--allow-run-as-root", "--tag-output", "-bind-to", "none", "-map-by", "slot"]
                line += ["-mca", "pml", "ob1", "-mca", "btl", "^openib", "-mca", "orte_abort_on_non_zero_status", "1"]
                if several and has_interface(configuration.interface):
                    for setting in ("btl_tcp_if_include", "oob_tcp_if_include"):
                        line += ["-mca", setting, configuration.interface]
                    line += ["-x", f"NCCL_SOCKET_IFNAME={configuration.interface}"]
                if several:
                    agent = f"{sys.executable} {Path(sys.argv[0]).resolve()} rsh"
                    # OpenMPI 5 calls both differently and passes over what it does not know.
                    for prefix in ("plm_rsh", "plm_ssh"):
                        line += ["-mca", f"{prefix}_agent", agent, "-mca", f"{prefix}_no_tree_spawn", "1"]
                line += ["-x", f"NCCL_DEBUG={debug}", *custom]
                # By name: each host finds its own environment first on its PATH. mpi4py ends all processes when one raises.
                python = ["python", "-m", "mpi4py"] if "mpi4py" in job.packages else ["python"]
                return [*line, *job.entry.command(python, job.arguments)]


            def _custom_options(text: str) -> tuple[str, list[str]]:
                options = shlex.split(text)
                debug = "WARN"
                for index, option in enumerate(options):
                    if option == "--NCCL_DEBUG" and index + 1 < len(options):
                        return options[index + 1], options[:index] + options[index + 2 :]
                    if option.startswith("--NCCL_DEBUG="):
                        return option.split("=", 1)[1], options[:index] + options[index + 1 :]
                return debug, options


            def _signal_ranks(job: Job, number: int) -> bool:
                """Signals the processes that MPI started on this host, if it did. mpirun would kill them a second after a SIGTERM."""
                wanted = f"SM_CURRENT_HOST={job.configuration.host}".encode()
                reached = False
                for process in Path("/proc").glob("[0-9]*"):
                    with contextlib.suppress(OSError):
                        environment = (process / "environ").read_bytes().split(b"\0")
                        is_rank = any(entry.startswith(b"OMPI_COMM_WORLD_RANK=") for entry in environment)
                        if is_rank and wanted in environment and _parent_name(process) in DAEMONS:
                            os.kill(int(process.name), number)
                            reached = True
                return reached


            def _parent_name(process: Path) -> str:
                # The name in the file may hold spaces and brackets; the fields follow the last bracket.
                parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
                return Path("/proc", parent, "comm").read_text().strip()

            """##,
        "clary_runtime/training/distribution/mxnet_cluster.py": ##"""
            """MXNet's parameter servers: a scheduler on the first host, a server and a worker on each."""

            from __future__ import annotations

            import socket
            import subprocess

            from ..job import Job
            from .torchrun import has_interface

            PORT = "8000"


            def run(job: Job) -> None:
                configuration = job.configuration
                hosts = configuration.distribution_hosts
                count = str(len(hosts))
                shared = {
                    "DMLC_NUM_WORKER": count,
                    "DMLC_NUM_SERVER": count,
                    # MXNet does not resolve names.
                    "DMLC_PS_ROOT_URI": socket.gethostbyname(hosts[0]),
                    "DMLC_PS_ROOT_PORT": str(configuration.hyperparameters.get("_ps_port", PORT)),
                    "PS_VERBOSE": str(configuration.hyperparameters.get("_ps_verbose", "0")),
                }
                if has_interface(configuration.interface):
                    shared["DMLC_INTERFACE"] = configuration.interface
                roles = ["scheduler", "server"] if configuration.host == hosts[0] else ["server"]
                # The import alone makes a process of such a role serve until all workers have finished.
                servers = [
                    subprocess.Popen(
                        [job.python, "-c", "import mxnet"],
                        cwd=configuration.paths.code,
                        env={**job.environment, **shared, "DMLC_ROLE": role},
                    )
                    for role in roles
                ]
                job.added.update(shared, DMLC_ROLE="worker")
                try:
                    job.run()
                    for server in servers:
                        server.wait()
                finally:
                    for server in servers:
                        server.kill()
                        server.wait()

            """##,
        "clary_runtime/training/distribution/remote_shell.py": ##"""
            """What mpirun uses in place of ssh: `rsh HOST COMMAND…` on the leader, and its counterpart on the other hosts.

            Beyond the messages of `fleet`: standard input (`i`, empty at its end), output (`o`), errors (`e`) and, last, the exit
            status as text (`x`).
            """

            from __future__ import annotations

            import os
            import subprocess
            import sys
            import threading

            from .fleet import RUN, Line, Refused, secret

            INPUT, OUTPUT, ERRORS, EXIT = b"i", b"o", b"e", b"x"
            OWN_FAILURE = 255


            def main(arguments: list[str]) -> int:
                host, *command = arguments
                try:
                    line = Line.calling(host, secret())
                except (OSError, Refused) as error:
                    print(f"rsh: {host} cannot be reached: {error}", file=sys.stderr)
                    return OWN_FAILURE
                line.send(RUN, " ".join(command).encode())
                threading.Thread(target=_copy_input, args=(line,), daemon=True).start()
                try:
                    while True:
                        kind, body = line.receive()
                        if kind == EXIT:
                            return int(body)
                        _write(1 if kind == OUTPUT else 2, body)
                except OSError as error:
                    print(f"rsh: {host} hung up: {error}", file=sys.stderr)
                    return OWN_FAILURE


            def execute(line: Line, command: str, environment: dict[str, str], directory: str) -> None:
                """Runs a command for the leader, with this host's environment."""
                child = subprocess.Popen(
                    ["/bin/sh", "-c", command],
                    env=environment,
                    cwd=directory,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    start_new_session=True,
                )
                copies = [
                    threading.Thread(target=_copy_output, args=(line, kind, pipe.fileno()), daemon=True)
                    for kind, pipe in ((OUTPUT, child.stdout), (ERRORS, child.stderr))
                ]
                for thread in copies:
                    thread.start()
                threading.Thread(target=_feed, args=(line, child.stdin), daemon=True).start()
                status = child.wait()
                for thread in copies:
                    # A daemon that the command left behind may keep its output open.
                    thread.join(timeout=1)
                line.send(EXIT, str(128 - status if status < 0 else status).encode())


            def _copy_input(line: Line) -> None:
                while True:
                    chunk = os.read(0, 1 << 16)
                    line.send(INPUT, chunk)
                    if not chunk:
                        return


            def _copy_output(line: Line, kind: bytes, descriptor: int) -> None:
                while True:
                    chunk = os.read(descriptor, 1 << 16)
                    if not chunk:
                        return
                    line.send(kind, chunk)


            def _feed(line: Line, pipe) -> None:
                try:
                    while True:
                        _, body = line.receive()
                        if not body:
                            break
                        pipe.write(body)
                        pipe.flush()
                except OSError:
                    pass
                finally:
                    pipe.close()


            def _write(descriptor: int, data: bytes) -> None:
                view = memoryview(data)
                while view:
                    view = view[os.write(descriptor, view) :]

            """##,
        "clary_runtime/training/distribution/tensorflow_cluster.py": ##"""
            """TensorFlow: `TF_CONFIG` for mirrored workers or parameter servers."""

            from __future__ import annotations

            import json
            import os
            import subprocess
            from pathlib import Path
            from urllib.parse import urlsplit

            from ...s3 import endpoint, region
            from ..job import Job
            from ..log import log
            from . import fleet

            MIRRORED_PORT = 8890
            WORKER_PORT = 2222
            SERVER_PORT = 2223


            def run(job: Job) -> None:
                _prepare(job)
                configuration = job.configuration
                hosts = configuration.distribution_hosts
                if configuration.is_on("sagemaker_multi_worker_mirrored_strategy_enabled"):
                    log.info("Running distributed training job with multi_worker_mirrored_strategy setup")
                    job.added["TF_CONFIG"] = json.dumps(mirrored(hosts, configuration.host))
                    job.run()
                elif configuration.is_on("sagemaker_parameter_server_enabled") and len(hosts) > 1:
                    log.info("Running distributed training job with parameter servers")
                    _run_with_servers(job, hosts)
                else:
                    job.run()


            def mirrored(hosts: list[str], host: str) -> dict:
                return {
                    "cluster": {"worker": addresses(hosts, MIRRORED_PORT)},
                    "environment": "cloud",
                    "task": {"index": hosts.index(host), "type": "worker"},
                }


            def parameter_server(hosts: list[str], host: str, is_server: bool = False) -> dict:
                """The first host is the master, the others are workers, and each has a parameter server."""
                if is_server:
                    task = {"index": hosts.index(host), "type": "ps"}
                elif host == hosts[0]:
                    task = {"index": 0, "type": "master"}
                else:
                    task = {"index": hosts.index(host) - 1, "type": "worker"}
                return {
                    "cluster": {
                        "master": addresses(hosts[:1], WORKER_PORT),
                        "ps": addresses(hosts, SERVER_PORT),
                        "worker": addresses(hosts[1:], WORKER_PORT),
                    },
                    "environment": "cloud",
                    "task": task,
                }


            def addresses(hosts: list[str], port: int) -> list[str]:
                return [f"{host}:{port}" for host in hosts]


            def _run_with_servers(job: Job, hosts: list[str]) -> None:
                host = job.configuration.host
                job.added["TF_CONFIG"] = json.dumps(parameter_server(hosts, host))
                # A process of its own on the processor: two TensorFlows on one GPU take each other's memory.
                server = subprocess.Popen(
                    [job.python, str(Path(__file__).with_name("tensorflow_server.py"))],
                    cwd=job.configuration.paths.code,
                    env={
                        **job.environment,
                        "TF_CONFIG": json.dumps(parameter_server(hosts, host, is_server=True)),
                        "CUDA_VISIBLE_DEVICES": "-1",
                    },
                )
                try:
                    # The parameters on this host are needed until the master has finished.
                    with fleet.ending_with_leader(job.configuration):
                        job.run()
                finally:
                    server.kill()
                    server.wait()


            def _prepare(job: Job) -> None:
                """TensorFlow's own S3 client, which `model_dir` is written with, reads variables that no other client reads."""
                where = urlsplit(endpoint())
                if where.netloc.endswith(".amazonaws.com"):
                    return
                added = {
                    "S3_ENDPOINT": where.netloc,
                    "S3_USE_HTTPS": "1" if where.scheme == "https" else "0",
                    "S3_REGION": region(),
                }
                job.added.update({name: value for name, value in added.items() if name not in os.environ})

            """##,
        "clary_runtime/training/distribution/tensorflow_server.py": ##"""
            """A parameter server of TensorFlow, run as a program by the job's Python."""

            import json
            import os

            import tensorflow


            def main() -> None:
                config = json.loads(os.environ["TF_CONFIG"])
                cluster = tensorflow.train.ClusterSpec(config["cluster"])
                # TensorFlow 2 has no `tensorflow.train.Server` any more.
                server = getattr(tensorflow.distribute, "Server", None) or tensorflow.train.Server
                server(cluster, job_name="ps", task_index=config["task"]["index"]).join()


            main()

            """##,
        "clary_runtime/training/distribution/torchrun.py": ##"""
            """PyTorch: variables for scripts that join a process group themselves, and torchrun."""

            from __future__ import annotations

            import socket
            from pathlib import Path

            from ..errors import ClientError
            from ..job import Job
            from ..log import log

            PORT = "7777"


            def prepare(job: Job) -> None:
                configuration = job.configuration
                added = {
                    "MASTER_ADDR": configuration.master,
                    "MASTER_PORT": PORT,
                    "NCCL_IB_DISABLE": "1",
                    "NCCL_DEBUG": "WARN",
                }
                if has_interface(configuration.interface):
                    added["NCCL_SOCKET_IFNAME"] = configuration.interface
                    added["GLOO_SOCKET_IFNAME"] = configuration.interface
                given = job.environment
                job.added.update({name: value for name, value in added.items() if name not in given})


            def run(job: Job) -> None:
                configuration = job.configuration
                if job.entry.kind == "command":
                    raise ClientError(
                        f"torch_distributed starts Python scripts, and the entry point is '{job.entry.program}'. "
                        "Make the .py file the entry point."
                    )
                log.info("Starting distributed training through torchrun")
                hosts = configuration.distribution_hosts
                if len(hosts) > 1:
                    address, port = configuration.master, PORT
                else:
                    # Jobs that share a machine's network must not meet at one port.
                    address, port = "127.0.0.1", str(_free_port())
                processes = max(1, int(job.added["SM_NUM_GPUS"]))
                launcher = [job.python, "-m", "torch.distributed.run"]
                launcher += [
                    "--nnodes",
                    str(len(hosts)),
                    "--nproc_per_node",
                    str(processes),
                    "--node_rank",
                    str(configuration.rank),
                ]
                launcher += ["--master_addr", address, "--master_port", port]
                job.run(launcher)


            def has_interface(name: str) -> bool:
                return Path("/sys/class/net", name).exists()


            def _free_port() -> int:
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", 0))
                    return probe.getsockname()[1]

            """##,
        "clary_runtime/training/entry_point.py": ##"""
            """`sagemaker_program`: a Python script, a module or a command."""

            from __future__ import annotations

            import shlex
            from pathlib import Path

            from .configuration import Configuration
            from .errors import ClientError

            SHOWN = 20


            class EntryPoint:
                """`kind` is "script", "module" or "command"; `needs_installation` says that the code is a package with a setup."""

                def __init__(self, code: Path, program: str):
                    if "\0" in program:
                        raise ClientError(
                            f"The entry point {ascii(program)} has the character NUL, which no file's name has."
                        )
                    if program.startswith(("/", "-")) or ".." in Path(program).parts:
                        raise ClientError(
                            f"The entry point '{program}' lies outside of the source directory: name a file in it, by its path there."
                        )
                    self.program = program
                    file = code / program
                    has_setup = (code / "setup.py").is_file()
                    self.needs_installation = False
                    if program.endswith(".sh"):
                        self.kind = "command"
                    elif program.endswith(".py"):
                        self.kind = "script"
                        # The toolkit installs whatever has a `setup.py`, so its dependencies are expected to be there.
                        self.needs_installation = has_setup
                    elif file.is_file():
                        self.kind = "command"
                    elif has_setup or (code / "pyproject.toml").is_file() or _module(code, program):
                        self.kind = "module"
                        self.needs_installation = has_setup or (code / "pyproject.toml").is_file()
                        return
                    else:
                        raise _missing(code, program)
                    if not file.is_file():
                        raise _missing(code, program)
                    if self.kind == "command":
                        file.chmod(0o755)

                @classmethod
                def of(cls, configuration: Configuration) -> EntryPoint:
                    program = configuration.program
                    if not program.strip():
                        raise ClientError(
                            "No entry point is given: the hyperparameter 'sagemaker_program' (or the variable SAGEMAKER_PROGRAM) "
                            "must name the script to run."
                        )
                    return cls(configuration.paths.code, program)

                def command(self, python: list[str], arguments: list[str]) -> list[str]:
                    """`python` is the interpreter with its options, or a launcher that is called like one."""
                    if self.kind == "script":
                        return [*python, self.program, *arguments]
                    if self.kind == "module":
                        return [*python, "-m", self.program, *arguments]
                    line = " ".join(shlex.quote(part) for part in (f"./{self.program}", *arguments))
                    return ["/bin/bash", "-c", line]


            def _module(code: Path, name: str) -> bool:
                path = code.joinpath(*name.split("."))
                return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


            def _missing(code: Path, program: str) -> ClientError:
                entries = sorted(
                    f"{entry.name}/" if entry.is_dir() else entry.name
                    for entry in code.iterdir()
                    if entry.name != "__pycache__"
                )
                shown = ", ".join(entries[:SHOWN]) or "nothing"
                more = f" and {len(entries) - SHOWN} more" if len(entries) > SHOWN else ""
                return ClientError(
                    f"The entry point '{program}' is not in the submitted code, which holds: {shown}{more}. "
                    "Check entry_point and source_dir."
                )

            """##,
        "clary_runtime/training/errors.py": ##"""
            """Failures whose text goes to `/opt/ml/output/failure`: the platform shows its first 1024 characters."""

            from __future__ import annotations


            class TrainingError(Exception):
                """`text` is what the user reads, `exit_code` the instance's."""

                exit_code = 1

                @property
                def text(self) -> str:
                    return f"{type(self).__name__}: {self}"


            class ClientError(TrainingError):
                """Something that only the job's owner can change."""


            class CommandError(TrainingError):
                """A command that failed, in the toolkit's form."""

                def __init__(self, exit_code: int, message: str, command: str):
                    super().__init__(message)
                    self.exit_code = exit_code
                    self.message = message
                    self.command = command

                @property
                def text(self) -> str:
                    return (
                        f'{type(self).__name__}:\nExitCode {self.exit_code}\nErrorMessage "{self.message}"\n'
                        f'Command "{self.command}"'
                    )


            class ExecuteUserScriptError(CommandError):
                pass


            class InstallRequirementsError(CommandError):
                pass


            class InstallModuleError(CommandError):
                pass

            """##,
        "clary_runtime/training/failure.py": ##"""
            """What a script's standard error says about its end, in few characters."""

            from __future__ import annotations

            import re
            import signal

            MOST = 760
            NEAR = 150
            TRACEBACK = "Traceback (most recent call last):"
            FRAME = re.compile(r'\s+File "([^"]+)", line \d+')
            # mpirun's, within lines too, and PyTorch's.
            TAG = re.compile(r"\[\d+,\d+\]<std(?:err|out)>:|^\[rank\d+\]: ?", re.MULTILINE)
            # What launchers write after a script's own words.
            RULE = re.compile(r"\s*$|[-=]{8}|[WEIF]\d{4} |\[[\w.-]+:\d+\] ")


            def message(errors: str, exit_code: int, code: str) -> str:
                """The traceback that ended the script if there is one, else the last lines; at most some 760 characters.

                The platform shows 1024 characters with everything around it, so a long traceback loses its middle, never the
                exception and the last line of the user's own code, which lies in the folder `code`.
                """
                text = _without_progress(TAG.sub("", errors))
                # What was logged long before the end did not cause it; launchers add some forty lines of their own.
                tracebacks = _tracebacks("\n".join(text.split("\n")[-NEAR:]))
                own = [block for block in tracebacks if any(_is_own(line, code) for line in block)]
                if tracebacks and exit_code < 128:
                    return _shortened((own or tracebacks)[-1], code)
                end = _end(text)
                if exit_code <= 128:
                    return end
                return "\n".join(part for part in (_signal(exit_code - 128), end) if part)


            def _without_progress(text: str) -> str:
                """Progress bars overwrite their line; what remains of one is its last state."""
                lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
                return "\n".join(lines)


            def _tracebacks(text: str) -> list[list[str]]:
                blocks: list[list[str]] = []
                lines = text.split("\n")
                for index, line in enumerate(lines):
                    if line.strip() != TRACEBACK:
                        continue
                    indent = line[: len(line) - len(line.lstrip())]
                    block = [TRACEBACK]
                    for following in lines[index + 1 :]:
                        body = following[len(indent) :]
                        if following.strip() == TRACEBACK:
                            break
                        block.append(body)
                        if body and not body.startswith(" "):
                            break
                    # The exception's own text may have several lines; a blank one ends it.
                    for following in lines[index + len(block) :]:
                        if RULE.match(following) or following.strip() == TRACEBACK or len(block) > 200:
                            break
                        block.append(following[len(indent) :])
                    blocks.append(block)
                return blocks


            def _is_own(line: str, code: str) -> bool:
                found = FRAME.match(line)
                return bool(found) and (found.group(1).startswith(code) or not found.group(1).startswith(("/", "<")))


            def _shortened(block: list[str], code: str) -> str:
                whole = "\n".join(block).rstrip()
                if len(whole) <= MOST:
                    return whole
                first = next((index for index, line in enumerate(block[1:], 1) if not line.startswith(" ")), len(block))
                frames: list[list[str]] = []
                for line in block[1:first]:
                    if FRAME.match(line) or not frames:
                        frames.append([])
                    frames[-1].append(line)
                exception = _clipped("\n".join(block[first:]).rstrip(), MOST // 2)
                own = [index for index, frame in enumerate(frames) if _is_own(frame[0], code)]
                left = MOST - len(TRACEBACK) - len(exception)
                chosen: set[int] = set()
                # The user's last frame first, then the one that raised, then outwards from the user's.
                for index in [*own[-1:], len(frames) - 1, *reversed(own)]:
                    size = sum(len(line) + 1 for line in frames[index]) + 8 if 0 <= index < len(frames) else 0
                    if size and index not in chosen and size <= left:
                        chosen.add(index)
                        left -= size
                lines = [TRACEBACK]
                for index, frame in enumerate(frames):
                    if index in chosen:
                        lines += frame
                    elif lines[-1] != "  …":
                        lines.append("  …")
                return "\n".join([*lines, exception])


            def _clipped(text: str, most: int) -> str:
                return text if len(text) <= most else f"{text[: most - 1]}…"


            def _end(text: str) -> str:
                lines = [line for line in text.split("\n") if line.strip()]
                end = "\n".join(lines[-20:])
                return end if len(end) <= MOST else f"…{end[1 - MOST :]}"


            def _signal(number: int) -> str:
                try:
                    name = signal.Signals(number).name
                except ValueError:
                    return ""
                reason = " Running out of memory is the usual cause." if number == signal.SIGKILL else ""
                return f"The script was ended by signal {number} ({name}).{reason}"

            """##,
        "clary_runtime/training/installer.py": ##"""
            """uv, or pip where there is none, and what their failures mean."""

            from __future__ import annotations

            import importlib.util
            import os
            import re
            import shutil
            import sys
            from pathlib import Path

            from ..overlay import Overlay
            from .errors import ClientError, CommandError
            from .log import log
            from .process import Relay

            # pip's settings of indexes, which users know from elsewhere, and uv's names for them.
            PIP_TO_UV = {
                "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
                "PIP_EXTRA_INDEX_URL": "UV_INDEX",
                "PIP_FIND_LINKS": "UV_FIND_LINKS",
                "PIP_TRUSTED_HOST": "UV_INSECURE_HOST",
                "PIP_CONSTRAINT": "UV_CONSTRAINT",
                "PIP_CERT": "SSL_CERT_FILE",
            }
            SELECTING = (
                *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "PIP_NO_INDEX"),
                *(
                    "UV_PRERELEASE",
                    "UV_RESOLUTION",
                    "UV_EXCLUDE_NEWER",
                    "UV_INDEX_STRATEGY",
                    "UV_CONSTRAINT",
                    "UV_OVERRIDE",
                ),
            )
            UNREACHABLE = re.compile(
                r"error sending request|dns error|failed to lookup|name resolution|getaddrinfo|connection refused|tcp connect"
                r"|network is unreachable|timed out|NewConnectionError|network was disabled|Could not connect",
                re.IGNORECASE,
            )
            MOST = 800


            class Installer:
                def __init__(self, code: Path, relay: Relay):
                    self._code = code
                    self._relay = relay
                    uv = os.environ.get("CLARY_UV", "")
                    self._uv = uv if Path(uv).is_file() and os.access(uv, os.X_OK) else shutil.which("uv")

                def options_of_code(self) -> list[str]:
                    """Options to install the code itself: a bare `setup.py` is built with what the environment has, as pip did."""
                    needs_isolation = (self._code / "pyproject.toml").is_file() or importlib.util.find_spec(
                        "setuptools"
                    ) is None
                    return [] if needs_isolation or not self._uv else ["--no-build-isolation"]

                def install(self, overlay: Overlay, place: Path, wanted: list[str], error: type[CommandError]) -> None:
                    """Makes the overlay, which will be moved to `place`, with the wanted packages in it."""
                    overlay.create()
                    environment = {**os.environ, "NO_COLOR": "1", "VIRTUAL_ENV": str(overlay.root)}
                    if self._uv:
                        overlay.show_lower()
                        environment = uv_environment(environment)
                        command = [self._uv, "pip", "install", "--no-progress", "--python", str(overlay.python), *wanted]
                        # uv has no variable for it.
                        if os.environ.get("PIP_NO_INDEX", "").lower() in ("1", "true", "yes", "on"):
                            command.append("--no-index")
                    elif importlib.util.find_spec("pip") is not None:
                        command = [str(overlay.python), "-m", "pip", "install", "--disable-pip-version-check", *wanted]
                    else:
                        raise ClientError(
                            "Packages cannot be installed: the instance has neither uv (CLARY_UV is not set to one) nor pip. "
                            "Use an environment that has the packages."
                        )
                    line = " ".join(command)
                    log.info(f"Installing requirements with the following command:\n{line}")
                    outcome = self._relay.run(command, environment, self._code)
                    if self._relay.received is not None:
                        sys.exit(128 + self._relay.received)
                    if outcome.exit_code:
                        raise error(outcome.exit_code, _explained(outcome.errors), line)
                    overlay.finish(place)


            def index_settings(environment) -> list[str]:
                """Settings that choose versions, without the passwords of addresses: those change, the packages do not."""
                known = uv_environment(environment)
                return [re.sub(r"//[^/@\s]*@", "//", f"{name}={known[name]}") for name in SELECTING if name in known]


            def uv_environment(environment) -> dict[str, str]:
                result = dict(environment)
                for pip, uv in PIP_TO_UV.items():
                    if environment.get(pip):
                        result.setdefault(uv, environment[pip])
                # Like pip: a version may come from any of the indexes.
                result.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
                result.setdefault("UV_PYTHON_DOWNLOADS", "never")
                cache = environment.get("CLARY_PACKAGE_CACHE")
                if cache:
                    result.setdefault("UV_CACHE_DIR", str(Path(cache, "uv")))
                return result


            def _explained(errors: str) -> str:
                lines = [line.rstrip() for line in errors.splitlines() if line.strip()]
                start = next((index for index, line in enumerate(lines) if re.match(r"\s*(×|error|ERROR)", line)), 0)
                text = "\n".join(lines[start:] or ["The installer said nothing."])
                hint = _hint(text)
                room = MOST - len(hint)
                if len(text) > room:
                    # The first line names the package, the last ones the reason.
                    first = lines[start][: room // 3]
                    text = f"{first}\n…{text[len(first) + 2 - room :]}"
                return text + hint


            def _hint(text: str) -> str:
                lack = _lack_of_network()
                if lack:
                    return (
                        f"\n{lack}, so no package index can be reached: put wheels into source_dir and name them in "
                        "requirements.txt, or take an environment that has the packages."
                    )
                if UNREACHABLE.search(text):
                    index = (
                        os.environ.get("UV_DEFAULT_INDEX")
                        or os.environ.get("UV_INDEX_URL")
                        or os.environ.get("PIP_INDEX_URL")
                    )
                    asked = f" {re.sub(r'//[^/@]*@', '//', index)}" if index else ", pypi.org,"
                    return (
                        f"\nThe package index{asked} cannot be reached from the instance. UV_DEFAULT_INDEX (or PIP_INDEX_URL) in "
                        "the job's Environment names another."
                    )
                return ""


            def _lack_of_network() -> str:
                if os.environ.get("CLARY_NETWORK") == "isolated":
                    return "The job has no network, because it was created with EnableNetworkIsolation"
                try:
                    routes = [line.split() for line in Path("/proc/net/route").read_text().splitlines()[1:]]
                except OSError:
                    return ""
                # An instance without a way out may still reach the other hosts of its job.
                leaves = any(route[1:2] == ["00000000"] for route in routes)
                return "" if leaves else "The instance has no route to the network"

            """##,
        "clary_runtime/training/intermediate.py": ##"""
            """Files under `/opt/ml/output/intermediate` go to S3 while the script still runs, if `sagemaker_s3_output` says where to."""

            from __future__ import annotations

            import contextlib
            import threading
            from pathlib import Path

            from .configuration import Configuration
            from .errors import ClientError
            from .log import log

            INTERVAL = 2.0


            @contextlib.contextmanager
            def synchronization(configuration: Configuration):
                """Synchronises while the block runs, and once more at its end, however it ends."""
                target = configuration.intermediate_output
                if not target or str(target).startswith("file:"):
                    yield
                    return
                if not str(target).startswith("s3://"):
                    raise ClientError(f"sagemaker_s3_output is '{target}'; it must be an s3:// address.")
                folder = configuration.paths.intermediate
                folder.mkdir(parents=True, exist_ok=True)
                uploads = _Uploads(folder, str(target), configuration.job_name)
                ended = threading.Event()
                thread = threading.Thread(target=_repeat, args=(uploads, ended), daemon=True)
                thread.start()
                try:
                    yield
                finally:
                    ended.set()
                    thread.join()
                    uploads.pass_over(is_last=True)


            def _repeat(uploads: _Uploads, ended: threading.Event) -> None:
                while not ended.wait(INTERVAL):
                    uploads.pass_over()


            class _Uploads:
                def __init__(self, folder: Path, target: str, job_name: str):
                    from ..s3 import split

                    self._folder = folder
                    self._bucket, prefix = split(target)
                    parts = (prefix.strip("/"), job_name, "output/intermediate")
                    self._prefix = "/".join(part for part in parts if part)
                    self._seen: dict[Path, tuple] = {}
                    self._sent: dict[Path, tuple] = {}
                    self._client = None

                def pass_over(self, is_last: bool = False) -> None:
                    """Uploads what has changed since it was sent and rests since the pass before; the last pass takes all."""
                    for path in sorted(self._folder.rglob("*")):
                        with contextlib.suppress(FileNotFoundError):
                            if not path.is_file():
                                continue
                            status = path.stat()
                            state = (status.st_mtime_ns, status.st_size)
                            is_at_rest = self._seen.get(path) == state
                            self._seen[path] = state
                            if self._sent.get(path) != state and (is_at_rest or is_last):
                                self._send(path, state)

                def _send(self, path: Path, state: tuple) -> None:
                    key = f"{self._prefix}/{path.relative_to(self._folder)}"
                    try:
                        if self._client is None:
                            import boto3

                            from ..s3 import endpoint, region

                            self._client = boto3.client("s3", region_name=region(), endpoint_url=endpoint())
                        self._client.upload_file(str(path), self._bucket, key)
                    except FileNotFoundError:
                        raise
                    except Exception as error:
                        # A loss of intermediate files is no reason to lose the training; the next pass tries again.
                        log.warning(f"s3://{self._bucket}/{key} could not be uploaded: {error}")
                        return
                    self._sent[path] = state

            """##,
        "clary_runtime/training/job.py": ##"""
            """One run of the user's script on this host."""

            from __future__ import annotations

            import errno
            import json
            import os

            from .arguments import arguments
            from .configuration import Configuration
            from .entry_point import EntryPoint
            from .errors import ClientError, ExecuteUserScriptError
            from .failure import message
            from .log import log
            from .process import Relay
            from .requirements import Packages
            from .toolkits import search_path
            from .variables import variables

            # What the platform tells the runtime, and no script needs.
            PRIVATE = ("CLARY_FLEET_SECRET", "CLARY_UV", "CLARY_PACKAGE_CACHE", "CLARY_NETWORK")


            class Job:
                """`added` are the variables that the script gets beyond those of the instance."""

                def __init__(self, configuration: Configuration, entry: EntryPoint, packages: Packages, relay: Relay):
                    self.configuration = configuration
                    self.entry = entry
                    self.packages = packages
                    self.relay = relay
                    self.arguments = arguments(configuration.hyperparameters)
                    code = str(configuration.paths.code)
                    self.added = {
                        **variables(configuration),
                        "CURRENT_HOST": configuration.host,
                        "SAGEMAKER_JOB_NAME": str(configuration.job_name),
                        "SAGEMAKER_REGION": str(configuration.region),
                        "PYTHONPATH": os.pathsep.join(
                            part for part in (code, os.environ.get("PYTHONPATH"), *search_path(packages)) if part
                        ),
                        "PYTHONUNBUFFERED": "1",
                        "PATH": os.pathsep.join((str(packages.scripts), os.environ.get("PATH", os.defpath))),
                    }

                @property
                def python(self) -> str:
                    return str(self.packages.python)

                @property
                def environment(self) -> dict[str, str]:
                    inherited = {name: value for name, value in os.environ.items() if name not in PRIVATE}
                    return {**inherited, **self.added}

                def run(self, python: list[str] | None = None) -> None:
                    """Runs the script with `python`, a list of the interpreter or launcher and its options.

                    Raises ExecuteUserScriptError.
                    """
                    self.execute(self.entry.command(python or [self.python], self.arguments))

                def execute(self, command: list[str], extra: dict[str, str] | None = None, reach=None) -> None:
                    """Runs a command as the user's; `extra` variables are not shown, `reach` says where signals go (see Relay.run).

                    Raises ExecuteUserScriptError.
                    """
                    self._announce(command)
                    environment = {**self.environment, **(extra or {})}
                    try:
                        outcome = self.relay.run(
                            command,
                            environment,
                            self.configuration.paths.code,
                            # A shell ends at a signal without telling the Python that it runs.
                            whole_group=self.entry.kind == "command" and reach is None,
                            reach=reach,
                        )
                    except OSError as error:
                        raise ClientError(_refusal(error, command, environment)) from None
                    if outcome.exit_code:
                        text = message(outcome.errors, outcome.exit_code, str(self.configuration.paths.code))
                        raise ExecuteUserScriptError(outcome.exit_code, text, " ".join(command))

                def _announce(self, command: list[str]) -> None:
                    training_env = json.dumps(json.loads(self.added["SM_TRAINING_ENV"]), indent=4)
                    listed = "\n".join(f"{name}={value}" for name, value in self.added.items() if name != "PATH")
                    log.info(
                        f"Invoking user script\n\nTraining Env:\n\n{training_env}\n\nEnvironment variables:\n\n{listed}\n\n"
                        f"Invoking script with the following command:\n\n{' '.join(command)}\n\n"
                    )


            def _refusal(error: OSError, command: list[str], environment: dict[str, str]) -> str:
                """Why the system did not start the script."""
                if error.errno != errno.E2BIG:
                    return (
                        f"The script could not be started: {error.strerror or error} ('{error.filename or command[0]}')."
                    )
                name, value = max(environment.items(), key=lambda item: len(item[1]))
                return (
                    "The script could not be started: its arguments and variables are longer than this system allows, which is 128 "
                    f"KiB for each of them; the longest variable is {name} with {len(os.fsencode(value)) >> 10} KiB. Put long "
                    "hyperparameters into a file of a channel."
                )

            """##,
        "clary_runtime/training/log.py": ##"""
            """Lines of the runtime itself, in the form of the training toolkit's.

            `logging` is left to the user's script: its import alone costs ten milliseconds of every job's start.
            """

            from __future__ import annotations

            import sys
            import time

            NAMES = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR"}


            class Log:
                threshold = 20

                def write(self, level: int, message: str) -> None:
                    if level < self.threshold:
                        return
                    now = time.time()
                    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now))
                    line = f"{stamp},{int(now % 1 * 1000):03d} sagemaker-training-toolkit {NAMES[level]:<8} {message}\n"
                    # Whatever the locale is. Flushed, because the script writes to the same descriptor without this buffer.
                    sys.stdout.buffer.write(line.encode(errors="replace"))
                    sys.stdout.flush()

                def debug(self, message: str) -> None:
                    self.write(10, message)

                def info(self, message: str) -> None:
                    self.write(20, message)

                def warning(self, message: str) -> None:
                    self.write(30, message)

                def error(self, message: str) -> None:
                    self.write(40, message)


            log = Log()

            """##,
        "clary_runtime/training/paths.py": ##"""
            """The `/opt/ml` tree."""

            from __future__ import annotations

            import os
            from pathlib import Path


            class Paths:
                def __init__(self, root: Path):
                    self.root = root
                    self.code = root / "code"
                    self.model = root / "model"
                    self.input = root / "input"
                    self.config = self.input / "config"
                    self.data = self.input / "data"
                    self.output = root / "output"
                    self.output_data = self.output / "data"
                    self.intermediate = self.output / "intermediate"
                    self.failure = self.output / "failure"

                @classmethod
                def of_instance(cls) -> Paths:
                    return cls(Path(os.environ.get("CLARY_ML_ROOT", "/opt/ml")))

            """##,
        "clary_runtime/training/process.py": ##"""
            """Child processes: their output passes through, signals reach them, the end of their errors is kept."""

            from __future__ import annotations

            import contextlib
            import os
            import select
            import signal
            import subprocess
            import threading
            import time
            from pathlib import Path

            KEPT = 64 * 1024


            class Stopped(BaseException):
                """The instance was told to stop while nothing ran that could be told."""

                def __init__(self, number: int):
                    super().__init__(number)
                    self.exit_code = 128 + number


            class Outcome:
                def __init__(self, exit_code: int, errors: str):
                    self.exit_code = exit_code
                    self.errors = errors


            class Relay:
                """Hands SIGTERM and SIGINT on to what runs."""

                def __init__(self):
                    self.received: int | None = None
                    self._deliver = None
                    self._is_starting = False

                def install(self) -> None:
                    # As the first process of its namespace the runtime would not even end by a signal that it does not handle.
                    for number in (signal.SIGTERM, signal.SIGINT):
                        signal.signal(number, self._handle)

                @contextlib.contextmanager
                def delivering(self, deliver):
                    """Within the block a signal is `deliver`'s business and ends nothing by itself."""
                    self._deliver = deliver
                    try:
                        yield
                    finally:
                        self._deliver = None

                def run(
                    self,
                    command: list[str],
                    environment: dict[str, str],
                    directory: Path,
                    whole_group: bool = False,
                    reach=None,
                ) -> Outcome:
                    """Runs a command to its end.

                    Signals go to its process, with `whole_group` to all that it started, or to what `reach` makes of the process.
                    """
                    self._is_starting = True
                    child = subprocess.Popen(
                        command, env=environment, cwd=directory, stderr=subprocess.PIPE, start_new_session=whole_group
                    )
                    deliver = (reach or (_to_group if whole_group else _to_process))(child)
                    with self.delivering(deliver):
                        self._is_starting = False
                        if self.received is not None:
                            deliver(self.received)
                        tail = Tail(child.stderr.fileno())
                        status = child.wait()
                        if whole_group and self.received is not None:
                            _await_group(child.pid)
                    tail.finish()
                    return Outcome(128 - status if status < 0 else status, tail.text)

                def _handle(self, number: int, frame) -> None:
                    self.received = number
                    if self._deliver is not None:
                        self._deliver(number)
                    elif not self._is_starting:
                        raise Stopped(number)


            class Tail:
                """Copies a descriptor to standard error and remembers the last bytes."""

                def __init__(self, descriptor: int):
                    self._descriptor = descriptor
                    self._kept = bytearray()
                    self._thread = threading.Thread(target=self._copy, daemon=True)
                    self._thread.start()

                def finish(self) -> None:
                    # A process that the script left behind may hold the pipe open for ever: only what it holds by now is awaited.
                    deadline = time.monotonic() + 2
                    while time.monotonic() < deadline and select.select([self._descriptor], [], [], 0)[0]:
                        self._thread.join(timeout=0.02)
                        if not self._thread.is_alive():
                            return
                    self._thread.join(timeout=0.2)

                @property
                def text(self) -> str:
                    return bytes(self._kept[-KEPT:]).decode(errors="replace")

                def _copy(self) -> None:
                    while True:
                        chunk = os.read(self._descriptor, 1 << 16)
                        if not chunk:
                            return
                        self._kept += chunk
                        if len(self._kept) > 4 * KEPT:
                            del self._kept[:-KEPT]
                        # Whoever reads the log may be gone; the script must not block for that.
                        with contextlib.suppress(OSError):
                            view = memoryview(chunk)
                            while view:
                                view = view[os.write(2, view) :]


            def _to_process(child: subprocess.Popen):
                return child.send_signal


            def _to_group(child: subprocess.Popen):
                def deliver(number: int) -> None:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(child.pid, number)

                return deliver


            def _await_group(group: int) -> None:
                """Waits for what a shell left running: it ends at the signal, its Python may still be saving a checkpoint."""
                while True:
                    with contextlib.suppress(ChildProcessError):
                        # Orphans are ours to collect where the runtime is the first process.
                        while os.waitpid(-group, os.WNOHANG)[0]:
                            pass
                    try:
                        os.killpg(group, 0)
                    except ProcessLookupError:
                        return
                    time.sleep(0.05)

            """##,
        "clary_runtime/training/requirements.py": ##"""
            """What the code needs beyond its environment: installed once, then shared by all jobs that ask for the same."""

            from __future__ import annotations

            import contextlib
            import fcntl
            import os
            import shutil
            import sys
            import tempfile
            from pathlib import Path

            from ..overlay import Overlay
            from ..requirements_file import RequirementsFile
            from .configuration import Configuration
            from .entry_point import EntryPoint
            from .errors import ClientError, InstallModuleError, InstallRequirementsError
            from .installer import Installer, index_settings
            from .log import log
            from .process import Relay

            MARKER = "complete"
            CONDA = ("environment.yml", "environment.yaml", "conda.yml", "conda.yaml")


            class Packages:
                """The interpreter that runs the script. `hold` keeps the cached entry from being collected meanwhile."""

                def __init__(self, python: Path, hold=None):
                    self.python = python
                    self.scripts = python.parent
                    self._hold = hold

                def __contains__(self, module: str) -> bool:
                    import importlib.util

                    overlay = self.scripts.parent.glob(f"lib/python*/site-packages/{module}")
                    return any(overlay) or importlib.util.find_spec(module) is not None


            def provide(configuration: Configuration, entry: EntryPoint, relay: Relay) -> Packages:
                """Raises InstallRequirementsError or InstallModuleError with the installer's last words."""
                code = configuration.paths.code
                named = configuration.parameters.get("sagemaker_requirements")
                path = code / str(named or "requirements.txt")
                if named and not path.is_file():
                    raise ClientError(f"sagemaker_requirements names '{named}', which is not in the submitted code.")
                _tell_of_conda(code)
                requirements = RequirementsFile(path) if path.is_file() else None
                if requirements is not None and requirements.is_empty:
                    requirements = None
                return install(code, requirements, relay, with_code=entry.needs_installation)


            def _tell_of_conda(code: Path) -> None:
                """As in SageMaker's images, which ignore such files in silence."""
                for name in CONDA:
                    if (code / name).is_file():
                        log.warning(
                            f"{name} is not used: packages come from requirements.txt alone, in pip's form, in the environment of "
                            "the image. List there what the script needs (`pip list --format freeze` in the conda environment)."
                        )


            def install(
                code: Path, requirements: RequirementsFile | None, relay: Relay, with_code: bool = False
            ) -> Packages:
                """What a requirements file asks for and, `with_code`, the code itself as a package.

                Raises InstallRequirementsError or InstallModuleError with the installer's last words.
                """
                if requirements is None and not with_code:
                    return Packages(Path(sys.executable))

                installer = Installer(code, relay)
                wanted = ["-r", str(requirements.path)] if requirements else []
                if with_code or requirements.is_local:
                    overlay = Overlay(Path(tempfile.mkdtemp(prefix="clary-packages-"), "environment"))
                    if with_code:
                        wanted = [*installer.options_of_code(), ".", *wanted]
                    error = InstallModuleError if with_code else InstallRequirementsError
                    installer.install(overlay, overlay.root, wanted, error)
                    return Packages(overlay.python)
                # An overlay names the lower environment and its Python by their paths.
                lower = (sys.prefix, str(Path(sys.executable).resolve()), sys.version)
                key = requirements.key(os.environ.get("CLARY_ENVIRONMENT", ""), *lower, *index_settings(os.environ))
                return _cached(_cache() / key, installer, wanted)


            def _cache() -> Path:
                folder = Path(os.environ.get("CLARY_PACKAGE_CACHE") or Path(tempfile.gettempdir(), "clary-package-cache"))
                overlays = folder / "overlays"
                overlays.mkdir(parents=True, exist_ok=True)
                return overlays


            def _cached(entry: Path, installer: Installer, wanted: list[str]) -> Packages:
                found = _use(entry)
                if found is not None:
                    return found
                # The lock only spares the others the work; that nobody sees half an entry is the rename's doing.
                with entry.with_suffix(".lock").open("w") as lock:
                    try:
                        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except OSError:
                        log.info("Another job is installing the same requirements: waiting for it")
                        fcntl.flock(lock, fcntl.LOCK_EX)
                    found = _use(entry)
                    if found is not None:
                        return found
                    temporary = Path(tempfile.mkdtemp(prefix=f"{entry.name}.", suffix=".partial", dir=entry.parent))
                    try:
                        overlay = Overlay(temporary / "environment")
                        installer.install(overlay, entry, wanted, InstallRequirementsError)
                        (overlay.root / MARKER).write_text("")
                        _publish(overlay.root, entry)
                    finally:
                        shutil.rmtree(temporary, ignore_errors=True)
                found = _use(entry)
                if found is None:
                    raise ClientError(
                        f"The installed requirements vanished from {entry.parent}: is the disk being cleaned?"
                    )
                return found


            def _publish(finished: Path, entry: Path) -> None:
                if entry.exists() and not (entry / MARKER).exists():
                    # Damaged from outside. Renamed first, so that nobody finds it while it is being removed.
                    damaged = finished.parent / "damaged"
                    with contextlib.suppress(OSError):
                        entry.rename(damaged)
                try:
                    finished.rename(entry)
                except OSError:
                    if not (entry / MARKER).exists():
                        raise


            def _use(entry: Path) -> Packages | None:
                """The entry if it is complete. Its time says when it was last used, a shared lock on the marker that it is in use.

                The server locks the marker of what it moves away, for that moment: then the marker is no longer there.
                """
                marker = entry / MARKER
                try:
                    hold = marker.open()
                    # Where nothing can be locked, the server moves nothing away.
                    with contextlib.suppress(OSError):
                        fcntl.flock(hold, fcntl.LOCK_SH)
                    if not os.path.samestat(os.fstat(hold.fileno()), marker.stat()):
                        return None
                except OSError:
                    return None
                with contextlib.suppress(OSError):
                    os.utime(entry)
                log.debug(f"Requirements come from {entry}")
                return Packages(Overlay(entry).python, hold)

            """##,
        "clary_runtime/training/source.py": ##"""
            """The user's code: from `sagemaker_submit_directory` to `/opt/ml/code`."""

            from __future__ import annotations

            import shutil
            import tempfile
            from pathlib import Path

            from ..archive import BadArchive, unpack
            from .configuration import Configuration
            from .errors import ClientError


            def place(configuration: Configuration) -> None:
                """Raises ClientError if the code is not there, may not be read or is no archive."""
                code = configuration.paths.code
                code.mkdir(parents=True, exist_ok=True)
                submitted = str(configuration.submit_directory)
                if submitted.startswith("s3://"):
                    with tempfile.TemporaryDirectory(prefix="clary-source-") as folder:
                        archive = Path(folder, "sourcedir.tar.gz")
                        _download(submitted, archive)
                        _unpack(archive, submitted, code)
                    return
                if "\0" in submitted or ("://" in submitted and not submitted.startswith("file://")):
                    raise ClientError(
                        f"sagemaker_submit_directory is {_quoted(submitted)}, which cannot be fetched: it must be an archive at s3://…, "
                        "or a path in the instance. The SDK uploads source_dir itself if that is a folder of the client's."
                    )
                local = Path(submitted[len("file://") :] if submitted.startswith("file://") else submitted)
                if local.is_dir():
                    if local.resolve() != code.resolve():
                        shutil.copytree(local, code, symlinks=True, dirs_exist_ok=True)
                elif local.is_file():
                    _unpack(local, submitted, code)
                else:
                    raise ClientError(
                        f"sagemaker_submit_directory is '{submitted}', which does not exist in the instance."
                        f"{_inventory(local.parent)} With network isolation the code arrives through the channel 'code'."
                    )


            def _download(uri: str, destination: Path) -> None:
                from .. import s3

                try:
                    s3.download(uri, destination)
                except s3.S3Error as error:
                    raise ClientError(f"The code could not be fetched: {error}") from None


            def _unpack(archive: Path, name: str, destination: Path) -> None:
                try:
                    unpack(archive, destination)
                except BadArchive as error:
                    raise ClientError(f"The code's archive {name} is not usable: {error}.") from None


            def _quoted(text: str) -> str:
                return ascii(text) if "\0" in text else f"'{text}'"


            def _inventory(folder: Path) -> str:
                if not folder.is_dir():
                    return ""
                names = sorted(entry.name for entry in folder.iterdir())
                return f" '{folder}' holds: {', '.join(names[:20]) or 'nothing'}."

            """##,
        "clary_runtime/training/toolkits.py": ##"""
            """Where scripts find modules of the published toolkits, which images have and environments have not.

            Scripts that train and serve import the toolkits' decoders at their top, so training needs the names as well.
            """

            from __future__ import annotations

            from pathlib import Path

            from .requirements import Packages

            # Each holds one package that hands on to `clary_runtime.serving.toolkit_names`.
            _FOLDER = Path(__file__).resolve().parents[2] / "toolkits"


            def search_path(packages: Packages) -> list[str]:
                """Folders for the end of PYTHONPATH: those whose package is not installed."""
                return [str(folder) for folder in sorted(_FOLDER.iterdir()) if folder.name not in packages]

            """##,
        "clary_runtime/training/variables.py": ##"""
            """The `SM_*` variables, which scripts read instead of the files."""

            from __future__ import annotations

            import json
            import os
            import subprocess
            from pathlib import Path

            from .arguments import arguments
            from .configuration import Configuration


            def variables(configuration: Configuration) -> dict[str, str]:
                values = _values(configuration)
                values["training_env"] = _training_env(configuration, values)
                values["hps"] = configuration.hyperparameters
                values["user_args"] = arguments(configuration.hyperparameters)
                spelled = {f"SM_{name.upper()}": encode(value) for name, value in values.items()}
                for kind, members in (
                    ("CHANNEL", _channel_directories(configuration)),
                    ("HP", configuration.hyperparameters),
                ):
                    for name, value in members.items():
                        spelled[f"SM_{kind}_{name.upper()}"] = encode(value)
                        # A shell cannot spell the name with a hyphen.
                        spelled[f"SM_{kind}_{name.upper().replace('-', '_')}"] = encode(value)
                return spelled


            def encode(value) -> str:
                """Text as it is, nothing as the empty text, all else as JSON."""
                if value is None:
                    return ""
                if isinstance(value, str):
                    return value
                return json.dumps(value, sort_keys=True, separators=(",", ":"))


            def _values(configuration: Configuration) -> dict:
                paths = configuration.paths
                groups = {group["instance_group_name"]: group for group in configuration.groups}
                return {
                    "hosts": configuration.hosts,
                    "current_host": configuration.host,
                    "network_interface_name": configuration.interface,
                    "resource_config": configuration.resources,
                    "current_instance_type": configuration.instance_type,
                    "current_instance_group": configuration.group,
                    "current_instance_group_hosts": configuration.group_hosts,
                    "instance_groups": list(groups),
                    "instance_groups_dict": groups,
                    "distribution_instance_groups": configuration.distribution_groups,
                    "is_hetero": len(groups) > 1,
                    "input_data_config": configuration.channels,
                    "channels": sorted(configuration.channels),
                    "framework_params": configuration.parameters,
                    "framework_module": os.environ.get("SAGEMAKER_TRAINING_MODULE"),
                    "module_name": configuration.program[:-3]
                    if configuration.program.endswith(".py")
                    else configuration.program,
                    "module_dir": configuration.submit_directory,
                    "user_entry_point": configuration.program,
                    "log_level": configuration.log_level,
                    "input_dir": str(paths.input),
                    "input_config_dir": str(paths.config),
                    "output_dir": str(paths.output),
                    "output_data_dir": str(paths.output_data),
                    "output_intermediate_dir": str(paths.intermediate),
                    "model_dir": str(paths.model),
                    "num_cpus": len(os.sched_getaffinity(0)),
                    "num_gpus": count_gpus(),
                    "num_neurons": 0,
                }


            def _training_env(configuration: Configuration, values: dict) -> dict:
                left_out = ("channels", "framework_params")
                return {
                    **{name: value for name, value in values.items() if name not in left_out},
                    "additional_framework_parameters": configuration.parameters,
                    "channel_input_dirs": _channel_directories(configuration),
                    "distribution_hosts": configuration.distribution_hosts,
                    "hyperparameters": configuration.hyperparameters,
                    "is_master": configuration.is_master,
                    "job_name": configuration.job_name,
                    "master_hostname": configuration.master,
                }


            def _channel_directories(configuration: Configuration) -> dict[str, str]:
                return {name: str(configuration.paths.data / name) for name in configuration.channels}


            def count_gpus() -> int:
                # nvidia-smi takes longer than the whole start of a job, also where it finds nothing.
                if not any(Path("/dev").glob("nvidia[0-9]*")):
                    return 0
                try:
                    listed = subprocess.run(
                        ["nvidia-smi", "--list-gpus"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
                    )
                except (OSError, subprocess.CalledProcessError):
                    return 0
                found = sum(line.startswith(b"GPU ") for line in listed.stdout.splitlines())
                visible = os.environ.get("CUDA_VISIBLE_DEVICES")
                if visible is None:
                    return found
                names = [name.strip() for name in visible.split(",")]
                return min(found, sum(name not in ("", "-1") for name in names))

            """##,
        "clary_runtime/xgboost_data.py": ##"""
            """A channel of labelled rows as a DMatrix, for scripts that read their data with AWS's helper for XGBoost.

            The label is the first column, as in the built-in algorithm.
            """

            from __future__ import annotations

            from pathlib import Path
            from typing import Any

            from .serving.content_types import CSV, LIBSVM, RECORDIO_PROTOBUF, media_type

            PARQUET = "application/x-parquet"
            # What scripts call the types, too.
            _SHORT = {
                "csv": CSV,
                "libsvm": LIBSVM,
                "text/x-libsvm": LIBSVM,
                "parquet": PARQUET,
                "recordio-protobuf": RECORDIO_PROTOBUF,
            }


            class DataError(ValueError):
                """The data is not what it is said to be; the text says where."""


            def get_dmatrix(data_path: str, content_type: str, csv_weights: int = 0, is_pipe: bool = False) -> Any:
                """All files below a path as one `xgboost.DMatrix`, None if there are none.

                With `csv_weights` 1 the second column of a CSV file is the rows' weight. Raises `DataError`.
                """
                import xgboost

                if is_pipe:
                    raise DataError("A pipe cannot be read whole into a DMatrix: give the channel the input mode File.")
                kind = media_type(content_type)
                kind = _SHORT.get(kind, kind)
                if kind not in (CSV, LIBSVM, PARQUET, RECORDIO_PROTOBUF):
                    raise DataError(f"The content type '{content_type}' is none of {', '.join(_SHORT)}.")
                files = _files(Path(data_path))
                if not files:
                    return None
                if kind == LIBSVM:
                    rows, labels = _stacked([_libsvm(file) for file in files])
                    return xgboost.DMatrix(rows, label=labels)
                if kind == RECORDIO_PROTOBUF:
                    rows, labels = _stacked([_protobuf(file) for file in files])
                    return xgboost.DMatrix(rows, label=labels)
                table = _table(files, kind)
                if csv_weights and kind == CSV:
                    return xgboost.DMatrix(table[:, 2:], label=table[:, 0], weight=table[:, 1])
                return xgboost.DMatrix(table[:, 1:], label=table[:, 0])


            def _files(path: Path) -> list[Path]:
                if path.is_file():
                    return [path]
                return sorted(
                    file
                    for file in path.rglob("*")
                    if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
                )


            def _table(files: list[Path], kind: str) -> Any:
                import numpy
                import pandas

                tables = []
                for file in files:
                    try:
                        frame = pandas.read_csv(file, header=None) if kind == CSV else pandas.read_parquet(file)
                        tables.append(frame.to_numpy(dtype="float32"))
                    except ValueError as error:
                        raise DataError(f"{file} is no table of numbers: {error}") from None
                widths = {table.shape[1] for table in tables}
                if len(widths) > 1:
                    raise DataError(
                        f"The files below {files[0].parent} have different numbers of columns: {sorted(widths)}."
                    )
                if widths == {1}:
                    raise DataError(f"{files[0]} has one column: the label comes first, then at least one feature.")
                return numpy.concatenate(tables)


            def _libsvm(file: Path) -> tuple[Any, Any]:
                from .serving.libsvm import libsvm_matrix

                return _labelled(file, lambda: libsvm_matrix(file.read_text()))


            def _protobuf(file: Path) -> tuple[Any, Any]:
                from .serving.recordio_protobuf import protobuf_matrix

                return _labelled(file, lambda: protobuf_matrix(file.read_bytes()))


            def _labelled(file: Path, read) -> tuple[Any, Any]:
                from .serving.errors import BadInput

                try:
                    rows, labels = read()
                except (BadInput, UnicodeDecodeError) as error:
                    raise DataError(f"{file}: {error}") from None
                if labels is None:
                    raise DataError(f"{file} has rows without a label.")
                return rows, labels


            def _stacked(parts: list[tuple[Any, Any]]) -> tuple[Any, Any]:
                """Rows of all files; one whose last columns are all zero may be narrower than the others."""
                import numpy
                import scipy.sparse

                width = max(rows.shape[1] for rows, _ in parts)
                matrices = []
                for rows, _ in parts:
                    matrix = scipy.sparse.csr_matrix(rows)
                    matrix.resize(matrix.shape[0], width)
                    matrices.append(matrix)
                return scipy.sparse.vstack(matrices, format="csr"), numpy.concatenate([labels for _, labels in parts])

            """##,
        "toolkits/sagemaker_containers/sagemaker_containers/__init__.py": ##"""
            """Stands in for the published package of this name: its modules are in `clary_runtime.serving.toolkit_names`."""

            import sys
            from pathlib import Path

            # Only a script that asks for a toolkit sees the runtime, behind everything else.
            sys.path.append(str(Path(__file__).resolve().parents[3]))

            from clary_runtime.serving.toolkit_names import stand_in_for_toolkits  # noqa: E402 - found there.

            stand_in_for_toolkits()

            """##,
        "toolkits/sagemaker_huggingface_inference_toolkit/sagemaker_huggingface_inference_toolkit/__init__.py": ##"""
            """Stands in for the published package of this name: its modules are in `clary_runtime.serving.toolkit_names`."""

            import sys
            from pathlib import Path

            # Only a script that asks for a toolkit sees the runtime, behind everything else.
            sys.path.append(str(Path(__file__).resolve().parents[3]))

            from clary_runtime.serving.toolkit_names import stand_in_for_toolkits  # noqa: E402 - found there.

            stand_in_for_toolkits()

            """##,
        "toolkits/sagemaker_inference/sagemaker_inference/__init__.py": ##"""
            """Stands in for the published package of this name: its modules are in `clary_runtime.serving.toolkit_names`."""

            import sys
            from pathlib import Path

            # Only a script that asks for a toolkit sees the runtime, behind everything else.
            sys.path.append(str(Path(__file__).resolve().parents[3]))

            from clary_runtime.serving.toolkit_names import stand_in_for_toolkits  # noqa: E402 - found there.

            stand_in_for_toolkits()

            """##,
        "toolkits/sagemaker_training/sagemaker_training/__init__.py": ##"""
            """Stands in for the published package of this name: its modules are in `clary_runtime.serving.toolkit_names`."""

            import sys
            from pathlib import Path

            # Only a script that asks for a toolkit sees the runtime, behind everything else.
            sys.path.append(str(Path(__file__).resolve().parents[3]))

            from clary_runtime.serving.toolkit_names import stand_in_for_toolkits  # noqa: E402 - found there.

            stand_in_for_toolkits()

            """##,
        "toolkits/sagemaker_xgboost_container/sagemaker_xgboost_container/__init__.py": ##"""
            """Stands in for the published package of this name: its modules are in `clary_runtime.serving.toolkit_names`."""

            import sys
            from pathlib import Path

            # Only a script that asks for a toolkit sees the runtime, behind everything else.
            sys.path.append(str(Path(__file__).resolve().parents[3]))

            from clary_runtime.serving.toolkit_names import stand_in_for_toolkits  # noqa: E402 - found there.

            stand_in_for_toolkits()

            """##,
    ]
}
