#!/usr/bin/env bash
# Tries the Windows installer under Wine with a STAGED folder: there is no Windows here to build the
# program on, so two small programs of Wine stand in for it. Compiles with makensis, signs with a
# stand-in, installs silently for everybody and for one account, upgrades, removes; data has to stay.
# Needs nsis and wine (64 bit).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
place=$(mktemp -d /tmp/odbst-wine.XXXXXX)
export WINEPREFIX="$place/prefix" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml=" DISPLAY=
say() { printf '%s\n' "$*" >&2; }
finish() {
    wineserver -k 2>/dev/null || /usr/lib/wine/wineserver64 -k 2>/dev/null || true
    rm -rf "$place"
}
trap finish EXIT
disk="$WINEPREFIX/drive_c"
stand_in=$(find /usr/lib -path '*x86_64-windows/winver.exe' | head -1)

make() { # version, and a file that only this version has
    local folder="$place/staged-$1"
    mkdir -p "$folder/_internal/odbst_desktop/shipped_files"
    cp "$stand_in" "$folder/odbst.exe"
    cp "$stand_in" "$folder/odbst-window.exe"
    echo "$1" >"$folder/_internal/odbst_desktop/shipped_files/version.txt"
    echo x >"$folder/_internal/$2"
    makensis -V2 "-DVERSION=$1" "-DSOURCE=$folder" "-DOUT=$place/setup-$1.exe" \
        "-DSIGN=$place/sign" "$here/windows/setup.nsi"
}
# Stands in for signtool: it writes down what it was given to sign.
printf '#!/bin/sh\necho "$1" >>"%s/signed"\n' "$place" >"$place/sign"
chmod +x "$place/sign"

reg() { wine reg query "$@" 2>/dev/null | tr -d '\r'; }
has() { reg "$1" /v "$2" | grep -q "$3" || { say "missing in the registry: $1 $2 $3"; exit 1; }; }
gone() { ! reg "$1" | grep -q . || { say "left in the registry: $1"; exit 1; }; }
uninstall_key='Software\Microsoft\Windows\CurrentVersion\Uninstall\odbst-desktop'

say "1 compile two versions, signing each"
make 0.1.0 only-in-the-first.txt
make 0.2.0 only-in-the-second.txt
[ "$(wc -l <"$place/signed")" -eq 4 ]
wineboot -i >/dev/null 2>&1
wine reg add 'HKCU\Software\Wine' /v Version /d win10 /f >/dev/null

for mode in AllUsers CurrentUser; do
    if [ "$mode" = AllUsers ]; then
        hive=HKLM folder="$disk/Program Files/ODBST Desktop"
    else
        hive=HKCU folder="$disk/users/$(id -un)/AppData/Local/ODBST Desktop"
    fi
    say "2 install for $mode, silently"
    wine "$place/setup-0.1.0.exe" /S "/$mode"
    [ -d "$folder" ] || folder=$(dirname "$(find "$disk" -name odbst-window.exe | head -1)")
    test -s "$folder/odbst-window.exe"
    test -s "$folder/_internal/only-in-the-first.txt"
    has "$hive\\$uninstall_key" DisplayVersion 0.1.0
    has "$hive\\$uninstall_key" QuietUninstallString '/S'
    reg "$hive\\Software\\Classes\\ODBST.Package\\shell\\open\\command" | grep -q 'open "%1"'
    vault="$disk/users/$(id -un)/Documents/ODBST vault"
    mkdir -p "$vault" "$folder/_internal"
    echo kept >"$vault/vault.sqlite"
    [ "$mode" = CurrentUser ] || test -d "$disk/ProgramData/ODBST Desktop"

    say "3 upgrade"
    wine "$place/setup-0.2.0.exe" /S "/$mode"
    test ! -e "$folder/_internal/only-in-the-first.txt"
    test -s "$folder/_internal/only-in-the-second.txt"
    has "$hive\\$uninstall_key" DisplayVersion 0.2.0

    say "4 remove, silently; the vault stays"
    # It goes on from a copy of itself, so that it can remove itself: wait for that.
    wine "$folder/uninstall.exe" "/$mode" /S
    for _ in $(seq 60); do
        [ -e "$folder/uninstall.exe" ] || break
        sleep 0.5
    done
    wineserver -w 2>/dev/null || sleep 3
    test ! -e "$folder/odbst.exe"
    test ! -e "$folder/_internal"
    gone "$hive\\$uninstall_key"
    gone "$hive\\Software\\Classes\\ODBST.Package"
    gone "$hive\\Software\\Classes\\.odbst"
    grep -q kept "$vault/vault.sqlite"
    rm -rf "$folder"
done
say "Passed."
