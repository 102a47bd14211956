#!/usr/bin/env bash
# Tries the built .deb in a fresh Debian made by debootstrap: install, start, demonstration, window,
# remove; the user's data has to stay. Needs root, debootstrap and xvfb. Takes some four minutes.
# Arguments: the .deb, and (if it is there already) a folder with a fresh Debian to copy from.
set -euo pipefail

package=$(readlink -f "$1")
fresh=${2:-}
root=$(mktemp -d /tmp/odbst-root.XXXXXX)
chmod 755 "$root" # or nobody but root can enter what will be its /
display=:97
say() { printf '%s\n' "$*" >&2; }
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"; }
# As a user whose name is not ASCII, without a display unless one is given.
as_user() { inside setpriv --reuid 1000 --regid 1000 --clear-groups env HOME="/home/zoë" USER="zoë" "$@"; }
finish() {
    [ -z "${window:-}" ] || kill "$window" 2>/dev/null || true
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
    umount "$root/proc" 2>/dev/null || true
    rm -rf "$root"
}
trap finish EXIT

if [ -n "$fresh" ]; then
    cp -a "$fresh/." "$root/"
else
    debootstrap --variant=minbase bookworm "$root" >/dev/null
fi
mount -t proc proc "$root/proc"
cp -r /etc/apt/sources.list* /etc/apt/apt.conf.d "$root/etc/apt/" 2>/dev/null || true
cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
cp -r /usr/share/keyrings/. "$root/usr/share/keyrings/"
cp -r /etc/ssl/certs "$root/etc/ssl/" 2>/dev/null || { mkdir -p "$root/etc/ssl" && cp -rL /etc/ssl/certs "$root/etc/ssl/"; }
cp "$package" "$root/tmp/program.deb"
inside apt-get update -qq
say "1 install"
inside env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    desktop-file-utils shared-mime-info /tmp/program.deb >/dev/null 2>&1
mkdir -p "$root/home/zoë"
chown 1000:1000 "$root/home/zoë"
echo "zoë:x:1000:1000::/home/zoë:/bin/sh" >>"$root/etc/passwd"

say "2 doctor, file types, demonstration (no display, no keyring, a user called zoë)"
as_user odbst --version
as_user odbst doctor
grep -q 'application/vnd.odbst.package=odbst-desktop.desktop' "$root/usr/share/applications/mimeinfo.cache"
grep -q 'odbst' "$root/usr/share/mime/globs2"
as_user odbst demo "/home/zoë/demo" | tail -1
as_user odbst vault check "/home/zoë/demo/oakfield" --passphrase-file "/home/zoë/demo/passphrase.txt"
as_user odbst handbook --out "/home/zoë/handbook.pdf"

say "3 no display: a sentence and not a crash"
if as_user odbst open "/home/zoë/demo/oakfield" 2>"$root/tmp/words"; then exit 1; fi
tail -1 "$root/tmp/words"
grep -q 'no display' "$root/tmp/words"

say "4 the window, on the demonstration"
Xvfb "$display" -screen 0 1440x900x24 >/dev/null 2>&1 &
server=$!
sleep 2
as_user env DISPLAY="$display" odbst open "/home/zoë/demo/oakfield" &
window=$!
for _ in $(seq 60); do
    sleep 0.5
    xwininfo -display "$display" -root -tree 2>/dev/null | grep -q 'ODBST Desktop' && break
done
xwininfo -display "$display" -root -tree | grep 'ODBST Desktop'
kill "$window"
wait "$window" 2>/dev/null || true
window=

say "5 remove: nothing of the program stays, the vaults do"
inside apt-get purge -y -qq odbst-desktop >/dev/null 2>&1
left=$(find "$root/usr" "$root/etc" "$root/var/lib" -iname '*odbst*' -not -path '*/var/lib/dpkg/*' | head)
[ -z "$left" ] || { say "left behind: $left"; exit 1; }
test -s "$root/home/zoë/demo/oakfield/vault.sqlite"
say "Passed."
