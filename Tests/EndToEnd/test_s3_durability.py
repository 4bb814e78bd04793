"""What the object store keeps: through kills at any moment, torn and rotten files, and from older schemas."""

import hashlib
import http.server
import json
import os
import random
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from jobs import wait_until
from server import Server

ROUNDS = int(os.environ.get("CLARY_SOAK_ROUNDS", "200"))
SEED = int(os.environ.get("CLARY_SOAK_SEED", "20"))
MIB = 1 << 20
GONE = "gone"


def client(server: Server, **options):
    """A client that asks once: what was not answered is not known."""
    environment = server.client_environment("--no-proxy")
    session = boto3.session.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name="us-east-1",
    )
    options.setdefault("retries", {"total_max_attempts": 1})
    config = Config(read_timeout=20, connect_timeout=5, **options)
    return session.client("s3", endpoint_url=server.url, config=config)


class Writer:
    """Writes to keys of its own all the time, and knows what each of them may hold.

    `states` has, for each key, every state that it can be in: one after an answer, more after none.
    """

    BUCKET = "soak"
    VERSIONS = "soak-versions"

    def __init__(self, server: Server, name: str, seed: int) -> None:
        self.name, self.chance = name, random.Random(seed)
        self.s3 = client(server)
        self.states: dict[str, set[str]] = {}
        self.versions: dict[tuple[str, str], str] = {}
        self.open: dict[str, tuple[str, dict[int, tuple[str, bytes]]]] = {}
        # Those whose end was asked for, answered or not.
        self.ending: set[str] = set()
        self.parts = ThreadPoolExecutor(3)
        self.numbers = iter(range(10**9))
        self.acknowledged = self.unanswered = 0
        self.failures: list[Exception] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def body(self) -> bytes:
        size = self.chance.choice([0, 1, 17, 4_000, 4_000, 90_000, 1_500_000])
        return self.chance.randbytes(size)

    def key(self) -> str:
        """One of a few, so that overwriting and deleting meet."""
        return f"{self.name}/{self.chance.randrange(40)}"

    def change(self, key: str, state: str, call) -> None:
        """A call that puts one key into a state, or leaves it as it was if it is not answered."""
        before = self.states.get(key, {GONE})
        self.states[key] = before | {state}
        call()
        self.states[key] = {state}

    def put(self) -> None:
        key, body = self.key(), self.body()
        digest = hashlib.md5(body).hexdigest()
        self.change(key, digest, lambda: self.s3.put_object(Bucket=self.BUCKET, Key=key, Body=body))

    def copy(self) -> None:
        certain = [key for key, states in self.states.items() if len(states) == 1 and states != {GONE}]
        if not certain:
            return
        source, key = self.chance.choice(certain), self.key()
        if source == key:
            return
        (state,) = self.states[source]
        self.change(
            key,
            state,
            lambda: self.s3.copy_object(
                Bucket=self.BUCKET, Key=key, CopySource={"Bucket": self.BUCKET, "Key": source}
            ),
        )

    def delete(self) -> None:
        key = self.key()
        self.change(key, GONE, lambda: self.s3.delete_object(Bucket=self.BUCKET, Key=key))

    def delete_many(self) -> None:
        keys = sorted({self.key() for _ in range(6)})
        before = {key: self.states.get(key, {GONE}) for key in keys}
        for key in keys:
            self.states[key] = before[key] | {GONE}
        answer = self.s3.delete_objects(
            Bucket=self.BUCKET, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
        )
        assert "Errors" not in answer
        for key in keys:
            self.states[key] = {GONE}

    def put_version(self) -> None:
        key, body = f"{self.name}/{self.chance.randrange(5)}", self.body()
        version = self.s3.put_object(Bucket=self.VERSIONS, Key=key, Body=body)["VersionId"]
        self.versions[key, version] = hashlib.md5(body).hexdigest()
        if self.chance.random() < 0.3:
            self.s3.delete_object(Bucket=self.VERSIONS, Key=key)  # A delete marker takes nothing away.

    def begin_upload(self) -> None:
        if len(self.open) >= 3:
            return
        key = f"{self.name}/parts/{next(self.numbers)}"
        upload = self.s3.create_multipart_upload(Bucket=self.BUCKET, Key=key)["UploadId"]
        self.open[upload] = (key, {})
        parts = {
            1: self.chance.randbytes(5 * MIB + self.chance.randrange(3)),
            2: self.chance.randbytes(5 * MIB),
            3: b"end",
        }

        def send(number: int) -> None:
            tag = self.s3.upload_part(
                Bucket=self.BUCKET, Key=key, UploadId=upload, PartNumber=number, Body=parts[number]
            )["ETag"]
            self.open[upload][1][number] = (tag, parts[number])

        for done in [self.parts.submit(send, number) for number in parts]:
            done.result()

    def end_upload(self) -> None:
        if not self.open:
            return self.begin_upload()
        upload = self.chance.choice(list(self.open))
        key, parts = self.open[upload]
        done = [{"PartNumber": number, "ETag": tag} for number, (tag, _) in sorted(parts.items())]
        if len(done) < 3 or self.chance.random() < 0.2:
            self.ending.add(upload)
            self.s3.abort_multipart_upload(Bucket=self.BUCKET, Key=key, UploadId=upload)
            del self.open[upload]
            return
        self.ending.add(upload)
        whole = hashlib.md5(b"".join(body for _, (_, body) in sorted(parts.items()))).hexdigest()
        self.change(
            key,
            whole,
            lambda: self.s3.complete_multipart_upload(
                Bucket=self.BUCKET, Key=key, UploadId=upload, MultipartUpload={"Parts": done}
            ),
        )
        del self.open[upload]

    def _run(self) -> None:
        verbs = [self.put] * 8 + [self.copy] * 2 + [self.delete] * 2 + [self.delete_many, self.put_version]
        verbs += [self.put_version, self.end_upload]
        while not self.over.is_set():
            try:
                self.chance.choice(verbs)()
                self.acknowledged += 1
            except ClientError as error:
                # An upload whose end was not answered may have ended.
                if error.response["Error"]["Code"] != "NoSuchUpload":
                    self.failures.append(error)
                else:
                    self.open = {
                        upload: value for upload, value in self.open.items() if self.s3_has(upload, value[0])
                    }
            except (BotoCoreError, HTTPClientError, ConnectionError):
                self.unanswered += 1
                time.sleep(0.01)
            except Exception as error:
                self.failures.append(error)

    def s3_has(self, upload: str, key: str) -> bool:
        while True:
            try:
                self.s3.list_parts(Bucket=self.BUCKET, Key=key, UploadId=upload)
                return True
            except ClientError:
                return False
            except (BotoCoreError, HTTPClientError):
                time.sleep(0.05)

    def check(self, s3) -> None:
        """Compares everything with what is there."""
        found = {}
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=self.BUCKET, Prefix=f"{self.name}/"):
            for item in page.get("Contents", []):
                found[item["Key"]] = item
        for key, states in self.states.items():
            if key not in found:
                assert GONE in states, f"{key} is lost"
                continue
            answer = s3.get_object(Bucket=self.BUCKET, Key=key)
            body = answer["Body"].read()
            assert hashlib.md5(body).hexdigest() in states, f"{key} holds what nobody wrote"
            assert (answer["ETag"], len(body)) == (found[key]["ETag"], found[key]["Size"])
        assert set(found) <= set(self.states), "a key that nobody wrote"
        versions = {}
        for page in s3.get_paginator("list_object_versions").paginate(
            Bucket=self.VERSIONS, Prefix=f"{self.name}/"
        ):
            for item in page.get("Versions", []):
                versions[item["Key"], item["VersionId"]] = item
        for (key, version), digest in self.versions.items():
            assert (key, version) in versions, f"version {version} of {key} is lost"
            body = s3.get_object(Bucket=self.VERSIONS, Key=key, VersionId=version)["Body"].read()
            assert hashlib.md5(body).hexdigest() == digest
        for upload, (key, parts) in self.open.items():
            if upload in self.ending:
                continue  # Its end was asked for and not answered.
            listed = s3.list_parts(Bucket=self.BUCKET, Key=key, UploadId=upload).get("Parts", [])
            tags = {part["PartNumber"]: (part["ETag"], part["Size"]) for part in listed}
            for number, (tag, body) in parts.items():
                assert tags.get(number) == (tag, len(body)), f"part {number} of {key} is lost"


def test_no_kill_at_any_moment_loses_or_tears_what_was_acknowledged(own_server):
    """Kills the worker, and every fifth time everything, at random moments of a mixed load."""
    own_server.start()
    chance = random.Random(SEED)
    s3 = client(own_server, retries={"total_max_attempts": 5})
    for bucket in (Writer.BUCKET, Writer.VERSIONS):
        s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=Writer.VERSIONS, VersioningConfiguration={"Status": "Enabled"})
    writers = [Writer(own_server, f"w{index}", SEED + index) for index in range(3)]
    port = own_server.port

    def pause(stop: bool) -> None:
        for writer in writers:
            if stop:
                writer.over.set()
            else:
                writer.over.clear()
                writer.thread = threading.Thread(target=writer._run)
                writer.thread.start()
        if stop:
            for writer in writers:
                writer.thread.join()

    pause(stop=False)
    try:
        for number in range(1, ROUNDS + 1):
            time.sleep(chance.random() * 0.35)
            if number % 5 == 0:
                own_server.kill()
                own_server.start(port=port)
            else:
                own_server.wait_for_worker(own_server.crash())
            if number % 20 == 0:
                pause(stop=True)
                for writer in writers:
                    writer.check(s3)
                pause(stop=False)
    finally:
        pause(stop=True)
    for writer in writers:
        assert not writer.failures, writer.failures
        writer.check(s3)
    assert sum(writer.acknowledged for writer in writers) > 5 * ROUNDS
    assert sum(writer.unanswered for writer in writers) > ROUNDS / 4, "the kills met calls"
    # Nothing is left of what was not finished.
    for upload in s3.list_multipart_uploads(Bucket=Writer.BUCKET).get("Uploads", []):
        s3.abort_multipart_upload(Bucket=Writer.BUCKET, Key=upload["Key"], UploadId=upload["UploadId"])
    for writer in writers:
        writer.open.clear()
    own_server.kill()
    own_server.start(port=port)
    assert not list((own_server.data / "objects" / "incoming").iterdir())
    assert (
        json.loads(own_server.clary("gc", "--dry-run", "--older-than", "0", "--json").stdout)["items"] == []
    )
    report = json.loads(own_server.clary("scrub", "--json").stdout)
    assert report["damaged"] == [] and report["files"] > 0
    for writer in writers:
        writer.check(client(own_server))


# MARK: Rot


def file_of(server: Server, body: bytes) -> Path:
    """The file that holds these bytes."""
    for path in (server.data / "objects" / "objects").rglob("*"):
        if path.is_file() and path.stat().st_size == len(body) and path.read_bytes() == body:
            return path
    raise AssertionError("no file has these bytes")


def flip(path: Path, offset: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 1]))


def test_a_rotten_file_is_never_served_and_is_reported(own_server):
    own_server.start()
    s3 = client(own_server)
    s3.create_bucket(Bucket="rot")
    small, large = os.urandom(5_000), os.urandom(5 * MIB)
    s3.put_object(Bucket="rot", Key="small", Body=small)
    s3.put_object(Bucket="rot", Key="large", Body=large)
    upload = s3.create_multipart_upload(Bucket="rot", Key="parts")["UploadId"]
    parts = [os.urandom(5 * MIB + 7), os.urandom(6 * MIB), os.urandom(99)]
    done = [
        {
            "PartNumber": number,
            "ETag": s3.upload_part(Bucket="rot", Key="parts", UploadId=upload, PartNumber=number, Body=part)[
                "ETag"
            ],
        }
        for number, part in enumerate(parts, 1)
    ]
    s3.complete_multipart_upload(Bucket="rot", Key="parts", UploadId=upload, MultipartUpload={"Parts": done})
    assert json.loads(own_server.clary("scrub", "--json").stdout)["damaged"] == []
    whole = b"".join(parts)
    flip(file_of(own_server, small), 4_999)
    flip(file_of(own_server, large), 3 * MIB + 5)
    flip(file_of(own_server, whole), 5 * MIB + 7 + 2 * MIB)

    with pytest.raises(ClientError) as refusal:
        s3.get_object(Bucket="rot", Key="small")
    assert refusal.value.response["Error"]["Code"] == "InternalError"
    # What has begun cannot become an error: it breaks off before the first wrong byte.
    with pytest.raises((BotoCoreError, HTTPClientError)):
        s3.get_object(Bucket="rot", Key="large")["Body"].read()
    with pytest.raises((BotoCoreError, HTTPClientError)):
        s3.get_object(Bucket="rot", Key="parts")["Body"].read()
    # Blocks that are good are served, across their bounds too.
    for first, last in (
        (0, 3 * MIB - 1),
        (MIB - 3, MIB + 3),
        (4 * MIB, 5 * MIB - 1),
        (4 * MIB + 1, 4 * MIB + 1),
    ):
        got = s3.get_object(Bucket="rot", Key="large", Range=f"bytes={first}-{last}")
        assert got["Body"].read() == large[first : last + 1]
    for first, last in ((5 * MIB, 5 * MIB + 20), (11 * MIB, len(whole) - 1), (0, 100)):
        got = s3.get_object(Bucket="rot", Key="parts", Range=f"bytes={first}-{last}")
        assert got["Body"].read() == whole[first : last + 1]
    with pytest.raises(ClientError):
        s3.get_object(Bucket="rot", Key="large", Range=f"bytes={3 * MIB}-{3 * MIB + 1}")

    scrub = own_server.clary("scrub", "--json", check=False)
    damaged = sorted(item["object"] for item in json.loads(scrub.stdout)["damaged"])
    assert scrub.returncode == 1
    assert damaged == ["s3://rot/large", "s3://rot/parts", "s3://rot/small"]
    assert "clary_damaged_objects 3" in requests.get(f"{own_server.url}/_clary/metrics", timeout=5).text
    assert "s3://rot/large" in own_server.clary("status").stdout
    assert "A stored object is damaged: s3://rot/large" in own_server.log()

    # It is known after a restart too, and over once the objects are written again.
    own_server.stop()
    own_server.start()
    s3 = client(own_server)
    assert len(json.loads(own_server.clary("status", "--json").stdout)["damagedObjects"]) == 3
    for key, body in (("small", small), ("large", large), ("parts", whole)):
        s3.put_object(Bucket="rot", Key=key, Body=body)
        assert s3.get_object(Bucket="rot", Key=key)["Body"].read() == body
    assert json.loads(own_server.clary("scrub", "--json").stdout)["damaged"] == []
    assert "damagedObjects" not in json.loads(own_server.clary("status", "--json").stdout)


def test_webhooks_hear_once_of_rot_also_when_the_server_was_away(tmp_path):
    heard = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        server = Server(tmp_path, "--webhook", f"http://127.0.0.1:{listener.server_address[1]}/").start()
        s3 = client(server)
        s3.create_bucket(Bucket="rot")
        bodies = {f"folder/{name}: ü": os.urandom(4_000) for name in ("scrubbed", "read")}
        for key, body in bodies.items():
            s3.put_object(Bucket="rot", Key=key, Body=body)
        scrubbed, read = bodies
        flip(file_of(server, bodies[scrubbed]), 7)
        assert server.clary("scrub", check=False).returncode == 1
        wait_until(lambda: heard, bool)
        assert len(heard) == 1
        event = heard[0]
        assert (event["source"], event["detail-type"]) == ("clary.s3", "Stored Object Damaged")
        assert event["resources"] == [f"arn:aws:s3:::rot/{scrubbed}"]
        assert (event["account"], event["region"]) == ("000000000000", "us-east-1")
        assert event["detail"]["bucket"] == {"name": "rot"} and event["detail"]["object"] == {"key": scrubbed}
        assert "not what was written" in event["detail"]["reason"]
        # What is known is not told again; a reader finds rot as well.
        assert server.clary("scrub", check=False).returncode == 1
        server.stop()
        server.start()
        flip(file_of(server, bodies[read]), 7)
        with pytest.raises(ClientError):
            client(server).get_object(Bucket="rot", Key=read)
        wait_until(lambda: heard[1:], bool)
        assert [it["detail"]["object"]["key"] for it in heard] == [scrubbed, read]
        server.shutdown()
        listener.shutdown()
    assert len(heard) == 2


def test_a_torn_or_missing_file_is_an_error_and_a_copy_stays_whole(own_server):
    own_server.start()
    s3 = client(own_server)
    s3.create_bucket(Bucket="torn")
    body, other = os.urandom(3 * MIB), os.urandom(50_000)
    s3.put_object(Bucket="torn", Key="a", Body=body)
    s3.put_object(Bucket="torn", Key="b", Body=other)
    path = file_of(own_server, body)
    with path.open("r+b") as file:
        file.truncate(2 * MIB)
    file_of(own_server, other).unlink()
    for key in ("a", "b"):
        with pytest.raises(ClientError) as refusal:
            s3.get_object(Bucket="torn", Key=key)
        assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    scrub = own_server.clary("scrub", "--json", check=False)
    assert len(json.loads(scrub.stdout)["damaged"]) == 2


# MARK: Older stores

FIRST_SCHEMA = """
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1: objects');
CREATE TABLE bucket (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, account TEXT NOT NULL,
    region TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE object (bucket INTEGER NOT NULL REFERENCES bucket (id), key BLOB NOT NULL, file INTEGER NOT NULL,
    size INTEGER NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL, checksum TEXT, storage_class TEXT,
    headers TEXT NOT NULL, parts TEXT, PRIMARY KEY (bucket, key)) WITHOUT ROWID;
CREATE INDEX object_file ON object (file);
CREATE TABLE upload (id TEXT PRIMARY KEY, bucket INTEGER NOT NULL REFERENCES bucket (id), key BLOB NOT NULL,
    created INTEGER NOT NULL, headers TEXT NOT NULL, algorithm TEXT, form TEXT, file INTEGER NOT NULL,
    part_size INTEGER) WITHOUT ROWID;
CREATE INDEX upload_key ON upload (bucket, key, id);
CREATE TABLE part (upload TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE, number INTEGER NOT NULL,
    size INTEGER NOT NULL, md5 BLOB NOT NULL, checksum BLOB, algorithm TEXT, modified INTEGER NOT NULL, file INTEGER,
    PRIMARY KEY (upload, number)) WITHOUT ROWID;
CREATE TABLE garbage (file INTEGER PRIMARY KEY);
CREATE TABLE run (number INTEGER PRIMARY KEY AUTOINCREMENT, checked INTEGER NOT NULL);
INSERT INTO run (checked) VALUES (0);
INSERT INTO bucket (name, account, region, created) VALUES ('old', '000000000000', 'us-east-1', 1700000000000);
"""


def old_store(server: Server, objects: dict[str, bytes]) -> None:
    """A store as the first release left it."""
    root = server.data / "objects"
    folder = root / "objects" / "1" / "0"
    folder.mkdir(parents=True)
    (root / "incoming").mkdir()
    server.data.chmod(0o700)
    index = sqlite3.connect(root / "index.sqlite")
    index.executescript(FIRST_SCHEMA)
    for number, (key, body) in enumerate(objects.items(), 1):
        file = 1 << 32 | number
        (folder / f"{file:016x}").write_bytes(body)
        index.execute(
            "INSERT INTO object VALUES (1, ?, ?, ?, ?, 1700000000000, NULL, NULL, ?, NULL)",
            (
                key.encode(),
                file,
                len(body),
                hashlib.md5(body).hexdigest(),
                '{"metadata":{"a":"b"},"tags":{}}',
            ),
        )
    index.commit()
    index.close()


def test_a_store_of_the_first_schema_is_taken_over(own_server):
    objects = {"kept": os.urandom(2 * MIB + 5), "overwritten": b"one", "rotten": os.urandom(1000)}
    old_store(own_server, objects)
    own_server.start()
    s3 = client(own_server)
    for key, body in objects.items():
        got = s3.get_object(Bucket="old", Key=key)
        assert got["Body"].read() == body and got["Metadata"] == {"a": "b"}
    # Nobody knows the digests of these files, but an ETag is one.
    flip(file_of(own_server, objects["rotten"]), 10)
    report = json.loads(own_server.clary("scrub", "--json", check=False).stdout)
    assert report["adopted"] == 2 and [item["object"] for item in report["damaged"]] == ["s3://old/rotten"]
    flip(file_of(own_server, objects["kept"]), 10)
    with pytest.raises(ClientError):
        s3.get_object(Bucket="old", Key="kept")
    s3.put_bucket_versioning(Bucket="old", VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket="old", Key="overwritten", Body=b"two")["VersionId"]
    assert version != "null"
    assert s3.get_object(Bucket="old", Key="overwritten", VersionId="null")["Body"].read() == b"one"
    assert (own_server.data / "objects" / "index.sqlite.schema-1").exists()
