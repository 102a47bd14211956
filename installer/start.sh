#!/usr/bin/env bash
# Sets everything up and makes the demonstration trust in demo-trust/ (once). Then, where there is a
# display, opens the window on it; elsewhere writes pictures of every tab into demo-trust/screenshots.
# Argument: which vault to open: oakfield (the default), st-marys, governor or trust.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/set_up.sh"

demonstration="$here/demo-trust"
vault="$demonstration/${1:-oakfield}"
has_display=${DISPLAY:-${WAYLAND_DISPLAY:-}}

need_packages "${qt_packages[@]}"
if [ -n "$has_display" ]; then
    need_packages "${window_packages[@]}"
fi
need_environment "$here/installer/requirements.txt"
export XDG_STATE_HOME="$demonstration/.state"

if [ ! -e "$demonstration/collated.csv" ]; then
    # What an interrupted run left behind is not whole: begin again.
    rm -rf "$demonstration"
    say "Making the demonstration trust in demo-trust (ten seconds, once)"
    "$python" -m odbst_desktop demo "$demonstration"
fi
if [ ! -e "$vault/keys.json" ]; then
    say "There is no vault “${1:-}” in demo-trust. Choose oakfield, st-marys, governor or trust."
    exit 2
fi

if [ -n "$has_display" ]; then
    say "The passphrase of every vault in demo-trust is: $(cat "$demonstration/passphrase.txt")"
    exec "$python" -m odbst_desktop open "$vault"
fi
say "There is no display here: pictures of every tab are written to demo-trust/screenshots"
# The warnings are the drawing plugin's own and mean nothing to anybody.
QT_LOGGING_RULES='*.warning=false' QT_QPA_PLATFORM=offscreen exec "$python" -m odbst_desktop screenshots \
    "$demonstration" "$demonstration/screenshots"
