#!/bin/sh
# Takes this service's addresses and passwords from its own volume (written at the first start), then becomes the command.
set -eu
if [ -r "${VIGENCIA_VAR}/env" ]; then
    set -a
    . "${VIGENCIA_VAR}/env"
    set +a
fi
exec "$@"
