#!/usr/bin/env bash
# Runs a command with a PostgreSQL for tests: scripts/with-postgres.sh [--durable] COMMAND...
#
# Sets LOBBY_TEST_POSTGRES_URL, a database of a user who may create others:
# the value already set; otherwise a private cluster of the installed programs, deleted when the command ends; otherwise the
# same after installing them. Without PostgreSQL the command runs without the variable, or fails if CI is set.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"

# The bench measures durable commits; tests need not wait for the disk.
safety=(-c fsync=off -c full_page_writes=off)
if [ "${1:-}" = --durable ]; then safety=(-c fsync=on); shift; fi
[ $# -gt 0 ] || { echo "usage: with-postgres.sh [--durable] COMMAND..." >&2; exit 2; }
[ -z "${LOBBY_TEST_POSTGRES_URL:-}" ] || exec "$@"

# The folder of the newest complete PostgreSQL. `initdb` on PATH may be a link or a wrapper, so it counts only if
# the other programs are in the same folder.
find_programs() {
    local folder
    while read -r folder; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && [ -x "$folder/pg_ctl" ] && "$folder/initdb" --version >/dev/null 2>&1; then
            printf '%s\n' "$folder"
            return
        fi
    done < <(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr
             for name in initdb postgres; do
                 path=$(command -v $name) && dirname "$path" && dirname "$(readlink -f "$path")"
             done)
}

give_up() { # give_up WHY -- COMMAND...
    [ ! -s "${cluster:-}/log" ] || tail -n 20 "$cluster/log" >&2
    missing "$1" "What follows is tested on SQLite only, NOT on PostgreSQL."
    shift 2
    "$@"
    exit
}

programs=$(find_programs)
if [ -z "$programs" ] && apt_install postgresql; then programs=$(find_programs); fi
[ -n "$programs" ] ||
    give_up "No PostgreSQL: neither LOBBY_TEST_POSTGRES_URL nor its programs, and they could not be installed." -- "$@"

# PostgreSQL refuses to run as root, so another user runs it.
as=()
parent=${TMPDIR:-/tmp}
if [ "$(id -u)" -eq 0 ]; then
    parent=/tmp # that user must be able to reach it
    user=nobody
    id postgres >/dev/null 2>&1 && user=postgres
    as=(setpriv "--reuid=$(id -u $user)" "--regid=$(id -g $user)" --clear-groups --)
fi

cluster=$(mktemp -d "$parent/lobby-postgres.XXXXXX")
server=
stop() {
    trap - EXIT
    if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
        kill -QUIT "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$cluster"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s' "$password" >"$cluster/password"
[ "$(id -u)" -ne 0 ] || chown -R "$user" "$cluster"
locale=C.UTF-8
locale -a 2>/dev/null | grep -qi '^c\.utf-\?8$' || locale=C
(cd "$cluster" && "${as[@]}" "$programs/initdb" --pgdata="$cluster/data" --username=lobby --pwfile="$cluster/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale="$locale" --no-sync --no-instructions >"$cluster/log" 2>&1) ||
    give_up "initdb failed." -- "$@"

# Isolation, locks and time limits are those of production.
start() { # start PORT
    "${as[@]}" "$programs/postgres" -D "$cluster/data" -c listen_addresses=127.0.0.1 -p "$1" \
        -c unix_socket_directories= -c max_connections=200 "${safety[@]}" \
        -c shared_buffers=128MB -c deadlock_timeout=200ms -c log_min_messages=fatal >>"$cluster/log" 2>&1 </dev/null &
    server=$!
    for _ in $(seq 150); do
        kill -0 "$server" 2>/dev/null || return 1
        PGCONNECT_TIMEOUT=2 "$programs/pg_isready" -q -h 127.0.0.1 -p "$1" -U lobby -d postgres && return 0
        sleep 0.1
    done
    return 1
}

port=
for _ in 1 2 3 4 5; do
    candidate=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 10000))
    if start "$candidate"; then port=$candidate; break; fi
done
[ -n "$port" ] || give_up "PostgreSQL did not start." -- "$@"

status=0
LOBBY_TEST_POSTGRES_URL="postgres://lobby:$password@127.0.0.1:$port/postgres" "$@" || status=$?
exit "$status"
