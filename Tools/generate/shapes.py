"""Swift for the shapes of one service: structures, their constraint checks, operations, errors."""

from model import SCALARS, UnsupportedModel
from naming import RESERVED_TYPES, identifier, literal, lower_camel, upper_camel

# What this platform takes beyond the service: data on its own disks.
EXTENDED_PATTERNS = {"S3Uri": "(https|s3)://([^/]+)/?(.*)|file:///.*"}


class ShapeWriter:
    """Writes the files of one service.

    namespace: the caseless enum that holds everything, such as `SageMaker`.
    """

    def __init__(self, model, namespace):
        self.model = model
        self.namespace = namespace
        self.inputs = set(model.reachable([model.input_name(o) for o in model.listed()]))

    def files(self):
        """File name → text."""
        if list(self.model.families) == ["errors"]:
            return {f"{self.namespace}.swift": self.namespace_file()}
        every = self.model.reachable(self.roots(self.model.listed()))
        self.model.check(every)
        self.check_names(every)
        families = {family: self.family_shapes(names) for family, names in self.model.families.items()}
        structures = [name for name in every if self.model.shapes[name]["type"] == "structure"]
        shared = [n for n in structures if sum(n in members for members in families.values()) > 1]
        files = {f"{self.namespace}.swift": self.namespace_file(), "Rules.swift": self.rules_file(every)}
        for family, operations in self.model.families.items():
            own = [name for name in families[family] if name not in shared]
            files[f"{family}.swift"] = self.family_file(operations, own)
        if shared:
            files["Shared.swift"] = self.header() + self.extension([self.structure(name) for name in shared])
        return files

    def roots(self, operations):
        return [name for o in operations for name in (self.model.input_name(o), self.model.output_name(o))]

    def family_shapes(self, operations):
        names = self.model.reachable(self.roots(operations))
        return [name for name in names if self.model.shapes[name]["type"] == "structure"]

    def check_names(self, names):
        structures = {upper_camel(n) for n in names if self.model.shapes[n]["type"] == "structure"}
        clash = structures & (RESERVED_TYPES | set(self.model.listed()))
        if clash:
            raise UnsupportedModel(f"{self.model.service}: structures hide {', '.join(sorted(clash))}")

    # Files

    def header(self, imports=("package import AWSWire",)):
        lines = [
            f"// Generated from botocore {self.model.botocore_version} by `make generate`:"
            " edit Tools/generate instead.",
            "// swift-format-ignore-file",
            "",
            *imports,
            "",
        ]
        return "\n".join(lines)

    def extension(self, blocks):
        body = "\n\n".join("\n".join("    " + line if line else "" for line in block) for block in blocks)
        return f"\nextension {self.namespace} {{\n{body}\n}}\n"

    def namespace_file(self):
        metadata = self.model.metadata
        lines = [f"/// {metadata['serviceFullName']}, API version {metadata['apiVersion']}."]
        lines.append(f"package enum {self.namespace} {{")
        lines.append(f"    package static let apiVersion = {literal(metadata['apiVersion'])}")
        if "targetPrefix" in metadata:
            lines.append("    /// What stands before the dot in `X-Amz-Target`.")
            lines.append(f"    package static let targetPrefix = {literal(metadata['targetPrefix'])}")
        if "xmlNamespace" in metadata:
            lines.append("    /// Default namespace of every reply.")
            lines.append(f"    package static let xmlNamespace = {literal(metadata['xmlNamespace'])}")
        lines += ["", "    /// Every operation that the service has, built here or not."]
        lines.append("    package static let operationNames: Set<String> = [")
        lines += [f"        {literal(name)}," for name in sorted(self.model.operations)]
        lines += ["    ]", "}", ""]
        text = self.header() + "\n" + "\n".join(lines)
        failures = [self.failure(code, status) for code, status in self.model.errors().items()]
        inner = [
            [
                "/// The errors that the model declares for the operations built here.",
                "package enum Failure {",
            ]
        ]
        for failure in failures:
            inner[0] += ["    " + line for line in failure]
        inner[0].append("}")
        return text + self.extension(inner)

    def failure(self, code, status):
        name = identifier(lower_camel(code.removesuffix("Exception")))
        suffix = "" if status == 400 else f", status: {status}"
        return [
            f"/// `{code}`, HTTP {status}.",
            f"package static func {name}(_ message: String) -> ServiceError {{"
            f" ServiceError({literal(code)}, message{suffix}) }}",
        ]

    def family_file(self, operations, structures):
        blocks = [self.operation(name) for name in operations] + [self.structure(name) for name in structures]
        needs_data = any(
            self.model.shapes[reference]["type"] == "blob"
            for name in structures
            for reference in self.model.reachable([name])
        )
        imports = ["package import AWSWire"] + (["package import Foundation"] if needs_data else [])
        return self.header(imports) + self.extension(blocks)

    # Operations and structures

    def operation(self, name):
        def type_name(shape):
            return upper_camel(shape) if shape else "EmptyShape"

        return [
            f"package enum {name}: AWSWire.Operation {{",
            f"    package typealias Input = {type_name(self.model.input_name(name))}",
            f"    package typealias Output = {type_name(self.model.output_name(name))}",
            f"    package static let name = {literal(name)}",
            "}",
        ]

    def structure(self, name):
        members = self.model.shapes[name].get("members", {})
        lines = [f"package struct {upper_camel(name)}: WireShape, Equatable {{"]
        for member, reference in members.items():
            lines.append(
                f"    package var {identifier(lower_camel(member))}: {self.swift_type(reference['shape'])}?"
            )
        if members:
            lines += ["", "    package init("]
            parameters = [
                f"        {identifier(lower_camel(member))}: {self.swift_type(reference['shape'])}? = nil"
                for member, reference in members.items()
            ]
            lines += [line + "," for line in parameters[:-1]] + [parameters[-1], "    ) {"]
            for member in members:
                swift = lower_camel(member)
                lines.append(f"        self.{swift} = {identifier(swift)}")
            lines += ["    }", "", "    package enum CodingKeys: String, CodingKey {"]
            for member in members:
                swift = lower_camel(member)
                value = "" if swift == member else f" = {literal(member)}"
                lines.append(f"        case {identifier(swift)}{value}")
            lines.append("    }")
        else:
            lines.append("    package init() {}")
        checks = self.checks(name, members)
        signature = "    package func validate(_ checker: inout ConstraintChecker) {"
        lines += ["", signature, *checks, "    }", "}"] if checks else ["", signature + "}", "}"]
        return lines

    def checks(self, name, members):
        """The body of `validate`; empty for what only occurs in replies."""
        if name not in self.inputs:
            return []
        required = self.model.shapes[name].get("required", [])
        found = [
            self.check(member, reference["shape"], member in required)
            for member, reference in members.items()
        ]
        return ["        " + check for check in found if check]

    def swift_type(self, name):
        shape = self.model.shapes[name]
        if shape["type"] == "structure":
            return upper_camel(name)
        if shape["type"] == "list":
            return f"[{self.swift_type(shape['member']['shape'])}]"
        if shape["type"] == "map":
            return f"[String: {self.swift_type(shape['value']['shape'])}]"
        return SCALARS[shape["type"]]

    # Constraint checks

    def check(self, member, shape_name, required):
        swift = lower_camel(member)
        call = self.call(
            f"self.{swift}", literal(swift), ".required" if required else ".optional", shape_name
        )
        if call:
            return f"checker.{call}"
        return f"checker.required(self.{swift}, {literal(swift)})" if required else None

    def call(self, value, path, presence, shape_name):
        """The call on a checker that checks a value; nothing if its shape has no constraint of its own."""
        shape = self.model.shapes[shape_name]
        rule = self.rule_reference(shape_name)
        start = f"{value}, {path}, {presence}"
        match shape["type"]:
            case "string":
                return f"string({start}, {rule})" if self.rule(shape_name) else None
            case "integer" | "long" | "float" | "double":
                return f"number({start}, {rule})" if self.rule(shape_name) else None
            case "blob":
                return f"blob({start}, {rule})" if self.rule(shape_name) else None
            case "structure":
                return f"structure({start})"
            case "list":
                element = shape["member"]["shape"]
                if self.model.shapes[element]["type"] == "string":
                    if not self.rule(shape_name) and not self.rule(element):
                        return None
                    return f"strings({start}, {rule}, each: {self.rule_reference(element)})"
                each = self.element(element)
                return (
                    f"list({start}, {rule}){each}"
                    if self.rule(shape_name) or each != " { _, _ in }"
                    else None
                )
            case "map":
                key, element = shape["key"]["shape"], shape["value"]["shape"]
                keys = f"keys: {self.rule_reference(key)}"
                if self.model.shapes[element]["type"] == "string":
                    if not (self.rule(shape_name) or self.rule(key) or self.rule(element)):
                        return None
                    return f"strings({start}, {rule}, {keys}, values: {self.rule_reference(element)})"
                each = self.element(element)
                if self.rule(shape_name) or self.rule(key) or each != " { _, _ in }":
                    return f"map({start}, {rule}, {keys}){each}"
        return None

    def element(self, shape_name):
        """A closure that checks a member of a list or map."""
        if self.model.shapes[shape_name]["type"] == "structure":
            return " { $1.validate(&$0) }"
        call = self.call("$1", '""', ".optional", shape_name)
        if call and "$1" in call[call.find(")") :]:
            raise UnsupportedModel(f"{self.model.service}: {shape_name} is nested too deeply")
        return f" {{ $0.{call} }}" if call else " { _, _ in }"

    # Rules

    def rule_reference(self, name):
        return f"Rules.{identifier(lower_camel(name))}" if self.rule(name) else ".any"

    def rule(self, name):
        """The right-hand side of a rule's declaration; nothing if the shape has no constraint."""
        shape = self.model.shapes[name]
        bounds = [f"minimum: {shape['min']}"] if "min" in shape else []
        bounds += [f"maximum: {shape['max']}"] if "max" in shape else []
        match shape["type"]:
            case "string":
                if "pattern" in shape:
                    pattern = EXTENDED_PATTERNS.get(name, shape["pattern"])
                    bounds.append(f"pattern: Pattern({literal(pattern)})")
                if "enum" in shape:
                    bounds.append(f"values: [{', '.join(literal(value) for value in shape['enum'])}]")
                return f"StringRule({', '.join(bounds)})" if bounds else None
            case "integer" | "long":
                return f"NumberRule<Int>({', '.join(bounds)})" if bounds else None
            case "float" | "double":
                return f"NumberRule<Double>({', '.join(bounds)})" if bounds else None
            case "list" | "map" | "blob":
                return f"CountRule({', '.join(bounds)})" if bounds else None
        return None

    def rules_file(self, names):
        declared = sorted(
            (lower_camel(name), name) for name in names if name in self.inputs and self.rule(name)
        )
        lines = ["/// What the model says about the values of requests, by shape.", "enum Rules {"]
        lines += [f"    static let {identifier(swift)} = {self.rule(name)}" for swift, name in declared]
        lines.append("}")
        return self.header(["import AWSWire"]) + self.extension([lines])
