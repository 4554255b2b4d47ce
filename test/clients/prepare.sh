#!/bin/sh
# Compiles the clients in Go and Java, with AWS's SDKs from their registries, below node_modules. What cannot be had, without network or
# compilers, the tests skip.
here=$(dirname "$(realpath "$0")") cache="$PWD/node_modules/.cache/flowrig-clients"
mkdir -p "$cache"
if command -v go >/dev/null; then
  (cd "$here/go" && CGO_ENABLED=0 GOTOOLCHAIN=local go build -o "$cache/go-client" .)
fi
if command -v mvn >/dev/null && command -v javac >/dev/null; then
  (cd "$here/java" && mvn -q -B dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$cache/java" -Dmdep.stripVersion) &&
    javac -encoding UTF-8 -cp "$cache/java/*" -d "$cache/java" "$here/java/Client.java"
fi
exit 0
