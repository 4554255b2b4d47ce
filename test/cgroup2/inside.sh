#!/bin/sh
# Runs check.ts as root beside other groups, and as somebody to whom a part of the tree is delegated (kernel.org, admin-guide/
# cgroup-v2.rst, "Delegation"). In the guest, whose groups are nobody's: elsewhere it runs as whoever calls.
cd "$1" || exit 4
PATH=$PWD/node_modules/.bin:$PATH:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/tmp
export PATH HOME
run='node test/cgroup2/check.ts'
[ "${2-}" = guest ] || exec $run

groups=/sys/fs/cgroup
part=$groups/flowrig-test
mkdir -p $part/root $part/delegated/rig
for parent in $groups $part; do echo '+memory +pids +cpu' > $parent/cgroup.subtree_control; done
echo 0 > $part/root/cgroup.procs
echo "as root, in $(cat /proc/self/cgroup)"
$run
first=$?

# Everything but the limits of the part itself is its owner's.
chown 1000:1000 $part/delegated $part/delegated/cgroup.* $part/delegated/rig $part/delegated/rig/cgroup.*
echo 0 > $part/delegated/rig/cgroup.procs
echo "as an ordinary user, in $(cat /proc/self/cgroup)"
setpriv --reuid 1000 --regid 1000 --clear-groups $run
second=$?
[ $first = 0 ] && [ $second = 0 ]
