#!/bin/sh
# Installs what the tests with other languages need, below node_modules. What cannot be had, without network or compilers, they skip.
cache="$PWD/node_modules/.cache"
for forwarder in guide right; do
  XDG_CACHE_HOME="$cache" node src/cli/flowrig.js setup "test/python/forwarders/$forwarder" --runtime python3.11
done
# AWS's own emulator of Lambda, which is a Go module.
emulator=github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie@v0.0.0-20261030222936-bef5c4ba774d
if command -v go >/dev/null && [ ! -x "$cache/flowrig-emulator/aws-lambda-rie" ]; then
  GOBIN="$cache/flowrig-emulator" CGO_ENABLED=0 GOTOOLCHAIN=local go install "$emulator"
fi
exit 0
