#!/usr/bin/env python3
"""Writes the Swift that is derived from data: request and response types, and the catalogues.

    generate.py            write the files
    generate.py --check    compare with what is there; exit 1 and name the differences if any

Reads the service models inside the installed `botocore` and the tables in `Catalogue/`. The output depends on
nothing else, so two runs write the same bytes.
"""

import argparse
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
API = pathlib.Path("Sources/SageMakerAPI/Generated")
RESOURCES = pathlib.Path("Sources/Resources/Generated")
IMAGES = pathlib.Path("Sources/Images/Generated")

# botocore's name of a service → the caseless enum that holds its shapes.
SERVICES = {
    "sagemaker": "SageMaker",
    "sagemaker-runtime": "SageMakerRuntime",
    "sts": "STS",
    "iam": "IAM",
    "logs": "CloudWatchLogs",
    "ecr": "ECR",
}


def generated_files():
    """Path below the root → text, of every generated file."""
    from catalogue import framework_releases, instance_catalogue
    from model import Model
    from shapes import ShapeWriter

    files = {}
    for service, namespace in SERVICES.items():
        model = Model(service, HERE / "operations" / f"{service}.txt")
        for name, text in ShapeWriter(model, namespace).files().items():
            # The namespace stands in the file name: object files of one target share a folder.
            unique = name if name == f"{namespace}.swift" else f"{namespace}+{name}"
            files[API / namespace / unique] = text
    files[RESOURCES / "InstanceCatalogue+Table.swift"] = instance_catalogue(
        ROOT / "Catalogue" / "instances.csv"
    )
    files[IMAGES / "ReleaseTable+Table.swift"] = framework_releases(
        ROOT / "Catalogue" / "framework-releases.csv"
    )
    return files


def stale_files(files):
    """Generated files that are there but should not be."""
    there = [path for folder in (API, RESOURCES, IMAGES) for path in (ROOT / folder).rglob("*.swift")]
    return sorted(path for path in there if path.relative_to(ROOT) not in files)


def differences(files):
    """What `--check` has to say, one line each."""
    lines = [f"{path.relative_to(ROOT)} should not be there" for path in stale_files(files)]
    for path, text in files.items():
        target = ROOT / path
        if not target.exists():
            lines.append(f"{path} is missing")
        elif target.read_text() != text:
            lines.append(f"{path} differs")
    return lines


def write(files):
    for path in stale_files(files):
        path.unlink()
    for path, text in files.items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_text() != text:
            target.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    try:
        import botocore
    except ImportError:
        sys.exit("generate: botocore is missing. Run `make generate`, which sets it up.")
    files = generated_files()
    if not arguments.check:
        write(files)
        return
    found = differences(files)
    if found:
        sys.exit(
            "\n".join(found)
            + f"\nThe generated files are not what botocore {botocore.__version__} gives."
            + " Run `make generate` and commit."
        )


if __name__ == "__main__":
    main()
