#!/usr/bin/env bash
# Sets everything up and runs every check: format, lint, types, imports, tests.
# Arguments are passed to pytest, e.g.  bash installer/test.sh tests/vault -k recovery
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/set_up.sh"

need_packages "${qt_packages[@]}" "${window_packages[@]}" "xvfb-run xvfb" "xauth xauth"
need_environment "$here/installer/requirements-test.txt"
cd "$here"

if [ $# -eq 0 ]; then
    say "Format, lint, types, imports"
    "$python" -m ruff format --check --quiet .
    "$python" -m ruff check --quiet .
    "$python" -m mypy
    "$environment/bin/lint-imports" --no-logo >/tmp/odbst-imports.$$ 2>&1 ||
        { cat /tmp/odbst-imports.$$; rm -f /tmp/odbst-imports.$$; exit 1; }
    rm -f /tmp/odbst-imports.$$
fi

say "Tests"
QT_QPA_PLATFORM=offscreen "$python" -m pytest -m "not xvfb" "$@"

if [ $# -eq 0 ]; then
    say "Tests in a real window under Xvfb"
    QT_QPA_PLATFORM=xcb xvfb-run --auto-servernum --server-args="-screen 0 1600x1000x24" \
        "$python" -m pytest -m xvfb
fi
