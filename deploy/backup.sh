#!/usr/bin/env bash
# Backs an installation up while it runs: the databases first, in one snapshot, then documents and ledger, so that the
# ledger in the backup holds every record that the databases do, and what was recorded in between is seen to be missing.
#
# Usage: deploy/backup.sh DATA DATABASE FOLDER [PASSPHRASE_FILE]
#   DATA             the data directory (GGZY_DATA)
#   DATABASE         postgresql://ROLE@HOST/NAME of a role that reads every schema; PGPASSFILE gives its password
#   FOLDER           must not exist yet
#   PASSPHRASE_FILE  encrypts the keys with it; without it the keys are left out, for they open every sealed record:
#                    then keep a copy of DATA/keys elsewhere, under lock, or the databases cannot be read again
# Makes: database.dump, files.tar, keys.tar.enc or none, NOTE.txt, and SHA256SUMS last: without it a backup is not whole.
set -euo pipefail
umask 077

usage='usage: backup.sh DATA DATABASE FOLDER [PASSPHRASE_FILE]'
data=${1:?$usage}
database=${2:?$usage}
folder=${3:?$usage}
passphrase=${4:-}

if [ -e "$folder" ]; then
    printf 'backup: %s is there already\n' "$folder" >&2
    exit 1
fi
mkdir -p "$folder"

pg_dump --format=custom --no-password --file="$folder/database.dump" "$database"

# The checkpoint before the tiles: it then asks for none that comes later. A partial tile may go while its full one is
# there, which serves as well; tar ends with 1 for it, and restore.sh verifies the ledger in any case.
files=()
for name in clock.json blobs opened ledger/checkpoint ledger; do
    if [ -e "$data/$name" ]; then files+=("$name"); fi
done
status=0
tar --create --file="$folder/files.tar" --directory="$data" "${files[@]}" || status=$?
if [ "$status" -gt 1 ]; then exit "$status"; fi

if [ -n "$passphrase" ]; then
    tar --create --directory="$data" keys |
        openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -salt -pass "file:$passphrase" -out "$folder/keys.tar.enc"
    keys='密钥已加密，口令另存 / the keys are encrypted; their passphrase is kept elsewhere'
else
    keys='不含密钥：请另行保管 keys 目录，缺之则数据无法解读 / without keys: the folder keys is kept elsewhere, and without it the data cannot be read'
fi
printf '%s\n' "$keys" >"$folder/NOTE.txt"

cd "$folder"
sha256sum -- * >.sums
mv .sums SHA256SUMS
sync -f SHA256SUMS
