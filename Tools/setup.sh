#!/bin/bash
# Installs what building and testing Clary needs and this machine lacks. Quick when nothing is missing:
# every step leaves a stamp under .clary/stamps that names what it installed.
# With the argument `tests`, also what only the end-to-end tests use and can do without: they skip those tests visibly.
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
PARQUET="pyarrow==26.0.1 numpy==2.4.6"  # ParquetEnvironment.swift has the same.
XGBOOST_VERSION=3.0.5  # Loads the models of SageMaker's older containers; 3.2 does not.

say() { Tools/say.sh "$1"; }
fail() { printf 'setup: %s\n' "$1" >&2; exit 1; }
stamp_is() { [ "$(cat ".clary/stamps/$1" 2>/dev/null)" = "$2" ]; }
stamp() { mkdir -p .clary/stamps; printf '%s\n' "$2" > ".clary/stamps/$1"; }

check_swift() {
    command -v swift >/dev/null ||
        fail "Swift is not on PATH. Install Swift 6.3 or later (https://www.swift.org/install/linux/) and try again."
    local text version
    text=$(swift --version 2>/dev/null) || fail "'swift --version' fails. Reinstall the Swift toolchain."
    version=$(sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' <<< "$text" | head -1)
    [ -n "$version" ] || fail "Cannot read the version from 'swift --version': $text"
    [ "$(printf '6.3\n%s\n' "$version" | sort -V | head -1)" = 6.3 ] ||
        fail "Swift $version is on PATH; Clary needs 6.3 or later (https://www.swift.org/install/linux/)."
}

# Debian packages that are missing. A tool that is there without its package is as good.
missing_packages() {
    command -v bwrap >/dev/null || echo bubblewrap
    command -v ip >/dev/null || echo iproute2
    command -v unshare >/dev/null || echo util-linux
    [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
    python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3 python3-venv
    has_header sqlite3.h || echo libsqlite3-dev
    has_header zlib.h || echo zlib1g-dev
}

# The way out of a job's network.
network_packages() {
    command -v slirp4netns >/dev/null || echo slirp4netns
}

# The second of the two generations of the `aws` command that the tests drive, what makes a certificate for them, and a
# container engine with what its images are made of (crun, which Debian would choose, needs another kernel setup than runc).
optional_packages() {
    [ -x /usr/bin/aws ] || echo awscli
    command -v openssl >/dev/null || echo openssl
    command -v podman >/dev/null || echo podman containernetworking-plugins iptables
    command -v runc >/dev/null || echo runc
    command -v debootstrap >/dev/null || echo debootstrap
    command -v docker-registry >/dev/null || echo docker-registry
    command -v mpirun >/dev/null || echo openmpi-bin
}

has_header() { [ -e "/usr/include/$1" ] || compgen -G "/usr/include/*/$1" >/dev/null; }

install_packages() {
    local packages line
    packages=$("$1" | tr '\n' ' ')
    [ -n "${packages// }" ] || return 0
    line="apt-get install -y --no-install-recommends ${packages% }"
    command -v apt-get >/dev/null ||
        fail "These are missing and there is no apt-get here to install them: ${packages% }"
    local sudo=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null ||
            fail "System packages are missing and this user may not install them. Run once:
    sudo apt-get update && sudo $line"
        sudo=(sudo -n)
    fi
    say "Installing system packages: ${packages% }"
    # shellcheck disable=SC2086 # The line is a list of words.
    { "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive $line -qq; } </dev/null >.clary/apt.log 2>&1 || {
        tail -n 20 .clary/apt.log >&2
        fail "Installing failed. Run by hand and look: $line"
    }
}

# uv in a virtual environment of its own (Debian refuses a system-wide pip); one on PATH serves as well.
install_uv() {
    local found
    mkdir -p .clary/tools/bin
    if found=$(command -v uv); then
        ln -sfn "$found" .clary/tools/bin/uv
        return
    fi
    if ! { stamp_is uv "$UV_VERSION" && .clary/tools/bin/uv --version >/dev/null 2>&1; }; then
        say "Installing uv $UV_VERSION into .clary/tools"
        rm -rf .clary/tools/uv
        python3 -m venv .clary/tools/uv &&
            .clary/tools/uv/bin/python -m pip install -q --disable-pip-version-check "uv==$UV_VERSION" ||
            fail "Installing uv from PyPI failed. Is PyPI reachable? A uv on PATH is taken instead."
        ln -sfn ../uv/bin/uv .clary/tools/bin/uv
        stamp uv "$UV_VERSION"
    fi
}

# libxgboost.so and the OpenMP library that its wheel carries, side by side in .clary/lib.
install_xgboost() {
    stamp_is xgboost "$XGBOOST_VERSION" && [ -e .clary/lib/libxgboost.so ] && return
    say "Fetching libxgboost $XGBOOST_VERSION into .clary/lib"
    rm -rf .clary/tmp/xgboost
    mkdir -p .clary/lib
    .clary/tools/bin/uv pip install -q --no-deps --target .clary/tmp/xgboost "xgboost-cpu==$XGBOOST_VERSION" ||
        fail "Fetching xgboost-cpu $XGBOOST_VERSION from PyPI failed. Is PyPI reachable?"
    python3 - .clary/tmp/xgboost .clary/lib <<'PYTHON' || fail "xgboost-cpu has another layout than expected."
import pathlib, sys

wheel, destination = map(pathlib.Path, sys.argv[1:])
# The wheel keeps its OpenMP beside the package; here the two libraries share a folder.
search_path = b"$ORIGIN/../../xgboost_cpu.libs\0"
library = (wheel / "xgboost/lib/libxgboost.so").read_bytes()
bundled = list((wheel / "xgboost_cpu.libs").glob("*.so*"))
if library.count(search_path) != 1 or not bundled:
    sys.exit("libxgboost.so does not look for its libraries where it did")
for path in bundled:
    (destination / path.name).write_bytes(path.read_bytes())
temporary = destination / "libxgboost.so.new"
temporary.write_bytes(library.replace(search_path, b"$ORIGIN".ljust(len(search_path), b"\0")))
temporary.replace(destination / "libxgboost.so")
PYTHON
    rm -rf .clary/tmp/xgboost
    stamp xgboost "$XGBOOST_VERSION"
}

# pyarrow for the system's own Python, which sandboxes see too: a folder of packages in .clary/lib/parquet.
install_parquet() {
    local interpreter
    interpreter=$(readlink -f /usr/bin/python3)
    stamp_is parquet "$PARQUET $interpreter" && [ -e .clary/lib/parquet/INTERPRETER ] && return
    say "Fetching pyarrow into .clary/lib/parquet (some 220 MB)"
    rm -rf .clary/lib/parquet .clary/tmp/parquet
    # shellcheck disable=SC2086 # The requirements are a list of words.
    .clary/tools/bin/uv pip install -q --compile-bytecode --python "$interpreter" --target .clary/tmp/parquet $PARQUET || {
        say "Going on without: Parquet files cannot be read (is PyPI reachable?)"
        return
    }
    printf '%s\n' "$interpreter" > .clary/tmp/parquet/INTERPRETER
    mv .clary/tmp/parquet .clary/lib/parquet
    stamp parquet "$PARQUET $interpreter"
}

# A Python environment under .clary/venv: exactly the packages of a lock file.
install_python_environment() {
    local name=$1 lock=$2 size=$3 wanted
    wanted=$(sha256sum < "$lock")
    stamp_is "$name" "$wanted" && ".clary/venv/$name/bin/python" -c '' 2>/dev/null && return
    say "Making the Python environment .clary/venv/$name (some $size from PyPI the first time)"
    [ -x ".clary/venv/$name/bin/python" ] ||
        .clary/tools/bin/uv venv -q --clear --python '>=3.10' ".clary/venv/$name"
    .clary/tools/bin/uv pip sync -q --python ".clary/venv/$name/bin/python" "$lock" ||
        fail "Installing $lock failed. Is PyPI reachable?"
    stamp "$name" "$wanted"
}

check_swift
mkdir -p .clary
install_packages missing_packages
(install_packages network_packages) ||
    say "Going on without: jobs will reach Clary and their peers, not the Internet"
[ "${1:-}" != tests ] || (install_packages optional_packages) ||
    say "Going on without: the end-to-end tests that need them are skipped"
install_uv
install_xgboost
install_parquet
# That of the end-to-end tests, the example and the generator, and the second generation of the SDK for the tests.
install_python_environment e2e Tests/EndToEnd/requirements.lock "300 MB"
[ "${1:-}" != tests ] || install_python_environment v3 Tests/EndToEnd/requirements-v3.lock "250 MB"
