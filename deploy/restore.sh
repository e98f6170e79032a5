#!/usr/bin/env bash
# Brings a backup back into an empty database and an empty data directory, with the platform stopped; then verifies it.
#
# Usage: deploy/restore.sh FOLDER DATA DATABASE KEYS
#   FOLDER    what backup.sh made
#   DATA      the data directory; must not exist or be empty
#   DATABASE  postgresql://OWNER@HOST/NAME of an empty database whose roles are there (deploy/secrets.sh: roles.sql)
#   KEYS      the passphrase file of keys.tar.enc, or the folder of keys that was kept elsewhere
# LEDGER names a newer copy of the ledger's folder than the backup's, as the public and the witnesses have it.
# Afterwards run `ggzy verify --log DATA/ledger --vkey VKEY`, with the vkey that was kept elsewhere, and
# `ggzy migrate --admin URL`, before anything is served.
set -euo pipefail
umask 077

usage='usage: restore.sh FOLDER DATA DATABASE KEYS'
folder=${1:?$usage}
data=${2:?$usage}
database=${3:?$usage}
keys=${4:?$usage}

fail() {
    printf 'restore: %s\n' "$*" >&2
    exit 1
}

(cd "$folder" && sha256sum --check --quiet --strict SHA256SUMS) || fail "$folder is not whole"
if [ -e "$data" ] && [ -n "$(ls -A "$data")" ]; then fail "$data is not empty"; fi
tables="SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
count=$(psql --no-password --no-psqlrc --tuples-only --no-align --command="$tables" "$database")
[ "$count" = 0 ] || fail "the database has $count tables already"

mkdir -p "$data"
if [ -d "$keys" ]; then
    cp -a "$keys" "$data/keys"
else
    [ -e "$folder/keys.tar.enc" ] || fail "$folder has no keys: name the folder where they were kept"
    openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass "file:$keys" -in "$folder/keys.tar.enc" |
        tar --extract --directory="$data"
fi
pg_restore --no-password --exit-on-error --single-transaction --dbname="$database" "$folder/database.dump"
tar --extract --file="$folder/files.tar" --directory="$data"
if [ -n "${LEDGER:-}" ]; then
    rm -rf "$data/ledger"
    cp -a "$LEDGER" "$data/ledger"
fi
