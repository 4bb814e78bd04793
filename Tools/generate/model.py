"""A service model as botocore ships it, reduced to the operations on a list."""

import pathlib

import botocore
import botocore.loaders

SCALARS = {
    "string": "String",
    "boolean": "Bool",
    "integer": "Int",
    "long": "Int",
    "float": "Double",
    "double": "Double",
    "timestamp": "Timestamp",
    "blob": "Data",
}


class UnsupportedModel(Exception):
    """The model uses something that the generator does not translate."""


class Model:
    """Shapes and operations of one service.

    families: family name → operation names, in the order of the list.
    """

    def __init__(self, service, listing):
        self.service = service
        document = botocore.loaders.Loader().load_service_model(service, "service-2")
        self.metadata = document["metadata"]
        self.operations = document["operations"]
        self.shapes = document["shapes"]
        self.families = read_listing(listing)
        for name in self.listed():
            if name not in self.operations:
                raise UnsupportedModel(f"{listing}: {service} has no operation {name}")

    def listed(self):
        return [name for names in self.families.values() for name in names]

    @property
    def is_query(self):
        return self.metadata["protocol"] == "query"

    @property
    def botocore_version(self):
        return botocore.__version__

    def input_name(self, operation):
        return self.operations[operation].get("input", {}).get("shape")

    def output_name(self, operation):
        return self.operations[operation].get("output", {}).get("shape")

    def references(self, name):
        """Shapes that a shape mentions directly, in order."""
        shape = self.shapes[name]
        found = [member["shape"] for member in shape.get("members", {}).values()]
        return found + [shape[key]["shape"] for key in ("member", "key", "value") if key in shape]

    def reachable(self, roots):
        """Every shape that can be reached from the roots, each once, depth first."""
        order, stack = {}, list(reversed([root for root in roots if root]))
        while stack:
            name = stack.pop()
            if name not in order:
                order[name] = True
                stack.extend(reversed(self.references(name)))
        return list(order)

    def errors(self):
        """Modelled errors of the listed operations: wire code → HTTP status."""
        found = {}
        for operation in self.listed():
            for reference in self.operations[operation].get("errors", []):
                error = self.shapes[reference["shape"]].get("error", {})
                found[error.get("code", reference["shape"])] = error.get("httpStatusCode", 400)
        return dict(sorted(found.items()))

    def check(self, names):
        """Refuses what would be translated wrongly, so that a new operation cannot go wrong silently."""
        for name in names:
            shape = self.shapes[name]
            unknown = set(shape) & {
                "document",
                "union",
                "eventstream",
                "streaming",
                "flattened",
                "timestampFormat",
            }
            for member in [
                *shape.get("members", {}).values(),
                shape.get("member", {}),
                shape.get("value", {}),
            ]:
                unknown |= set(member) & {
                    "locationName",
                    "location",
                    "flattened",
                    "streaming",
                    "xmlNamespace",
                    "timestampFormat",
                    "jsonvalue",
                }
            if unknown:
                raise UnsupportedModel(f"{self.service}: {name} uses {', '.join(sorted(unknown))}")
            if shape["type"] == "map" and self.shapes[shape["key"]["shape"]]["type"] != "string":
                raise UnsupportedModel(f"{self.service}: the keys of {name} are not strings")
        self.check_recursion(names)

    def check_recursion(self, names):
        """A value type may contain itself only through a list or a map."""
        done = set()

        def visit(name, trail):
            if name in trail:
                raise UnsupportedModel(f"{self.service}: {' → '.join([*trail, name])} contains itself")
            if name in done or self.shapes[name]["type"] != "structure":
                return
            for reference in self.references(name):
                visit(reference, [*trail, name])
            done.add(name)

        for name in names:
            visit(name, [])


def read_listing(path):
    """Reads `Family: Operation Operation …` lines; a family may span several, `#` starts a comment line."""
    families = {}
    for line in pathlib.Path(path).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            family, _, names = line.partition(":")
            families.setdefault(family.strip(), []).extend(names.split())
    return families
