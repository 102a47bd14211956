# Shared by start.sh and test.sh: makes everything the program needs, once.
# Sourced with bash; sets `here` (the checkout) and `python` (the environment's interpreter).

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
environment="$here/.venv"
python="$environment/bin/python"

say() { printf '%s\n' "$*" >&2; }

# Prints the interpreter to build the environment with: the newest Python from 3.11 up.
find_python() {
    local candidate
    for candidate in python3.13 python3.12 python3.11 python3 python; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 14)))' 2>/dev/null; then
            printf '%s' "$candidate"
            return 0
        fi
    done
    say "ODBST Desktop needs Python 3.11, 3.12 or 3.13, and none was found. Install python3 and run this again."
    return 1
}

# Arguments: pairs of "library package". Prints the packages whose library cannot be loaded.
missing_packages() {
    "$1" - "${@:2}" <<'PYTHON'
import ctypes
import shutil
import sys

for pair in sys.argv[1:]:
    what, package = pair.split()
    if what.startswith("lib"):
        try:
            ctypes.CDLL(what)
        except OSError:
            print(package)
    elif shutil.which(what) is None:
        print(package)
PYTHON
}

# Installs system packages: at once as root, after asking otherwise.
install_packages() {
    local packages=("$@") answer
    if ! command -v apt-get >/dev/null 2>&1; then
        say "These system packages (named as on Debian) are missing: ${packages[*]}"
        say "Install what your system calls them and run this again."
        return 1
    fi
    if [ "$(id -u)" -eq 0 ]; then
        say "Installing system packages: ${packages[*]}"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
        return
    fi
    say "These system packages are missing: ${packages[*]}"
    if [ ! -t 0 ] || ! command -v sudo >/dev/null 2>&1; then
        say "Ask an administrator to run:  apt-get install ${packages[*]}"
        return 1
    fi
    read -r -p "Install them now with sudo? [y/N] " answer
    case "$answer" in
    [yY]*) sudo apt-get update -qq && sudo apt-get install -y --no-install-recommends "${packages[@]}" ;;
    *)
        say "Nothing was installed."
        return 1
        ;;
    esac
}

# Arguments: pairs of "library package" that must be there.
need_packages() {
    local interpreter missing
    interpreter=$(find_python) || return 1
    mapfile -t missing < <(missing_packages "$interpreter" "$@")
    [ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}"
}

# Argument: the locked requirements file. Makes or refreshes the environment; quick when nothing changed.
need_environment() {
    local locked="$1" interpreter stamp wanted
    stamp="$environment/installed-from-$(basename "$locked")"
    wanted=$(cat "$locked" "$here/pyproject.toml" | sha256sum | cut -d' ' -f1)
    if [ -x "$python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
        return 0
    fi
    interpreter=$(find_python) || return 1
    if ! "$interpreter" -c 'import ensurepip, venv' 2>/dev/null; then
        install_packages python3-venv || return 1
    fi
    say "Setting up the environment in .venv (a minute, once)"
    [ -x "$python" ] || "$interpreter" -m venv "$environment" || return 1
    "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$locked" || return 1
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e "$here" || return 1
    printf '%s\n' "$wanted" >"$stamp"
}

# What Qt needs to draw without a display.
qt_packages=(
    "libGL.so.1 libgl1" "libEGL.so.1 libegl1" "libxkbcommon.so.0 libxkbcommon0"
    "libfontconfig.so.1 libfontconfig1" "libdbus-1.so.3 libdbus-1-3" "libglib-2.0.so.0 libglib2.0-0"
)
# What a real window on X needs besides.
window_packages=(
    "libxcb-cursor.so.0 libxcb-cursor0" "libxcb-icccm.so.4 libxcb-icccm4"
    "libxcb-keysyms.so.1 libxcb-keysyms1" "libxcb-shape.so.0 libxcb-shape0"
    "libxkbcommon-x11.so.0 libxkbcommon-x11-0"
)
