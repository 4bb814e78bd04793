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
