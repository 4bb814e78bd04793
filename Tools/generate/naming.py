"""How names of the service models are spelled in Swift."""

import re

KEYWORDS = frozenset(
    {
        "associatedtype",
        "class",
        "deinit",
        "enum",
        "extension",
        "fileprivate",
        "func",
        "import",
        "init",
        "inout",
        "internal",
        "let",
        "open",
        "operator",
        "private",
        "precedencegroup",
        "protocol",
        "public",
        "rethrows",
        "static",
        "struct",
        "subscript",
        "typealias",
        "var",
        "break",
        "case",
        "catch",
        "continue",
        "default",
        "defer",
        "do",
        "else",
        "fallthrough",
        "for",
        "guard",
        "if",
        "in",
        "repeat",
        "return",
        "throw",
        "switch",
        "where",
        "while",
        "as",
        "false",
        "is",
        "nil",
        "self",
        "super",
        "throws",
        "true",
        "try",
    }
)

# Types that generated code names without a qualifier: a structure of that name would hide them.
RESERVED_TYPES = frozenset(
    {
        "Bool",
        "ConstraintChecker",
        "CountRule",
        "Data",
        "Double",
        "EmptyShape",
        "Int",
        "NumberRule",
        "Operation",
        "Pattern",
        "ServiceError",
        "Set",
        "String",
        "StringRule",
        "Timestamp",
        "WireShape",
        "Rules",
        "Failure",
    }
)


def lower_camel(name):
    """`S3Uri` → `s3Uri`, `RoleArn` → `roleArn`, `KMSKeyId` → `kmsKeyId`: also the spelling of error paths."""
    run = re.match(r"[A-Z]*", name).group()
    if len(run) <= 1 or len(run) == len(name):
        return run.lower() + name[len(run) :]
    if name[len(run)].isdigit():
        return run.lower() + name[len(run) :]
    return run[:-1].lower() + run[-1] + name[len(run) :]


def upper_camel(name):
    """The first letter in upper case; shapes of IAM and STS start in lower case."""
    return name[0].upper() + name[1:]


def identifier(name):
    """A Swift identifier, quoted where it is a keyword."""
    return f"`{name}`" if name in KEYWORDS else name


def literal(text):
    """A Swift string literal; raw where that reads better."""
    if any(ord(c) < 0x20 for c in text):
        raise ValueError(f"a control character in {text!r}")
    if "\\" not in text and '"' not in text:
        return f'"{text}"'
    hashes = "#"
    while f'"{hashes}' in text or f"\\{hashes}" in text:
        hashes += "#"
    return f'{hashes}"{text}"{hashes}'
