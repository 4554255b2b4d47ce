#!/bin/sh
# The sandboxes' limits under control groups of version 2, by hand: on a machine that has them anyhow, as it is; else in a virtual machine of
# QEMU's, without KVM, whose root is this machine's, read-only below a layer in memory. Takes some minutes there. What it lacks it says.
set -eu
cd "$(dirname "$0")/../.."
repository=$PWD
[ -f /sys/fs/cgroup/cgroup.controllers ] && exec test/cgroup2/inside.sh "$repository"

cache=$repository/node_modules/.cache/flowrig-cgroup2
mkdir -p "$cache"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  command -v qemu-system-x86_64 >/dev/null && command -v busybox >/dev/null ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends qemu-system-x86 busybox-static; } >/dev/null
  # The newest that Debian has; its cloud kernels lack the file system by which the guest sees this machine's files.
  if ! ls "$cache"/boot/vmlinuz-* >/dev/null 2>&1; then
    kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
    (cd "$cache" && apt-get download -qq "$kernel" && dpkg-deb -x linux-image-*.deb . && rm linux-image-*.deb)
  fi
fi
kernel=$(ls "$cache"/boot/vmlinuz-* 2>/dev/null | tail -n 1)
for lacking in qemu-system-x86_64 busybox; do
  command -v $lacking >/dev/null || { echo "This takes $lacking, which this machine lacks: apt-get install qemu-system-x86 busybox-static" >&2; exit 4; }
done
[ -n "$kernel" ] || { echo "This takes a kernel of Debian's package linux-image-amd64, unpacked in $cache" >&2; exit 4; }

# What starts in the guest: busybox, and the kernel's modules on the way to the root.
start=$(mktemp -d)
trap 'rm -rf "$start"' EXIT
version=${kernel##*/vmlinuz-}
modules=lib/modules/$version
mkdir -p "$start/bin" "$start/dev" "$start/proc" "$start/sys" "$start/lower" "$start/upper" "$start/root" "$start/$modules/kernel"
cp "$(command -v busybox)" "$start/bin/busybox"
for part in drivers/virtio net/9p fs/9p fs/netfs fs/fscache fs/overlayfs; do
  [ ! -d "$cache/$modules/kernel/$part" ] || (cd "$cache/$modules/kernel" && cp -r --parents "$part" "$start/$modules/kernel")
done
cp "$cache/$modules"/modules.order "$cache/$modules"/modules.builtin* "$start/$modules/"
busybox depmod -b "$start" "$version"
cat > "$start/init" <<EOF
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc && mount -t sysfs sys /sys && mount -t devtmpfs dev /dev
for module in virtio_pci 9pnet_virtio 9p overlay; do modprobe \$module; done
mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=1048576,cache=loose host /lower
mount -t tmpfs memory /upper && mkdir /upper/files /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work root /root
mount -t proc proc /root/proc && mount -t sysfs sys /root/sys && mount -t devtmpfs dev /root/dev
mkdir -p /root/dev/shm && mount -t tmpfs memory /root/dev/shm
mount -t tmpfs memory /root/tmp && chmod 1777 /root/tmp
mount -t cgroup2 groups /root/sys/fs/cgroup
ip link set lo up
chroot /root /bin/sh "$repository/test/cgroup2/inside.sh" "$repository" guest
echo "cgroup2 ended with \$?"
poweroff -f
EOF
chmod +x "$start/init"
(cd "$start" && find . | busybox cpio -o -H newc | gzip -1) > "$cache/start.gz"

log=$cache/log
qemu-system-x86_64 -accel tcg -cpu max -smp 2 -m 4G -nographic -no-reboot -nic none \
  -kernel "$kernel" -initrd "$cache/start.gz" -append 'console=ttyS0 quiet panic=-1 cgroup_no_v1=all' \
  -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap </dev/null | tee "$log"
grep -q 'cgroup2 ended with 0' "$log"
