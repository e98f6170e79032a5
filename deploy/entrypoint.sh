#!/bin/sh
# The image's entrypoint: reads the secrets of the parts named in PARTS, the last with the last word, and becomes the
# command. They come as files, so that no description of the container shows them.
set -eu

for part in ${PARTS:-}; do
    set -a
    # shellcheck disable=SC1090  # one file a part, made by deploy/secrets.sh
    . "${SECRETS:-/run/secrets}/$part.env"
    set +a
done
exec "$@"
