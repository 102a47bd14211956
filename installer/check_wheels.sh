#!/usr/bin/env bash
# Asks whether every locked package has a wheel for a system, without building anything:
#   bash installer/check_wheels.sh [win_amd64|macosx_12_0_arm64|macosx_12_0_x86_64] [3.12]
# Wheels are fetched and their hashes compared with the lock. Needs pip, and the network.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
platform=${1:-win_amd64} python=${2:-3.12}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# pip judges “; sys_platform == …” by this computer, so the lock is narrowed to the other one first.
python3 - "$here/requirements.txt" "$platform" "$python" >"$place/lock.txt" <<'PYTHON'
import sys
from pip._vendor.packaging.markers import Marker

path, platform, python = sys.argv[1:]
system = "win32" if platform.startswith("win") else "darwin"
surroundings = {
    "sys_platform": system, "python_version": python, "python_full_version": f"{python}.0",
    "platform_python_implementation": "CPython", "implementation_name": "cpython",
}
block, keep = [], False
for line in open(path, encoding="utf-8"):
    if line[:1].isalnum():
        named, _, rest = line.partition(" ; ")
        marker = rest.rstrip("\\\n ").strip()
        keep = not marker or Marker(marker).evaluate(surroundings)
        line = named.rstrip("\\\n ") + " \\\n"
    if keep and not line.lstrip().startswith("#"):
        print(line, end="")
PYTHON
python3 -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
    --only-binary :all: --platform "$platform" --python-version "$python" --implementation cp \
    --dest "$place/wheels" --requirement "$place/lock.txt"
echo "$platform, Python $python: $(ls "$place/wheels" | wc -l) wheels, each as locked."
