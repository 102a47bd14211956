#!/usr/bin/env bash
# Sets everything up and opens the window on the demonstration trust; where there is no display,
# makes the demonstration trust and pictures of every tab in demo-trust/ instead.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/set_up.sh"

demonstration="$here/demo-trust"

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    need_packages "${qt_packages[@]}" "${window_packages[@]}"
else
    need_packages "${qt_packages[@]}"
fi
need_environment "$here/installer/requirements.txt"

if [ ! -e "$demonstration/collated.csv" ]; then
    say "Making the demonstration trust in demo-trust/ (under a minute, once)"
    "$python" -m odbst_desktop demo "$demonstration"
fi

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$python" -m odbst_desktop open "$demonstration/oakfield" \
        --passphrase-file "$demonstration/passphrase.txt"
fi

say "No display was found, so the window is photographed instead."
"$python" -m odbst_desktop screenshots "$demonstration" --out "$demonstration/screenshots"
