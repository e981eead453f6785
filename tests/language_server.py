"""The YAML language server, where the machine has one, asked as an editor asks it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

NAME = "yaml-language-server"
HERE = Path(__file__).parent.parent / "build" / "npm" / "node_modules" / ".bin" / NAME
"""Where `.ci/run` installs it."""
SERVER = shutil.which(NAME) or (str(HERE) if HERE.exists() else None)
SECONDS = 60


class Editor:
    """An editor with one file open at a time, that speaks to a server of its own."""

    def __enter__(self) -> Editor:
        assert SERVER is not None
        self._server = subprocess.Popen(
            [SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ
        )
        self._asked = 0
        self._open: set[str] = set()
        self._request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self._say("initialized", {})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.kill()
        for stream in (self._server.stdin, self._server.stdout):
            if stream:
                stream.close()
        self._server.wait(SECONDS)

    def open(self, path: Path, text: str | None = None) -> list[dict[str, Any]]:
        """Open a file, or one that would lie there, and return what the server finds wrong."""
        uri = path.resolve().as_uri()
        text = path.read_text(encoding="utf-8") if text is None else text
        if uri in self._open:
            self._say("textDocument/didClose", {"textDocument": {"uri": uri}})
            self._found(uri)  # it clears what it found
        self._open.add(uri)
        self._asked += 1  # the server takes a text of the same version for the same
        document = {"uri": uri, "languageId": "yaml", "version": self._asked, "text": text}
        self._say("textDocument/didOpen", {"textDocument": document})
        return self._found(uri)

    def completions(self, path: Path, line: int, column: int) -> set[str]:
        """Return what may stand at a place of an open file."""
        found = self._at("completion", path, line, column)
        items = found["items"] if isinstance(found, dict) else found or []
        return {item["label"] for item in items}

    def hover(self, path: Path, line: int, column: int) -> str:
        """Return what is shown where a pointer rests, empty if nothing is."""
        found = self._at("hover", path, line, column)
        return str(found["contents"]["value"]) if found else ""

    def _found(self, uri: str) -> list[dict[str, Any]]:
        """Return what the server next says is wrong with a file."""
        while True:
            told = self._read()
            found = told.get("params", {})
            if told.get("method", "").endswith("publishDiagnostics") and found["uri"] == uri:
                return list(found["diagnostics"])

    def _at(self, what: str, path: Path, line: int, column: int) -> Any:
        place = {
            "textDocument": {"uri": path.resolve().as_uri()},
            "position": {"line": line, "character": column},
        }
        return self._request(f"textDocument/{what}", place)

    def _request(self, method: str, params: Mapping[str, Any]) -> Any:
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            told = self._read()
            if told.get("id") == self._asked and "method" not in told:
                assert "error" not in told, told
                return told["result"]

    def _say(self, method: str, params: Mapping[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: Mapping[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        self._server.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """Return the next message; what the server asks of an editor is answered with nothing."""
        out = self._server.stdout
        assert out is not None
        length = 0
        while header := out.readline().strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has ended"
        told: dict[str, Any] = json.loads(out.read(length))
        if "id" in told and "method" in told:
            asked = (
                told["params"].get("items") if told["method"].endswith("configuration") else None
            )
            self._send({"id": told["id"], "result": [{} for _ in asked] if asked else None})
        return told
