#!/usr/bin/env bash
# Renews the locked, hashed dependencies from pyproject.toml. Needs `uv` on the PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

lock() {
    uv pip compile --universal --python-version 3.11 --generate-hashes --quiet \
        --no-emit-index-url --no-emit-find-links \
        --custom-compile-command "bash installer/lock.sh" "$@"
}

lock pyproject.toml --extra install -o installer/requirements.txt
lock pyproject.toml --extra install --extra cluster --extra test -o installer/requirements-test.txt
lock installer/requirements-build.in -o installer/requirements-build.txt
