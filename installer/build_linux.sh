#!/usr/bin/env bash
# Builds the installable program for Linux in dist/: the folder, the .deb, the .tar.xz, the bill of
# materials, licences and checksums. Needs a Debian or Ubuntu, since what it takes from the system is
# named by Debian's packages. Arguments go to installer/build.py.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/set_up.sh"

environment=${ODBST_BUILD_ENVIRONMENT:-$here/build/environment}
python="$environment/bin/python"
need_packages "${qt_packages[@]}" "${window_packages[@]}"
if [ ! -x "$python" ]; then
    interpreter=$(find_python)
    say "Making the build environment (two minutes, once)"
    "$interpreter" -m venv "$environment"
fi
"$python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    -r "$here/installer/requirements-build.txt"
exec "$python" "$here/installer/build.py" "$@"
