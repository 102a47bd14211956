#!/usr/bin/env bash
# Sets everything up and runs every check: format, lint, types, imports, tests.
# Arguments are passed to pytest, e.g.  bash installer/test.sh tests/vault -k recovery
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/set_up.sh"

need_packages "${qt_packages[@]}"
need_environment "$here/installer/requirements-test.txt"
cd "$here"

if [ $# -eq 0 ]; then
    say "Format, lint, types, imports"
    "$python" -m ruff format --check --quiet .
    "$python" -m ruff check --quiet .
    "$python" -m mypy
    imports=$("$environment/bin/lint-imports" 2>&1) || {
        say "$imports"
        exit 1
    }
fi

say "Tests"
QT_QPA_PLATFORM=offscreen exec "$python" -m pytest "$@"
