#!/bin/sh
# entrypoint.sh <role> [arguments]: runs apps/<role>. Node replaces this shell, so SIGTERM reaches the program, which
# then finishes or hands back its jobs.
set -eu
apps=${FACELANE_APPS:-/app/dist/apps}
role=${1:-}
if [ ! -f "$apps/$role/src/main.js" ]; then
  echo "There is no role \"$role\". Roles: $(ls "$apps" | tr '\n' ' ')" >&2
  exit 64
fi
shift
exec node --enable-source-maps "$apps/$role/src/main.js" "$@"
