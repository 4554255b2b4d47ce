#!/bin/sh
# Installs what the tests with Python need, below node_modules. What cannot be had, without network or compilers, they skip.
cache="$PWD/node_modules/.cache"
for forwarder in guide right; do
  XDG_CACHE_HOME="$cache" node src/cli/flowrig.js setup "test/python/forwarders/$forwarder" --runtime python3.11
done
exit 0
