#!/usr/bin/env bash
# Sets everything up, then makes a vault of an invented school in demo-trust/ (once) and shows that
# it opens, is sound, and has its keys. The window comes later; see README.md, "What is built".
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/set_up.sh"

demonstration="$here/demo-trust"

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
