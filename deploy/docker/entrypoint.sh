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
# Photos are decoded on as many threads of Node's pool as there are cores; four more are for files, or those would wait
# for photos. The pool has four by default.
export UV_THREADPOOL_SIZE="${UV_THREADPOOL_SIZE:-$(($(getconf _NPROCESSORS_ONLN) + 4))}"
# The feeder passes on what it reads, so nearly all of its heap is garbage, and on a large machine V8 lets that grow by
# some 200 MiB before it looks. With less room for young objects it takes a fifth of that (npm run bench:bulk).
case $role in
  feeder) heap='--max-semi-space-size=4 --max-old-space-size=1024' ;;
  *) heap= ;;
esac
# shellcheck disable=SC2086 # two words
exec node --enable-source-maps $heap "$apps/$role/src/main.js" "$@"
