#!/usr/bin/env bash
# Makes the secrets of an installation's parts, one file each, and what of it PostgreSQL has to know.
#
# Usage: deploy/secrets.sh FOLDER [BROKER [DATABASE]]
#   FOLDER             must not exist yet
#   BROKER, DATABASE   HOST or HOST:PORT, by default 127.0.0.1
# Makes in it:
#   PART.env    GGZY_BROKER with the part's own user, and PGPASSWORD for its role where it has one
#   roles.sql   the roles with their passwords and the database, for psql as PostgreSQL's superuser
#   pgpass      every role's password, for `ggzy doctor` and deploy/backup.sh
#   postgres    a password for PostgreSQL's superuser, for compose.yaml alone
set -euo pipefail
umask 077

folder=${1:?usage: secrets.sh FOLDER [BROKER [DATABASE]]}
broker=${2:-127.0.0.1}
database=${3:-127.0.0.1}

if [ -e "$folder" ]; then
    printf 'secrets: %s is there already; nothing was changed\n' "$folder" >&2
    exit 1
fi
mkdir -p "$(dirname "$folder")"
made=$(mktemp -d "$folder.XXXXXX")

secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# role NAME PART: give a part a role of the database with a password
role() {
    local password
    password=$(secret)
    printf "CREATE ROLE %s LOGIN PASSWORD '%s';\n" "$1" "$password" >>"$made/roles.sql"
    printf '%s:*:*:%s:%s\n' "${database%%:*}" "$1" "$password" >>"$made/pgpass"
    printf 'PGPASSWORD=%s\n' "$password" >>"$made/$2.env"
}

services=()
for file in "$(dirname "$0")"/../services/*/service.py; do services+=("$(basename "$(dirname "$file")")"); done

for part in "${services[@]}" portal relay migrate operator; do
    printf 'GGZY_BROKER=amqp://ggzy-%s:%s@%s/ggzy\n' "$part" "$(secret)" "$broker" >"$made/$part.env"
done
for part in "${services[@]}" portal; do role "$part" "$part"; done
role ggzy migrate
printf '%s\n' "$(secret)" >"$made/postgres"
printf 'ADMIN_URL=postgresql+psycopg2://ggzy@%s/ggzy\n' "$database" >>"$made/migrate.env"
printf 'CREATE DATABASE ggzy OWNER ggzy;\n' >>"$made/roles.sql"
mv "$made" "$folder"
