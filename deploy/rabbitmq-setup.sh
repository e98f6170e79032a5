#!/usr/bin/env bash
# Makes the broker's vhost, a user of least rights for each part of the platform, and removes `guest`. Safe to repeat.
#
# Usage: deploy/rabbitmq-setup.sh SECRETS [SERVICE...]
#   SECRETS  the folder that deploy/secrets.sh made: PART.env gives each part's GGZY_BROKER
#   SERVICE  by default every part in SECRETS that is a service
# RABBITMQCTL names another rabbitmqctl, with its options.
#
# Rights, as shared/messaging/topology.py and its users need them. A queue's consumer declares it, so it may also delete
# it; all parts share the exchanges and the dead-letter queue, which every one of them declares. The relay and `migrate`
# make the whole topology on a broker that has lost it. Topic permissions say which routing keys a part may use, so that
# no service calls another or tells events in another's name.
set -euo pipefail

secrets=${1:?usage: rabbitmq-setup.sh SECRETS [SERVICE...]}
shift
if [ $# = 0 ]; then
    for file in "$secrets"/*.env; do
        part=$(basename "$file" .env)
        case $part in portal | relay | migrate | operator | ggzy) ;; *) set -- "$@" "$part" ;; esac
    done
fi
read -r -a rabbitmqctl <<<"${RABBITMQCTL:-rabbitmqctl}"

ctl() { "${rabbitmqctl[@]}" --quiet "$@"; }

fail() {
    printf 'rabbitmq-setup: %s\n' "$*" >&2
    exit 1
}

# url PART: the part's broker address
url() {
    local line
    line=$(grep '^GGZY_BROKER=' "$secrets/$1.env") || fail "$secrets/$1.env gives no GGZY_BROKER"
    printf '%s' "${line#GGZY_BROKER=}"
}

# password PART: the address is amqp://USER:PASSWORD@HOST/VHOST
password() {
    local address
    address=$(url "$1")
    address=${address#*://*:}
    printf '%s' "${address%%@*}"
}

has() { grep -qxF -- "$1"; }

# user PART CONFIGURE WRITE READ: rights over queues and exchanges, as regular expressions
user() {
    local name=ggzy-$1
    if ctl list_users | cut -f1 | has "$name"; then
        password "$1" | ctl change_password "$name"
    else
        password "$1" | ctl add_user "$name"
    fi
    ctl set_permissions --vhost "$vhost" "$name" "$2" "$3" "$4"
    ctl clear_topic_permissions --vhost "$vhost" "$name"
}

# keys PART EXCHANGE WRITE READ: routing keys to publish with and to bind with
keys() { ctl set_topic_permissions --vhost "$vhost" "ggzy-$1" "$2" "$3" "$4"; }

services=$(IFS='|' && printf '%s' "$*")
vhost=$(url migrate)
vhost=${vhost##*/}
exchanges='ggzy\.events|nameko-rpc|ggzy\.dead'
replies='^amq\.gen-'
none='^$'

if ! ctl list_vhosts name | has "$vhost"; then
    ctl add_vhost "$vhost" --default-queue-type quorum
fi

for service in "$@"; do
    own="^(ggzy\.events|nameko-rpc|ggzy\.dead|rpc-$service(_views)?|events-$service|heads-$service-[0-9a-f]+)\$"
    user "$service" "$own" "$own" "$own"
    keys "$service" ggzy.events "^$service\." '.*'
    case $service in
        audit) keys audit nameko-rpc '^(amq\.gen-.*|[a-z_]+_views\.resend)$' '^audit(_views)?\.\*$' ;;
        *) keys "$service" nameko-rpc "$replies" "^$service(_views)?\.\*\$" ;;
    esac
done

everything="^($exchanges|ggzy\.told-($services)|rpc-($services)(_views)?|events-($services))\$"
for part in relay migrate; do
    user "$part" "$everything" "$everything" "$everything"
    keys "$part" nameko-rpc "$none" "^($services)(_views)?\.\*\$"
done
keys relay ggzy.events "^($services)\." '.*'
keys migrate ggzy.events "$none" '.*'

# Who calls has a queue of replies to itself, under a name that the broker makes up.
caller='nameko-rpc|amq\.gen-.*'
for part in portal operator; do
    user "$part" "^($caller|ggzy\.events)\$" "^($caller)\$" "^($caller|ggzy\.events)\$"
done
keys portal nameko-rpc "^($services)(_views\.query|\.command|\.probe)\$" "$replies"
keys portal ggzy.events "$none" "^($services)\."

# `ggzy account bootstrap` gives the registry the first operator's account, signed with the door's key. `ggzy recover`
# asks the audit for lost records, and the services to tell theirs again.
keys operator nameko-rpc "^(registry\.command|audit_views\.query|($services)_views\.resend)\$" "$replies"
keys operator ggzy.events "$none" "$none"

if ctl list_users | cut -f1 | has guest; then
    ctl delete_user guest
fi
