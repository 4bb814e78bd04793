"""`clary gc`: what is of no use goes, what is of use stays."""

import json

from test_backup import client


def found(server, *options: str) -> list[tuple[str, str, int]]:
    items = json.loads(server.clary("gc", "--json", *options).stdout)["items"]
    assert all("problem" not in item for item in items)
    return sorted((item["kind"], item["name"], item["bytes"]) for item in items)


def test_only_what_nothing_names_and_nobody_has_touched_goes(own_server):
    own_server.start()
    s3 = client(own_server, "s3")
    s3.create_bucket(Bucket="kept")
    s3.put_object(Bucket="kept", Key="object", Body=b"of an earlier run")
    own_server.stop()
    folder = next((own_server.data / "objects/objects").glob("*/*"))
    stray = folder / "00000001ffffffff"
    stray.write_bytes(b"s" * 5000)
    copy = own_server.data / "state.sqlite.schema-1"
    copy.write_bytes(b"c" * 100)
    own_server.start()
    s3 = client(own_server, "s3")
    upload = s3.create_multipart_upload(Bucket="kept", Key="given/up")["UploadId"]
    s3.upload_part(Bucket="kept", Key="given/up", UploadId=upload, PartNumber=1, Body=b"p" * 7000)

    assert found(own_server, "--dry-run") == [], "a week has not passed"
    expected = [
        ("schemaCopy", str(copy), 100),
        ("strayFile", str(stray), 8192),
        ("upload", "s3://kept/given/up", 7000),
    ]
    assert found(own_server, "--dry-run", "--older-than", "0") == expected
    said = own_server.clary("gc", "--dry-run", "--older-than", "0").stdout
    assert "unfinished upload" in said and "3 things (14.9 KiB) would go." in said
    assert stray.exists() and copy.exists() and s3.list_multipart_uploads(Bucket="kept")["Uploads"]
    assert found(own_server, "--older-than", "0") == expected
    assert not stray.exists() and not copy.exists()
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="kept")
    assert found(own_server, "--older-than", "0") == []
    assert s3.get_object(Bucket="kept", Key="object")["Body"].read() == b"of an earlier run"
    refused = own_server.clary("gc", "--older-than", "soon", check=False)
    assert refused.returncode != 0 and "--older-than" in refused.stderr
