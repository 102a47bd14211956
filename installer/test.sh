#!/usr/bin/env bash
# Sets everything up and runs every check: format, lint, types, imports, tests, and the tests marked
# “display” once more in a real window under Xvfb.
# Arguments are passed to pytest, e.g.  bash installer/test.sh tests/vault -k recovery
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/set_up.sh"

need_packages "${qt_packages[@]}"
need_environment "$here/installer/requirements-test.txt"
cd "$here"

if [ $# -gt 0 ]; then
    QT_QPA_PLATFORM=offscreen exec "$python" -m pytest "$@"
fi

say "Format, lint, types, imports"
"$python" -m ruff format --check --quiet .
"$python" -m ruff check --quiet .
"$python" -m mypy
imports=$("$environment/bin/lint-imports" 2>&1) || {
    say "$imports"
    exit 1
}

need_packages "dbus-run-session dbus" "gnome-keyring-daemon gnome-keyring" ||
    say "NOT RUN: the tests of quick unlock, because a keyring could not be installed here."

need_packages "java default-jre-headless" ||
    say "NOT RUN: the tests on Apache Spark, because Java could not be installed here."

say "Tests"
QT_QPA_PLATFORM=offscreen "$python" -m pytest

if need_packages "${window_packages[@]}" "xvfb-run xvfb" "xauth xauth"; then
    say "Tests of the real window, under Xvfb"
    QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1440x900x24" "$python" -m pytest -m display
else
    say "NOT RUN: the tests of the real window, because Xvfb could not be installed here."
fi
