#!/usr/bin/env bash
# Sets everything up, makes a vault of an invented school in demo-trust/ (once), shows that it opens,
# is sound and has its keys, and then, where there is a display, opens the window on it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/set_up.sh"

demonstration="$here/demo-trust"

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    need_packages "${qt_packages[@]}" "${window_packages[@]}"
fi
need_environment "$here/installer/requirements.txt"
mkdir -p "$demonstration"
export XDG_STATE_HOME="$demonstration/state"

if [ ! -e "$demonstration/oakfield/keys.json" ]; then
    printf 'copper lantern drifting orchard\n' >"$demonstration/passphrase.txt"
    "$python" -m odbst_desktop vault create "$demonstration/oakfield" --profile dsl \
        --name "Ruth Ellery" --urn 123456 --school "Oakfield (invented)" \
        --passphrase-file "$demonstration/passphrase.txt"
fi
"$python" -m odbst_desktop vault check "$demonstration/oakfield" \
    --passphrase-file "$demonstration/passphrase.txt"
"$python" -m odbst_desktop keys "$demonstration/oakfield" \
    --passphrase-file "$demonstration/passphrase.txt"

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    say "The passphrase of this invented vault is: $(cat "$demonstration/passphrase.txt")"
    exec "$python" -m odbst_desktop open "$demonstration/oakfield"
fi
say "There is no display here, so no window was opened."
