"""S3 as data people use it: pandas, pyarrow and s3fs, the `aws` command on whole trees, many connections at once."""

import asyncio
import base64
import hashlib
import os
import random
import subprocess
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import botocore.auth
import botocore.awsrequest
import numpy
import pandas
import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.dataset
import pyarrow.fs
import pyarrow.parquet
import pytest
from awscrt import checksums
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.credentials import Credentials
from s3fs import S3FileSystem
from server import Server

MIB = 1 << 20


@pytest.fixture
def place(s3, unique: Callable[[str], str]) -> str:
    """A bucket of the test's own."""
    name = unique("clients")
    s3.create_bucket(Bucket=name)
    return name


def keys(s3, bucket: str, prefix: str = "") -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def frame(rows: int = 20_000) -> pandas.DataFrame:
    generator = numpy.random.default_rng(3)
    return pandas.DataFrame(
        {
            "label": generator.integers(0, 2, rows),
            "x": generator.normal(size=rows),
            "word": generator.choice(["ä b", "c,d", 'e"f'], rows),
            "part": generator.choice(["one", "two words", "dré"], rows),
        }
    )


# MARK: Libraries


@pytest.fixture
def arrow(server: Server, environment: dict[str, str]) -> pyarrow.fs.S3FileSystem:
    """pyarrow's own client, which is the C++ SDK and takes no proxy from the environment."""
    address = urlsplit(server.url)
    return pyarrow.fs.S3FileSystem(
        access_key=environment["AWS_ACCESS_KEY_ID"],
        secret_key=environment["AWS_SECRET_ACCESS_KEY"],
        region="us-east-1",
        scheme=address.scheme,
        endpoint_override=address.netloc,
        allow_bucket_creation=True,
        allow_bucket_deletion=True,
    )


@pytest.fixture
def fsspec_files(aws) -> S3FileSystem:
    """s3fs, which is an asynchronous botocore: it finds its way by the environment as boto3 does."""
    return S3FileSystem(skip_instance_cache=True, use_listings_cache=False)


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "parquet"])
def test_pandas_reads_what_it_wrote(aws, s3, place, suffix):
    table = frame()
    path = f"s3://{place}/deep/päth with/table.{suffix}"
    if suffix == "parquet":
        table.to_parquet(path, index=False)
        found = pandas.read_parquet(path)
        assert pandas.read_parquet(path, columns=["x"]).equals(table[["x"]])
    else:
        table.to_csv(path, index=False)
        found = pandas.read_csv(path)
    pandas.testing.assert_frame_equal(found, table)
    assert keys(s3, place) == [f"deep/päth with/table.{suffix}"]


def test_pandas_reads_what_boto3_put(aws, s3, place):
    s3.put_object(Bucket=place, Key="a.csv", Body="x,y\n1,2\n3,4\n")
    assert pandas.read_csv(f"s3://{place}/a.csv")["y"].tolist() == [2, 4]


def test_pyarrow_writes_and_reads_a_partitioned_data_set(arrow, s3, place):
    table = pyarrow.Table.from_pandas(frame())
    pyarrow.dataset.write_dataset(
        table,
        f"{place}/set",
        format="parquet",
        partitioning=pyarrow.dataset.partitioning(
            pyarrow.schema([("part", pyarrow.string())]), flavor="hive"
        ),
        filesystem=arrow,
        max_rows_per_file=4000,
        max_rows_per_group=1000,
    )
    names = [key for key in keys(s3, place) if not key.endswith("/")]
    assert len(names) >= 6 and {name.split("/")[1] for name in names} == {
        "part=one",
        "part=two%20words",
        "part=dr%C3%A9",
    }
    found = pyarrow.dataset.dataset(f"{place}/set", format="parquet", partitioning="hive", filesystem=arrow)
    assert found.count_rows() == table.num_rows
    order = [("x", "ascending")]
    one = found.to_table(columns=table.column_names, filter=pyarrow.dataset.field("part") == "two words")
    expected = table.filter(pyarrow.compute.equal(table["part"], "two words"))
    assert one.sort_by(order).to_pydict() == expected.sort_by(order).to_pydict()


def test_pyarrow_streams_seeks_and_manages_files(arrow, s3, place):
    body = os.urandom(23 * MIB + 7)
    with arrow.open_output_stream(f"{place}/large.bin", metadata={"Content-Type": "text/x-own"}) as stream:
        for offset in range(0, len(body), MIB):
            stream.write(body[offset : offset + MIB])
    head = s3.head_object(Bucket=place, Key="large.bin")
    assert "-" in head["ETag"] and head["ContentType"] == "text/x-own", "it went up in parts"
    with arrow.open_input_file(f"{place}/large.bin") as file:
        assert file.size() == len(body)
        for start, size in ((0, 10), (7 * MIB - 1, 3 * MIB), (len(body) - 5, 50), (len(body), 1)):
            file.seek(start)
            assert file.read(size) == body[start : start + size]
    with arrow.open_input_stream(f"{place}/large.bin") as stream:
        assert stream.read() == body
    arrow.create_dir(f"{place}/folder/below", recursive=True)
    arrow.copy_file(f"{place}/large.bin", f"{place}/folder/below/copy")
    arrow.move(f"{place}/large.bin", f"{place}/moved")
    infos = arrow.get_file_info(pyarrow.fs.FileSelector(place, recursive=True))
    files = {info.path: info.size for info in infos if info.type == pyarrow.fs.FileType.File}
    assert files == {f"{place}/folder/below/copy": len(body), f"{place}/moved": len(body)}
    assert arrow.get_file_info(f"{place}/large.bin").type == pyarrow.fs.FileType.NotFound
    arrow.delete_dir(f"{place}/folder")
    assert keys(s3, place) == ["moved"]
    arrow.delete_file(f"{place}/moved")
    arrow.delete_dir(place)
    assert place not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def test_s3fs_is_a_file_system(fsspec_files, s3, place, tmp_path):
    files = fsspec_files
    body = os.urandom(12 * MIB + 3)
    with files.open(f"{place}/a b/large", "wb", block_size=5 * MIB) as file:
        for offset in range(0, len(body), MIB):
            file.write(body[offset : offset + MIB])
    assert s3.head_object(Bucket=place, Key="a b/large")["ETag"].endswith('-3"')
    with files.open(f"{place}/a b/large", "rb", block_size=MIB) as file:
        file.seek(-7, os.SEEK_END)
        assert file.read() == body[-7:]
        file.seek(3 * MIB + 1)
        assert file.read(2 * MIB) == body[3 * MIB + 1 : 5 * MIB + 1]
    assert files.cat_ranges([f"{place}/a b/large"] * 2, [0, 5], [4, 9]) == [body[:4], body[5:9]]
    files.pipe({f"{place}/t/{name}": name.encode() for name in ("1", "2+", "x=ü&", "#?%")})
    assert sorted(files.find(f"{place}/t")) == sorted(
        f"{place}/t/{name}" for name in ("1", "2+", "x=ü&", "#?%")
    )
    assert files.cat(f"{place}/t/x=ü&") == "x=ü&".encode()
    assert sorted(files.ls(place)) == [f"{place}/a b", f"{place}/t"]
    assert files.glob(f"{place}/t/?") == [f"{place}/t/1"]
    files.get(f"{place}/t", str(tmp_path / "got"), recursive=True)
    assert (tmp_path / "got/#?%").read_text() == "#?%"
    files.put(str(tmp_path / "got"), f"{place}/back", recursive=True)
    files.copy(f"{place}/a b/large", f"{place}/copy")
    assert files.checksum(f"{place}/copy") is not None and files.size(f"{place}/copy") == len(body)
    files.rm(f"{place}/t", recursive=True)
    assert not files.exists(f"{place}/t") and len(files.find(f"{place}/back")) == 4
    with pytest.raises(FileNotFoundError):
        files.cat(f"{place}/t/1")
    with pytest.raises(FileNotFoundError):
        files.ls(f"{place}-none")


def test_parquet_goes_from_one_library_to_the_others(aws, arrow, fsspec_files, place):
    table = frame(3000)
    table.to_parquet(f"s3://{place}/t/pandas.parquet", index=False)
    read = pyarrow.parquet.read_table(f"{place}/t/pandas.parquet", filesystem=arrow)
    assert read.to_pandas().equals(table)
    pyarrow.parquet.write_table(read, f"{place}/t/arrow.parquet", filesystem=arrow)
    both = pyarrow.dataset.dataset(
        f"{place}/t", filesystem=pyarrow.fs.PyFileSystem(pyarrow.fs.FSSpecHandler(fsspec_files))
    )
    assert both.count_rows() == 2 * len(table)
    with arrow.open_output_stream(f"{place}/t.csv") as stream:
        pyarrow.csv.write_csv(read, stream)
    assert pandas.read_csv(f"s3://{place}/t.csv").equals(table)


# MARK: The command

ODD = [
    "a b.txt",
    "ü/é.txt",
    "+plus&and=.txt",
    "100%.txt",
    "%41.txt",
    "#hash?.txt",
    "deep/x/y/z/'quoted'\".txt",
    "~.~",
]


@pytest.fixture
def cli(environment: dict[str, str], tmp_path: Path) -> Callable[..., list[str]]:
    """The `aws` command of this environment; returns the lines that it wrote."""
    command = Path(sys.executable).with_name("aws")

    def run(*arguments: str) -> list[str]:
        result = subprocess.run(
            [sys.executable, command, "s3", *arguments],
            env=environment | {"LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=tmp_path,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout.splitlines()

    return run


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_cli_keeps_two_trees_alike_whatever_their_names(cli, s3, place, tmp_path):
    there = tmp_path / "there"
    for number, name in enumerate(ODD):
        path = there / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(number * 1000))
    large = there / "large.bin"
    large.write_bytes(os.urandom(17 * MIB + 1))
    cli("cp", "--recursive", "--quiet", str(there), f"s3://{place}/tree")
    assert sorted(keys(s3, place)) == sorted(f"tree/{name}" for name in [*ODD, "large.bin"])
    assert s3.head_object(Bucket=place, Key="tree/large.bin")["ETag"].endswith('-3"')
    cli("sync", "--quiet", f"s3://{place}/tree", str(tmp_path / "back"))
    assert tree(tmp_path / "back") == tree(there)
    listed = cli("ls", "--recursive", "--summarize", f"s3://{place}/tree/")
    assert f"Total Objects: {len(ODD) + 1}" in listed[-2]
    assert f"Total Size: {sum(len(body) for body in tree(there).values())}" in listed[-1]

    # What is gone here goes there, what is new comes, and nothing else moves.
    (there / ODD[1]).unlink()
    (there / "new ü").write_text("new")
    lines = cli("sync", "--delete", "--no-progress", str(there), f"s3://{place}/tree")
    assert len(lines) == 2
    assert (
        lines[0] == f"delete: s3://{place}/tree/{ODD[1]}" or lines[1] == f"delete: s3://{place}/tree/{ODD[1]}"
    )
    assert sorted(keys(s3, place)) == sorted(f"tree/{name}" for name in tree(there))
    cli("sync", "--quiet", "--delete", f"s3://{place}/tree", str(tmp_path / "back"))
    assert tree(tmp_path / "back") == tree(there)

    cli("cp", "--recursive", "--quiet", f"s3://{place}/tree", f"s3://{place}/copied")
    cli("rm", "--recursive", "--quiet", "--exclude", "*", "--include", "*.txt", f"s3://{place}/copied")
    assert sorted(keys(s3, place, "copied/")) == ["copied/large.bin", "copied/new ü", "copied/~.~"]
    cli("rm", "--recursive", "--quiet", f"s3://{place}/")
    assert keys(s3, place) == []


# MARK: Transfers


def test_parallel_transfers_in_parts_mix_nothing_up(aws, place, tmp_path):
    """Eight uploads and downloads of one client at once, each of several parts, with sixteen threads."""
    client = aws("s3", config=Config(max_pool_connections=32))
    settings = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB, max_concurrency=16)
    seeds = [os.urandom(4096) for _ in range(8)]

    def there_and_back(number: int) -> tuple[str, str]:
        source, copy = tmp_path / f"source-{number}", tmp_path / f"copy-{number}"
        source.write_bytes(seeds[number] * (2600 + 300 * number))
        client.upload_file(str(source), place, f"k{number}", Config=settings)
        client.copy({"Bucket": place, "Key": f"k{number}"}, place, f"c{number}", Config=settings)
        client.download_file(place, f"c{number}", str(copy), Config=settings)
        return digest(source.read_bytes()), digest(copy.read_bytes())

    with ThreadPoolExecutor(8) as pool:
        for sent, received in pool.map(there_and_back, range(8)):
            assert sent == received
    for number in range(8):
        parts = -(-4096 * (2600 + 300 * number) // (5 * MIB))
        for letter in "kc":
            assert client.head_object(Bucket=place, Key=f"{letter}{number}")["ETag"].endswith(f'-{parts}"')
    assert "Uploads" not in client.list_multipart_uploads(Bucket=place)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


CHECKSUMS = {
    "CRC32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
    "CRC32C": lambda data: checksums.crc32c(data).to_bytes(4, "big"),
    "CRC64NVME": lambda data: checksums.crc64nvme(data).to_bytes(8, "big"),
}


@pytest.mark.parametrize("algorithm", CHECKSUMS)
@pytest.mark.parametrize("kind", ["one", "parts"])
def test_checksums_of_the_common_runtime_are_ours(aws, place, algorithm, kind):
    """What the client computes in C is what is stored, told and checked by the client when it reads."""
    settings = Config(response_checksum_validation="when_supported", retries={"total_max_attempts": 1})
    client = aws("s3", config=settings)
    member = f"Checksum{algorithm}"
    body = os.urandom(6 * MIB + 11)
    expected = base64.b64encode(CHECKSUMS[algorithm](body)).decode()
    if kind == "one":
        sent = client.put_object(Bucket=place, Key="k", Body=body, ChecksumAlgorithm=algorithm)
    else:
        named = {"ChecksumAlgorithm": algorithm, "ChecksumType": "FULL_OBJECT"}
        upload = client.create_multipart_upload(Bucket=place, Key="k", **named)["UploadId"]
        parts = []
        for number, part in enumerate([body[: 5 * MIB], body[5 * MIB :]], 1):
            answer = client.upload_part(
                Bucket=place,
                Key="k",
                UploadId=upload,
                PartNumber=number,
                Body=part,
                ChecksumAlgorithm=algorithm,
            )
            parts.append({"PartNumber": number, "ETag": answer["ETag"], member: answer[member]})
        sent = client.complete_multipart_upload(
            Bucket=place,
            Key="k",
            UploadId=upload,
            MultipartUpload={"Parts": parts},
            ChecksumType="FULL_OBJECT",
        )
    assert sent[member] == expected
    found = client.get_object(Bucket=place, Key="k", ChecksumMode="ENABLED")
    assert found["Body"].read() == body and found[member] == expected
    assert found["ResponseMetadata"]["HTTPHeaders"][f"x-amz-checksum-{algorithm.lower()}"] == expected
    wrong = base64.b64encode(bytes(len(base64.b64decode(expected)))).decode()
    with pytest.raises(client.exceptions.ClientError, match="BadDigest"):
        client.put_object(Bucket=place, Key="k", Body=body, **{member: wrong})
    assert client.head_object(Bucket=place, Key="k")["ContentLength"] == len(body)


# MARK: Load

CONNECTIONS = 256
ROUNDS = 400 if "CLARY_SOAK_ROUNDS" in os.environ else 24


class Connection:
    """One connection that is kept open, with signed calls."""

    def __init__(self, url: str, key: Credentials) -> None:
        self.url = url
        self.host = urlsplit(url)
        self.signer = botocore.auth.S3SigV4Auth(key, "s3", "us-east-1")

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection(self.host.hostname, self.host.port)

    async def call(self, method: str, target: str, body: bytes = b"") -> tuple[int, bytes]:
        request = botocore.awsrequest.AWSRequest(method, self.url + target, data=body)
        self.signer.add_auth(request)
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.host.netloc}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in request.headers.items()]
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
        }
        if headers.get("transfer-encoding") == "chunked":
            content = b""
            while size := int(await self.reader.readline(), 16):
                content += (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readexactly(2)
        else:
            content = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return int(head[0].split()[1]), content


def test_256_connections_at_once_meet_no_error_and_every_byte_is_right(server, environment, s3, place):
    """Reads, writes and listings, mixed; each connection has keys of its own, and all read shared ones."""
    shared = {f"shared/{n}": os.urandom(random.Random(n).randrange(1, 40_000)) for n in range(16)}
    for key, body in shared.items():
        s3.put_object(Bucket=place, Key=key, Body=body)
    credentials = Credentials(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"])
    written: dict[str, bytes] = {}

    opened: list[int] = []

    async def client(number: int, all_open: asyncio.Event) -> int:
        chance = random.Random(number)
        connection = Connection(server.url, credentials)
        await connection.open()
        opened.append(number)
        await all_open.wait()
        mine: dict[str, bytes] = {}
        for step in range(ROUNDS):
            verb = chance.choice(["put", "get", "get", "shared", "shared", "list"])
            if verb == "put" or not mine:
                key, body = f"own/{number:03}/{step % 50}", chance.randbytes(chance.randrange(0, 20_000))
                status, content = await connection.call("PUT", f"/{place}/{key}", body)
                assert (status, content) == (200, b""), (status, content)
                mine[key] = body
            elif verb == "list":
                query = f"list-type=2&prefix={quote(f'own/{number:03}/', safe='')}"
                status, content = await connection.call("GET", f"/{place}?{query}")
                assert status == 200 and content.count(b"<Contents>") == len(mine), (status, content)
            else:
                key, body = chance.choice(list((shared if verb == "shared" else mine).items()))
                status, content = await connection.call("GET", f"/{place}/{key}")
                assert status == 200 and content == body, (key, status, len(content), len(body))
        written.update(mine)
        connection.writer.close()
        return ROUNDS

    async def load() -> list[int]:
        all_open = asyncio.Event()
        tasks = [asyncio.create_task(client(number, all_open)) for number in range(CONNECTIONS)]
        while len(opened) < CONNECTIONS:
            await asyncio.sleep(0.01)
            for task in tasks:
                if task.done():
                    task.result()
        all_open.set()
        return await asyncio.gather(*tasks)

    assert sum(asyncio.run(load())) == CONNECTIONS * ROUNDS
    found = {item: None for item in keys(s3, place, "own/")}
    assert list(found) == sorted(written)
    with ThreadPoolExecutor(4) as pool:
        sample = random.Random(1).sample(sorted(written), 100)
        bodies = pool.map(lambda key: s3.get_object(Bucket=place, Key=key)["Body"].read(), sample)
        assert all(body == written[key] for key, body in zip(sample, bodies, strict=True))
