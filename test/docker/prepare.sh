#!/bin/sh
# Brings Docker's engine by Debian's packages where none answers and root may install them. The tests start it for themselves, and
# skip, with a sentence, where there is none.
docker info >/dev/null 2>&1 && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0
command -v dockerd >/dev/null && command -v docker-compose >/dev/null && exit 0
# Kept from being started by the package: the tests start one of their own.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
apt-get update -qq && apt-get install -y -qq --no-install-recommends docker.io docker-compose iptables
exit 0
