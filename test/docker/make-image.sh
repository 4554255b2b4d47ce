#!/bin/sh
# Makes an image of files of this machine, where there is no registry to pull one from:
#   make-image.sh node TAG NODE NPM         Node, npm and a shell
#   make-image.sh localstack TAG PYTHON     LocalStack as test/localstack/prepare.sh has installed it, with its Python
#   make-image.sh python TAG PYTHON         Python with what its environment holds
set -eu
kind=$1 tag=$2
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# The libraries that a file is linked with, each where it is.
take_libraries() {
  ldd "$1" 2>/dev/null | grep -o '/[^ )]*' | while read -r library; do
    case $library in "$root"*) continue ;; esac
    [ -e "$root$library" ] || install -D "$(readlink -f "$library")" "$root$library"
  done
}

take() {
  for file in "$@"; do
    [ -e "$root$file" ] || install -D "$(readlink -f "$file")" "$root$file"
    take_libraries "$(readlink -f "$file")"
  done
}

# A virtual environment, each thing where it is, with the Python that it is made of.
take_python() {
  venv=$(dirname "$(dirname "$1")")
  base=$("$1" -c 'import sys; print(sys.base_prefix)')
  take "$(readlink -f "$1")" "$base/bin/python3"
  mkdir -p "$root$base/lib" "$root$venv"
  # The standard library, without its tests and without what pip put beside it.
  for library in "$base"/lib/python3*; do
    tar -C "$base/lib" -c --exclude=test --exclude=site-packages "$(basename "$library")" | tar -C "$root$base/lib" -x
  done
  cp -a "$base"/lib/libpython3* "$root$base/lib/" 2>/dev/null || true
  cp -a "$venv/." "$root$venv/"
  find "$root$base/lib" "$root$venv" -name '*.so' | while read -r module; do take_libraries "$module"; done
}

mkdir -p "$root/tmp" "$root/root" "$root/home/node" "$root/etc/ssl/certs"
chmod 1777 "$root/tmp"
printf 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nnode:x:1000:\n' >"$root/etc/group"
take /bin/sh /bin/rm /bin/mkdir /bin/cp /bin/cat /usr/bin/env
# npm asks registries under the authorities that this machine trusts.
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"

case $kind in
  node)
    install -D "$(readlink -f "$3")" "$root/usr/local/bin/node"
    take_libraries "$3"
    mkdir -p "$root/usr/local/lib/node_modules"
    cp -r "$4" "$root/usr/local/lib/node_modules/npm"
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
    tar -C "$root" -c . | docker import \
      -c 'ENV PATH=/usr/local/bin:/usr/bin:/bin NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - "$tag"
    ;;
  localstack)
    take /usr/bin/curl /usr/share/zoneinfo/GMT /usr/share/zoneinfo/UTC
    take_python "$3"
    tar -C "$root" -c . | docker import \
      -c "ENV PATH=$venv/bin:/usr/bin:/bin GATEWAY_LISTEN=0.0.0.0:4566 DNS_ADDRESS=0 LS_LOG=warn" \
      -c 'EXPOSE 4566' -c "CMD [\"$venv/bin/python\",\"-m\",\"localstack.runtime.main\"]" - "$tag"
    ;;
  python)
    take_python "$3"
    tar -C "$root" -c . | docker import -c "ENV PATH=$venv/bin:/usr/bin:/bin" - "$tag"
    ;;
esac
