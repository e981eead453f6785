"""How a file of preferences is laid out in YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    """Writes each estimate, a number with its spread and evidence, as one flow mapping."""

    def represent_dict(self, data: Any) -> yaml.MappingNode:
        node: yaml.MappingNode = super().represent_dict(data)
        node.flow_style = "mean" in data
        return node


_Dumper.add_representer(dict, _Dumper.represent_dict)


def holder_of(document: dict[str, Any], path: Iterable[str]) -> dict[str, Any]:
    """Return the mapping at a path of a document, which is made where it is not there."""
    for key in path:
        document = document.setdefault(key, {})
    return document


def dumped(document: Mapping[str, Any]) -> str:
    """Return a document as YAML: the same bytes for the same document."""
    return yaml.dump(dict(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
