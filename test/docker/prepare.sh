#!/bin/sh
# Brings what the tests with Docker need, where it is not there and can be had; what cannot they skip, with a sentence.

# AWS's client for Python, for an image of a function.
client=node_modules/.cache/flowrig-function-python
if [ ! -x "$client/bin/python3" ] && command -v python3 >/dev/null; then
  { python3 -m venv "$client" && "$client/bin/pip" install --quiet awslambdaric==4.2.2; } || rm -rf "$client"
fi

# Docker's engine by Debian's packages, where none answers and root may install them. The tests start it for themselves.
docker info >/dev/null 2>&1 && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0
command -v dockerd >/dev/null && command -v docker-compose >/dev/null && exit 0
# Kept from being started by the package: the tests start one of their own.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
apt-get update -qq && apt-get install -y -qq --no-install-recommends docker.io docker-compose iptables
exit 0
