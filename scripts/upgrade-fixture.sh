#!/usr/bin/env bash
# Saves the database that later releases must be able to migrate: scripts/upgrade-fixture.sh RELEASE
#
# Runs the example `upgrade_fixture` on both engines and packs the results into server/tests/upgrade/RELEASE, with their
# sealing keys. Run it once for each release, on the released commit.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")

[ $# -eq 1 ] || { echo "usage: upgrade-fixture.sh RELEASE" >&2; exit 2; }
if [ -z "${LOBBY_TEST_POSTGRES_URL:-}" ]; then exec "$here/with-postgres.sh" "$0" "$1"; fi

folder=$root/server/tests/upgrade/$1
[ ! -e "$folder" ] || { echo "$folder exists: a fixture is never made again" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/sqlite" "$work/postgres"

cargo build -p server --example upgrade_fixture
program=${CARGO_TARGET_DIR:-$root/target}/debug/examples/upgrade_fixture
"$program" "sqlite:$work/sqlite/lobby.db" "$work/sqlite"
sqlite3 "$work/sqlite/lobby.db" 'PRAGMA wal_checkpoint(TRUNCATE); VACUUM;' >/dev/null

database=lobby_fixture_$$
psql -q "$LOBBY_TEST_POSTGRES_URL" -c "CREATE DATABASE $database"
"$program" "${LOBBY_TEST_POSTGRES_URL%/*}/$database" "$work/postgres"

mkdir -p "$folder"
gzip -9nc "$work/sqlite/lobby.db" >"$folder/sqlite.db.gz"
# INSERT statements that any client can run, without COPY and psql commands.
pg_dump --inserts --no-owner --no-privileges "${LOBBY_TEST_POSTGRES_URL%/*}/$database" |
    sed '/^\\/d' | gzip -9nc >"$folder/postgres.sql.gz"
cp "$work/sqlite/seal.key" "$folder/sqlite.seal.key"
cp "$work/postgres/seal.key" "$folder/postgres.seal.key"
psql -q "$LOBBY_TEST_POSTGRES_URL" -c "DROP DATABASE $database"
ls -l "$folder"
