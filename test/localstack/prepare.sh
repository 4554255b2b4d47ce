#!/bin/sh
# Installs LocalStack from PyPI below node_modules, by a lock that names every package. It may run beside anything else, also twice at
# once. Where Python or the network is missing it says so in the file `missing`: the tests are skipped then, and repeat that sentence.
set -u
cd "$(dirname "$0")/../.." || exit 1
cache="$PWD/node_modules/.cache/flowrig-localstack"
mkdir -p "$cache"
rm -f "$cache/python" "$cache/missing"

lack() {
  echo "LocalStack's tests are skipped: $1" | tee "$cache/missing"
  exit 0
}

# 4.14.0 is the last that runs without an account; its syntax needs Python 3.12, whatever its metadata says. No version is known to run
# on more than 3.13, and the lock lacks what only 3.10 needs.
for python in python3.13 python3.12 python3.11 python3; do
  minor=$("$python" -c 'import sys; print(sys.version_info[1])' 2>/dev/null) || continue
  case $minor in
    12 | 13) version=4.14.0 ;;
    11) version=4.13.1 ;;
    *) continue ;;
  esac
  break
done
[ -n "${version:-}" ] || lack 'there is no Python 3.11, 3.12 or 3.13 here.'
lock="$PWD/test/localstack/localstack-$version.lock"
venv="$cache/$version-python3.$minor-$(cksum <"$lock" | cut -d ' ' -f 1)"

if [ ! -d "$venv" ]; then
  for partial in "$cache"/partial-*; do
    kill -0 "${partial##*-}" 2>/dev/null || rm -rf "$partial"
  done
  partial="$cache/partial-$$"
  trap 'rm -rf "$partial"' EXIT
  "$python" -m venv "$partial" >"$partial.log" 2>&1 || lack "$python cannot make a virtual environment, see $partial.log"
  # Nothing but what the lock names, so that nothing is looked for: half a minute on two cores.
  "$partial/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 --no-deps --requirement "$lock" >>"$partial.log" 2>&1 ||
    lack "its packages could not be installed, see $partial.log"
  # Whoever is second keeps what the first has made.
  mv -T "$partial" "$venv" 2>/dev/null || [ -d "$venv" ] || lack "the environment could not be moved to $venv"
  rm -f "$partial.log"
fi
echo "$venv/bin/python" >"$cache/python"
