#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# linux_guest.sh FOLDER NGINX_ROOT
# Makes what the benchmarks compare with: Debian's kernel for clouds (FOLDER/vmlinuz), and for each
# service an initrd (FOLDER/redis, FOLDER/nginx) with Debian's own build of it and no other process.
# NGINX_ROOT is the root of the image that it is compared with. Packages are downloaded and unpacked,
# not installed.
set -eu

folder=$1
nginx_root=$(readlink -f "$2")
mkdir -p "$folder/packages"
cd "$folder"
rm -rf unpacked
root=$PWD/unpacked

kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)$/\1/p')
[ -n "$kernel" ] || {
  echo "linux-image-cloud-amd64 names no kernel; expected the lists of packages (apt-get update)" >&2
  exit 1
}
libraries="libc6 libpcre2-8-0 libssl3 libcrypt1 zlib1g libatomic1 libjemalloc2 liblzf1 libsystemd0
  libcap2 liblzma5 libzstd1 liblz4-1 libgcrypt20 libgpg-error0 libstdc++6 libgcc-s1"
for package in "$kernel" busybox-static nginx redis-tools $libraries; do
  ls packages/"$package"_*.deb >/dev/null 2>&1 ||
    (cd packages && apt-get download -q "$package" >log 2>&1) || {
    echo "the package $package cannot be downloaded: $(tail -n 1 packages/log)" >&2
    exit 1
  }
done
for package in packages/*.deb; do
  dpkg-deb -x "$package" "$root"
done
busybox=$root/bin/busybox
version=$(ls "$root/lib/modules")
cp "$root/boot/vmlinuz-$version" vmlinuz
found=$root/lib/x86_64-linux-gnu:$root/usr/lib/x86_64-linux-gnu

# Prints what a program is linked with, as paths on this machine.
libraries_of() {
  LD_LIBRARY_PATH=$found ldd "$1" | awk '{ for (i = 1; i <= NF; ++i) if ($i ~ /^\//) print $i }'
}

modules="drivers/virtio/virtio_ring drivers/virtio/virtio drivers/virtio/virtio_pci_legacy_dev
  drivers/virtio/virtio_pci_modern_dev drivers/virtio/virtio_pci net/core/failover
  drivers/net/net_failover drivers/net/virtio_net"

# begin NAME PROGRAM AS: a tree with the program, its libraries and the modules of the network card.
begin() {
  tree=$PWD/tree-$1
  rm -rf "$tree"
  for part in bin dev etc lib lib64 lib/x86_64-linux-gnu modules proc run sys tmp var/log/nginx \
    var/lib/nginx; do
    mkdir -p "$tree/$part"
  done
  cp "$busybox" "$tree/bin/busybox"
  cp -L "$root/$2" "$tree/bin/$3"
  for library in $(libraries_of "$root/$2"); do
    case $library in
    */ld-linux*) cp -L "$library" "$tree/lib64/ld-linux-x86-64.so.2" ;;
    *) cp -L "$library" "$tree/lib/x86_64-linux-gnu/" ;;
    esac
  done
  for module in $modules; do
    cp "$root/lib/modules/$version/kernel/$module.ko" "$tree/modules/"
  done
  echo 'root:x:0:0::/:/bin/sh
nobody:x:65534:65534::/:/bin/sh' >"$tree/etc/passwd"
  echo 'root:x:0:
nogroup:x:65534:' >"$tree/etc/group"
}

# finish NAME COMMAND: the command is all that runs; `address=` on the kernel's line is its address.
finish() {
  {
    cat <<'END'
#!/bin/busybox sh
b=/bin/busybox
$b mount -t devtmpfs devtmpfs /dev
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
END
    for module in $modules; do
      echo "\$b insmod /modules/${module##*/}.ko"
    done
    cat <<'END'
$b ip link set lo up
until $b ip link set eth0 up 2>/dev/null; do $b usleep 5000; done
for word in $($b cat /proc/cmdline); do
  case $word in address=*) $b ip address add "${word#address=}" dev eth0 ;; esac
done
echo 1024 >/proc/sys/net/core/somaxconn
echo 1 >/proc/sys/vm/overcommit_memory
ulimit -n 65536
END
    echo "exec $2"
  } >"$tree/init"
  chmod +x "$tree/init"
  (cd "$tree" && find . | "$busybox" cpio -o -H newc -R 0:0 2>/dev/null) >"$1.new"
  mv "$1.new" "$1"
}

begin redis usr/bin/redis-check-rdb redis-server # one program under several names
finish redis '/bin/redis-server --save "" --appendonly no --protected-mode no'
begin nginx usr/sbin/nginx nginx
cp -r "$nginx_root/." "$tree/"
finish nginx '/bin/nginx -c /etc/nginx/nginx.conf'
