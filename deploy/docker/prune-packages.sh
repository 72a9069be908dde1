#!/bin/sh
# prune-packages.sh <amd64|arm64>: removes from ./node_modules what an image of that platform never loads.
set -eu
case "${1:-}" in
  amd64) arch=x64 ;;
  arm64) arch=arm64 ;;
  *)
    echo "onnxruntime-node has binaries for amd64 and arm64, none for \"${1:-}\"." >&2
    exit 1
    ;;
esac
# Runtimes for machines without Node; the image is one with Node.
rm -rf node_modules/node-linux-* node_modules/node-darwin-* node_modules/node-bin-* node_modules/node-win-*
# bin/napi-v<n>/<system>/<architecture>: about 45 of 290 MB are this platform's.
find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d ! -path "*/linux/$arch" -exec rm -rf {} +
test -d node_modules/onnxruntime-node/bin/napi-v*/linux/"$arch"
