#!/bin/bash
# fuzz-asan.sh [ROUNDS]: feeds damaged documents to every reader under AddressSanitizer.
#
# The readers depend on nothing, so a package of them and their tests alone is built, beside the real one: the sanitizer
# needs every module compiled anew. Checks of bounds stay on, as in the product.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-100000}
package=.build-asan
mkdir -p "$package/Sources" "$package/Tests"
ln -sfn ../../Sources/DataFormats "$package/Sources/DataFormats"
ln -sfn ../../Tests/DataFormatsTests "$package/Tests/DataFormatsTests"
{
    sed -n '1,/^]$/p' Package.swift
    cat <<'SWIFT'

let package = Package(
    name: "readers",
    platforms: [.macOS(.v26)],
    targets: [
        .target(name: "DataFormats", swiftSettings: settings),
        .testTarget(name: "DataFormatsTests", dependencies: ["DataFormats"], swiftSettings: settings),
    ]
)
SWIFT
} > "$package/Package.swift"
# XCTest itself never frees two of its objects.
ASAN_OPTIONS=detect_leaks=0 CLARY_FUZZ_ROUNDS=$rounds swift test --package-path "$package" -c release --disable-testable-imports \
    --sanitize=address --filter "FuzzTests"
