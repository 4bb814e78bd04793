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
