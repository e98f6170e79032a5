#!/bin/sh
# Installs from Debian what the servers and the set-up need and this machine lacks; starts no service.
#
# Usage: deploy/install.sh [PACKAGE...]
# Without arguments: rabbitmq-server, postgresql-15, python3-venv and nodejs (which runs the second verifier), but no
# server in whose place AMQP_URI or DATABASE_URL names another.
set -eu

policy=/usr/sbin/policy-rc.d
saved_policy=$policy.before-ggzy

say() { printf 'install: %s\n' "$*"; }

is_there() {
    case $1 in
        rabbitmq-server) test -x /usr/lib/rabbitmq/bin/rabbitmq-server ;;
        postgresql-15) ls /usr/lib/postgresql/*/bin/initdb ;;
        python3-venv) python3 -c 'import ensurepip' ;;
        nodejs) command -v node ;;
        *) dpkg-query --show --showformat '${Status}' "$1" | grep -q '^install ok installed' ;;
    esac >/dev/null 2>&1
}

forbid_services() {
    if [ -e $policy ] && [ ! -e $saved_policy ]; then mv $policy $saved_policy; fi
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
}

allow_services() {
    rm -f $policy
    if [ -e $saved_policy ]; then mv $saved_policy $policy; fi
}

has_port_mapper() { command -v epmd >/dev/null && epmd -names >/dev/null 2>&1; }

clean_up() {
    allow_services
    rm -f "$log"
    # Installing Erlang may start its port mapper, which nobody would stop.
    if [ "$had_port_mapper" = no ] && has_port_mapper; then epmd -kill >/dev/null; fi
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 || fail "$1"; }

fail() {
    cat "$log" >&2
    say "apt-get $1 failed; its words stand above" >&2
    exit 1
}

if [ $# -eq 0 ]; then
    set -- python3-venv nodejs
    [ -n "${DATABASE_URL:-}" ] || set -- postgresql-15 "$@"
    [ -n "${AMQP_URI:-}" ] || set -- rabbitmq-server "$@"
fi

missing=
for package in "$@"; do is_there "$package" || missing="$missing $package"; done
if [ -z "$missing" ]; then
    say "nothing is missing of: $*"
    exit 0
fi

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    say "missing:$missing" >&2
    say "run as root on Debian: $(cd "$(dirname "$0")" && pwd)/install.sh$missing" >&2
    case $missing in
        *rabbitmq-server* | *postgresql*) say "or name servers that run elsewhere in AMQP_URI and DATABASE_URL" >&2 ;;
    esac
    exit 1
fi

exec 9>/run/lock/ggzy-install.lock
flock 9
log=$(mktemp)
had_port_mapper=no
if has_port_mapper; then had_port_mapper=yes; fi
trap clean_up EXIT
trap 'exit 130' INT TERM HUP
forbid_services

say "reading Debian's lists"
apt update
say "installing$missing"
# shellcheck disable=SC2086  # one word a package
apt install --yes --no-install-recommends $missing
say "done; no service was started"
