#!/usr/bin/env bash
# Runs a command with a browser for the journeys: scripts/with-chromium.sh COMMAND...
#
# Sets LOBBY_CHROMIUM, the path of Chromium: the value already set; otherwise chromium or Chrome
# on PATH; otherwise the same after installing Debian's package. Without a browser the command is skipped, or fails if CI is set.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"

[ $# -gt 0 ] || { echo "usage: with-chromium.sh COMMAND..." >&2; exit 2; }

find_browser() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return
    done
    return 0
}

browser=${LOBBY_CHROMIUM:-$(find_browser)}
if [ -z "$browser" ] && apt_install chromium fonts-noto-cjk; then browser=$(find_browser); fi
if [ -z "$browser" ]; then
    missing "No Chromium: neither LOBBY_CHROMIUM nor chromium on PATH, and it could not be installed." \
        "The browser journeys are NOT run."
    exit 0
fi

# Without a Chinese font the journeys pass, but Chinese text in the pictures is replaced by boxes.
if command -v fc-list >/dev/null 2>&1 && [ -z "$(fc-list :lang=zh-cn file)" ]; then
    apt_install fonts-noto-cjk || echo "no Chinese font: pictures will show boxes" >&2
fi

LOBBY_CHROMIUM=$browser exec "$@"
