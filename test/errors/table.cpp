// SPDX-License-Identifier: Apache-2.0
// Every call, its right arguments, and which kind each of them is. What would end the run, wait for
// ever, or change the machine that Linux runs on is left out.
#include "arguments.hpp"

#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

namespace errors {
namespace {

// futex(2): linux/futex.h.
constexpr long futex_wait_private = 128;
constexpr long futex_wake_private = 129;

long address(const void* pointer) {
  return reinterpret_cast<long>(pointer);
}

/// Makes arguments of a world.
class Maker {
public:
  explicit Maker(const World& world) : world_(&world) {}

  [[nodiscard]] Argument fd(int right) const { return {right, &world_->descriptors}; }
  [[nodiscard]] Argument fd() const { return fd(world_->file); }
  [[nodiscard]] Argument at() const { return {AT_FDCWD, nullptr}; }
  [[nodiscard]] Argument to(const void* right) const { return {address(right), &world_->pointers}; }
  [[nodiscard]] Argument to() const { return to(world_->buffer); }
  [[nodiscard]] Argument until(const timespec* right) const {
    return {address(right), &world_->wild_pointers};
  }
  [[nodiscard]] Argument path(const char* right) const { return {address(right), &world_->paths}; }
  [[nodiscard]] Argument size(long right) const { return {right, &world_->sizes}; }
  [[nodiscard]] Argument number(long right) const { return {right, &world_->numbers}; }
  [[nodiscard]] static Argument just(long value) { return {value, nullptr}; }
  [[nodiscard]] static Argument place(const void* value) { return {address(value), nullptr}; }

private:
  const World* world_;
};

#define CALL(name) #name, SYS_##name

void add_transfers(const World& world, const Maker& a, std::vector<Call>& calls) {
  static iovec vector[128]{};
  vector[0] = {world.buffer, 16};
  calls.insert(calls.end(),
               {{CALL(read), {a.fd(), a.to(), a.size(16)}},
                {CALL(pread64), {a.fd(), a.to(), a.size(16), a.size(0)}},
                {CALL(readv), {a.fd(), a.to(vector), a.number(1)}},
                {CALL(preadv), {a.fd(), a.to(vector), a.number(1), a.size(0), a.just(0L)}},
                {CALL(write), {a.fd(), a.to(), a.size(16)}},
                {CALL(pwrite64), {a.fd(), a.to(), a.size(16), a.size(0)}},
                {CALL(writev), {a.fd(), a.to(vector), a.number(1)}},
                {CALL(pwritev), {a.fd(), a.to(vector), a.number(1), a.size(0), a.just(0L)}},
                {CALL(lseek), {a.fd(), a.size(0), a.number(SEEK_SET)}},
                {CALL(sendfile), {a.fd(world.local), a.fd(), a.to(nullptr), a.size(16)}},
                {CALL(copy_file_range),
                 {a.fd(), a.to(nullptr), a.fd(world.copy), a.to(nullptr), a.size(16), a.number(0)}},
                {CALL(ftruncate), {a.fd(), a.size(100)}},
                {CALL(fallocate), {a.fd(), a.number(0), a.size(0), a.size(100)}},
                {CALL(fsync), {a.fd()}},
                {CALL(fdatasync), {a.fd()}},
                {CALL(fadvise64), {a.fd(), a.size(0), a.size(0), a.number(POSIX_FADV_NORMAL)}},
                {CALL(flock), {a.fd(), a.number(LOCK_SH | LOCK_NB)}}});
}

void add_descriptors(const World& world, const Maker& a, std::vector<Call>& calls) {
  static struct flock lock{};
  lock = {};
  lock.l_type = F_RDLCK;
  calls.insert(calls.end(),
               {{CALL(dup), {a.fd()}},
                {CALL(dup2), {a.fd(), a.number(World::first_free)}},
                {CALL(dup3), {a.fd(), a.number(World::first_free), a.number(O_CLOEXEC)}},
                {CALL(close_range), {a.number(30), a.number(40), a.number(0)}},
                {"fcntl F_DUPFD", SYS_fcntl, {a.fd(), a.just(F_DUPFD), a.number(20)}},
                {"fcntl F_GETFD", SYS_fcntl, {a.fd(), a.just(F_GETFD)}},
                {"fcntl F_SETFD", SYS_fcntl, {a.fd(), a.just(F_SETFD), a.just(0L)}},
                {"fcntl F_GETFL", SYS_fcntl, {a.fd(), a.just(F_GETFL)}},
                {"fcntl F_SETFL", SYS_fcntl, {a.fd(), a.just(F_SETFL), a.just(O_NONBLOCK)}},
                {"fcntl F_GETLK", SYS_fcntl, {a.fd(), a.just(F_GETLK), a.to(&lock)}},
                {"fcntl F_SETLK", SYS_fcntl, {a.fd(), a.just(F_SETLK), a.to(&lock)}},
                {"fcntl", SYS_fcntl, {a.fd(), a.just(12345), a.just(0L)}},
                {"ioctl FIONREAD", SYS_ioctl, {a.fd(world.local), a.just(0x541b), a.to()}},
                {"ioctl TCGETS", SYS_ioctl, {a.fd(), a.just(0x5401), a.to()}},
                {"ioctl", SYS_ioctl, {a.fd(), a.just(12345), a.to()}},
                {CALL(pipe), {a.to()}},
                {CALL(pipe2), {a.to(), a.number(O_CLOEXEC)}},
                {CALL(eventfd), {a.just(1)}},
                {CALL(eventfd2), {a.just(1), a.number(0)}},
                {CALL(memfd_create), {a.path("name"), a.number(0)}},
                {CALL(signalfd4), {a.number(-1), a.to(), a.size(8), a.number(0)}}});
}

void add_names(const World& world, const Maker& a, std::vector<Call>& calls) {
  const long open_new = O_CREAT | O_RDWR;
  calls.insert(
      calls.end(),
      {{CALL(open), {a.path("file"), a.just(O_RDONLY), a.just(0L)}},
       {"open O_CREAT|O_EXCL", SYS_open, {a.path("new"), a.just(open_new | O_EXCL), a.just(0644)}},
       {"open O_DIRECTORY", SYS_open, {a.path("folder"), a.just(O_DIRECTORY), a.just(0L)}},
       {"open O_NOFOLLOW", SYS_open, {a.path("file"), a.just(O_NOFOLLOW), a.just(0L)}},
       {"open O_WRONLY", SYS_open, {a.path("file"), a.just(O_WRONLY), a.just(0L)}},
       {"open O_TMPFILE", SYS_open, {a.path("folder"), a.just(O_TMPFILE | O_RDWR), a.just(0644)}},
       {CALL(openat), {a.fd(world.directory), a.path("file"), a.just(O_RDONLY), a.just(0L)}},
       {CALL(creat), {a.path("new"), a.just(0644)}},
       {CALL(mkdir), {a.path("new"), a.just(0755)}},
       {CALL(mkdirat), {a.fd(world.directory), a.path("new"), a.just(0755)}},
       {CALL(mknod), {a.path("new"), a.just(S_IFREG | 0644), a.just(0L)}},
       {CALL(rmdir), {a.path("folder")}},
       {CALL(unlink), {a.path("file")}},
       {CALL(unlinkat), {a.fd(world.directory), a.path("file"), a.number(0)}},
       {CALL(rename), {a.path("file"), a.path("moved")}},
       {CALL(renameat), {a.fd(world.directory), a.path("file"), a.at(), a.path("moved")}},
       {CALL(renameat2), {a.at(), a.path("file"), a.at(), a.path("moved"), a.number(0)}},
       {CALL(link), {a.path("file"), a.path("new")}},
       {CALL(linkat), {a.at(), a.path("file"), a.at(), a.path("new"), a.number(0)}},
       {CALL(symlink), {a.path("file"), a.path("new")}},
       {CALL(symlinkat), {a.path("file"), a.fd(world.directory), a.path("new")}},
       {CALL(readlink), {a.path("link"), a.to(), a.number(100)}},
       {CALL(readlinkat), {a.at(), a.path("link"), a.to(), a.number(100)}},
       {CALL(truncate), {a.path("file"), a.size(10)}},
       {CALL(chdir), {a.path("folder")}},
       {CALL(fchdir), {a.fd(world.directory)}},
       {CALL(getcwd), {a.to(), a.size(4096)}},
       {CALL(getdents64), {a.fd(world.directory), a.to(), a.size(4096)}}});
}

void add_attributes(const World& world, const Maker& a, std::vector<Call>& calls) {
  static timespec times[2]{};
  times[0].tv_nsec = times[1].tv_nsec = UTIME_NOW;
  calls.insert(calls.end(),
               {{CALL(stat), {a.path("file"), a.to()}},
                {CALL(lstat), {a.path("link"), a.to()}},
                {CALL(fstat), {a.fd(), a.to()}},
                {CALL(newfstatat), {a.at(), a.path("file"), a.to(), a.number(0)}},
                {CALL(statx), {a.at(), a.path("file"), a.number(0), a.just(0x7ff), a.to()}},
                {CALL(statfs), {a.path("file"), a.to()}},
                {CALL(fstatfs), {a.fd(), a.to()}},
                {CALL(access), {a.path("file"), a.number(R_OK)}},
                {CALL(faccessat), {a.at(), a.path("file"), a.number(R_OK)}},
                {CALL(faccessat2), {a.at(), a.path("file"), a.number(R_OK), a.number(0)}},
                {CALL(chmod), {a.path("file"), a.just(0600)}},
                {CALL(fchmod), {a.fd(), a.just(0600)}},
                {CALL(fchmodat), {a.at(), a.path("file"), a.just(0600)}},
                {CALL(chown), {a.path("file"), a.just(0L), a.just(0L)}},
                {CALL(lchown), {a.path("link"), a.just(0L), a.just(0L)}},
                {CALL(fchown), {a.fd(), a.just(0L), a.just(0L)}},
                {CALL(fchownat), {a.at(), a.path("file"), a.just(0L), a.just(0L), a.number(0)}},
                {CALL(utimensat), {a.at(), a.path("file"), a.to(times), a.number(0)}},
                {CALL(umask), {a.just(022)}}});
  (void)world;
}

void add_memory(const World& world, const Maker& a, std::vector<Call>& calls) {
  const long shared = MAP_SHARED;
  const long anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
  calls.insert(
      calls.end(),
      {{"mmap anonymous",
        SYS_mmap,
        {a.just(0L), a.just(4096), a.just(PROT_READ), a.just(anonymous), a.just(-1), a.just(0L)}},
       {"mmap size 0",
        SYS_mmap,
        {a.just(0L), a.just(0L), a.just(PROT_READ), a.just(anonymous), a.just(-1), a.just(0L)}},
       {"mmap size 2^62",
        SYS_mmap,
        {a.just(0L), a.just(1L << 62), a.just(PROT_READ), a.just(anonymous), a.just(-1),
         a.just(0L)}},
       {"mmap no kind",
        SYS_mmap,
        {a.just(0L), a.just(4096), a.just(PROT_READ), a.just(MAP_ANONYMOUS), a.just(-1),
         a.just(0L)}},
       {"mmap fixed askew",
        SYS_mmap,
        {a.place(world.page + 1), a.just(4096), a.just(PROT_READ), a.just(anonymous | MAP_FIXED),
         a.just(-1), a.just(0L)}},
       {"mmap offset askew",
        SYS_mmap,
        {a.just(0L), a.just(4096), a.just(PROT_READ), a.just(shared), a.just(world.file),
         a.just(1)}},
       {"mmap file",
        SYS_mmap,
        {a.just(0L), a.just(4096), a.just(PROT_READ), a.just(shared), a.fd(), a.just(0L)}},
       {CALL(mprotect), {a.to(world.page), a.size(4096), a.number(PROT_READ)}},
       {CALL(madvise), {a.to(world.page), a.size(4096), a.number(MADV_NORMAL)}},
       {CALL(msync), {a.to(world.page), a.size(4096), a.number(MS_SYNC)}},
       {CALL(mlock), {a.to(world.page), a.just(4096)}},
       {CALL(munlock), {a.to(world.page), a.just(4096)}},
       {"munmap askew", SYS_munmap, {a.place(world.page + 1), a.just(4096)}},
       {"munmap size 0", SYS_munmap, {a.place(world.page), a.just(0L)}},
       {"munmap upper", SYS_munmap, {a.just(static_cast<long>(0xffff800000000000)), a.just(4096)}},
       {"mremap to 0",
        SYS_mremap,
        {a.place(world.page), a.just(4096), a.just(0L), a.just(0L), a.just(0L)}},
       {CALL(mremap), {a.to(world.page), a.just(4096), a.just(4096), a.number(0), a.just(0L)}}});
}

void add_time(const World& world, const Maker& a, std::vector<Call>& calls) {
  static timespec nothing{};
  static timespec wrong{.tv_sec = 0, .tv_nsec = 1'000'000'000};
  static itimerspec stopped{};
  static itimerval idle{};
  calls.insert(
      calls.end(),
      {{CALL(clock_gettime), {a.number(CLOCK_REALTIME), a.to()}},
       {CALL(clock_getres), {a.number(CLOCK_MONOTONIC), a.to()}},
       {CALL(clock_nanosleep),
        {a.just(CLOCK_MONOTONIC), a.number(0), a.to(&nothing), a.to(nullptr)}},
       {"clock_nanosleep wrong",
        SYS_clock_nanosleep,
        {a.just(CLOCK_MONOTONIC), a.just(0L), a.place(&wrong), a.just(0L)}},
       {CALL(nanosleep), {a.to(&nothing), a.to(nullptr)}},
       {"nanosleep wrong", SYS_nanosleep, {a.place(&wrong), a.just(0L)}},
       {CALL(gettimeofday), {a.to(), a.to(nullptr)}},
       {CALL(time), {a.to(nullptr)}},
       {CALL(times), {a.to()}},
       {CALL(timerfd_create), {a.number(CLOCK_MONOTONIC), a.number(0)}},
       {CALL(timerfd_settime), {a.fd(world.timer), a.number(0), a.to(&stopped), a.to(nullptr)}},
       {CALL(timerfd_gettime), {a.fd(world.timer), a.to()}},
       {CALL(timer_settime), {a.number(77), a.just(0L), a.to(&stopped), a.just(0L)}},
       {CALL(timer_gettime), {a.number(77), a.to()}},
       {CALL(timer_getoverrun), {a.number(77)}},
       {CALL(timer_delete), {a.number(77)}},
       {CALL(getitimer), {a.number(ITIMER_REAL), a.to()}},
       {CALL(setitimer), {a.number(ITIMER_REAL), a.to(&idle), a.to(nullptr)}}});
}

void add_events(const World& world, const Maker& a, std::vector<Call>& calls) {
  static pollfd watched{};
  watched = {.fd = world.local, .events = POLLOUT, .revents = 0};
  static epoll_event event{};
  static timeval no_time{};
  static timespec nothing{};
  calls.insert(
      calls.end(),
      {{CALL(epoll_create), {a.number(1)}},
       {CALL(epoll_create1), {a.number(0)}},
       {"epoll_ctl ADD",
        SYS_epoll_ctl,
        {a.fd(world.epoll), a.just(EPOLL_CTL_ADD), a.fd(world.listener), a.to(&event)}},
       {"epoll_ctl DEL",
        SYS_epoll_ctl,
        {a.fd(world.epoll), a.just(EPOLL_CTL_DEL), a.fd(world.listener), a.to(nullptr)}},
       {"epoll_ctl MOD",
        SYS_epoll_ctl,
        {a.fd(world.epoll), a.just(EPOLL_CTL_MOD), a.fd(world.listener), a.to(&event)}},
       {CALL(epoll_wait), {a.fd(world.epoll), a.to(), a.number(8), a.just(0L)}},
       {CALL(epoll_pwait),
        {a.fd(world.epoll), a.to(), a.number(8), a.just(0L), a.to(nullptr), a.just(8)}},
       {CALL(poll), {a.to(&watched), a.just(1), a.just(0L)}},
       {CALL(ppoll), {a.to(&watched), a.just(1), a.until(&nothing), a.to(nullptr), a.just(8)}},
       {CALL(select),
        {a.number(0), a.just(0L), a.just(0L), a.just(0L),
         a.until(reinterpret_cast<timespec*>(&no_time))}},
       {CALL(pselect6),
        {a.number(0), a.just(0L), a.just(0L), a.just(0L), a.until(&nothing), a.just(0L)}}});
}

void add_sockets(const World& world, const Maker& a, std::vector<Call>& calls) {
  static sockaddr_in loopback{};
  loopback.sin_family = AF_INET;
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  static int one = 1;
  static socklen_t length = 0;
  length = sizeof(sockaddr_in);
  static iovec vector{};
  vector = {world.buffer, 16};
  static msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  constexpr long quick = MSG_DONTWAIT | MSG_NOSIGNAL;
  calls.insert(
      calls.end(),
      {{CALL(socket), {a.number(AF_INET), a.number(SOCK_STREAM), a.number(0)}},
       {CALL(socketpair), {a.number(AF_UNIX), a.number(SOCK_STREAM), a.number(0), a.to()}},
       {CALL(bind), {a.fd(world.udp), a.to(&loopback), a.number(sizeof loopback)}},
       {CALL(listen), {a.fd(world.listener), a.just(4)}},
       {CALL(accept), {a.fd(world.listener), a.to(nullptr), a.to(nullptr)}},
       {CALL(accept4), {a.fd(world.listener), a.to(nullptr), a.to(nullptr), a.number(0)}},
       {CALL(getsockname), {a.fd(world.listener), a.to(), a.to(&length)}},
       {CALL(getpeername), {a.fd(world.local), a.to(), a.to(&length)}},
       {CALL(setsockopt),
        {a.fd(world.tcp), a.just(SOL_SOCKET), a.just(SO_REUSEADDR), a.to(&one), a.number(4)}},
       {"setsockopt TCP",
        SYS_setsockopt,
        {a.fd(world.tcp), a.just(IPPROTO_TCP), a.just(TCP_NODELAY), a.to(&one), a.number(4)}},
       {CALL(getsockopt),
        {a.fd(world.tcp), a.just(SOL_SOCKET), a.just(SO_TYPE), a.to(), a.to(&length)}},
       {CALL(sendto),
        {a.fd(world.local), a.to(), a.size(16), a.just(quick), a.to(nullptr), a.just(0L)}},
       {"sendto udp",
        SYS_sendto,
        {a.fd(world.udp), a.to(), a.size(16), a.just(quick), a.to(&loopback),
         a.number(sizeof loopback)}},
       {CALL(recvfrom),
        {a.fd(world.local), a.to(), a.size(16), a.just(quick), a.to(nullptr), a.to(nullptr)}},
       {CALL(sendmsg), {a.fd(world.local), a.to(&message), a.just(quick)}},
       {CALL(recvmsg), {a.fd(world.local), a.to(&message), a.just(quick)}},
       {CALL(shutdown), {a.fd(world.tcp), a.number(SHUT_RDWR)}}});
}

void add_process(const World& world, const Maker& a, std::vector<Call>& calls) {
  static std::uint32_t word = 0;
  static struct sigaction action{};
  static sched_param parameter{};
  calls.insert(
      calls.end(),
      {{"futex WAKE", SYS_futex, {a.to(&word), a.just(futex_wake_private), a.just(1)}},
       {"futex WAIT other",
        SYS_futex,
        {a.to(&word), a.just(futex_wait_private), a.just(1), a.just(0L)}},
       {"futex askew",
        SYS_futex,
        {a.place(reinterpret_cast<char*>(&word) + 1), a.just(futex_wake_private), a.just(1)}},
       {"futex none", SYS_futex, {a.place(&word), a.number(99), a.just(1)}},
       {CALL(rt_sigaction), {a.number(SIGUSR1), a.to(&action), a.to(nullptr), a.size(8)}},
       {"rt_sigaction SIGKILL",
        SYS_rt_sigaction,
        {a.just(SIGKILL), a.place(&action), a.just(0L), a.just(8)}},
       {CALL(rt_sigprocmask), {a.number(SIG_BLOCK), a.to(nullptr), a.to(), a.size(8)}},
       {CALL(rt_sigpending), {a.to(), a.size(8)}},
       {CALL(sigaltstack), {a.to(nullptr), a.to()}},
       {"kill 0", SYS_kill, {a.just(getpid()), a.number(0)}},
       {"kill nobody", SYS_kill, {a.just(0x3ffffff), a.just(0L)}},
       {"tgkill 0", SYS_tgkill, {a.number(getpid()), a.number(getpid()), a.number(0)}},
       {CALL(getrandom), {a.to(), a.just(16), a.number(0)}},
       {CALL(uname), {a.to()}},
       {CALL(sysinfo), {a.to()}},
       {"prctl PR_GET_NAME", SYS_prctl, {a.just(PR_GET_NAME), a.to()}},
       {"prctl none", SYS_prctl, {a.just(12345), a.just(0L), a.just(0L), a.just(0L), a.just(0L)}},
       {CALL(prlimit64), {a.number(0), a.number(RLIMIT_NOFILE), a.to(nullptr), a.to()}},
       {CALL(getrlimit), {a.number(RLIMIT_NOFILE), a.to()}},
       {CALL(getrusage), {a.number(RUSAGE_SELF), a.to()}},
       {CALL(sched_getaffinity), {a.number(0), a.number(128), a.to()}},
       {CALL(sched_getscheduler), {a.number(0)}},
       {CALL(sched_getparam), {a.number(0), a.to()}},
       {CALL(sched_setscheduler), {a.number(0), a.number(SCHED_OTHER), a.to(&parameter)}},
       {CALL(sched_get_priority_max), {a.number(SCHED_FIFO)}},
       {CALL(sched_get_priority_min), {a.number(SCHED_FIFO)}},
       {CALL(sched_rr_get_interval), {a.number(0), a.to()}},
       {CALL(getcpu), {a.to(), a.to(), a.just(0L)}},
       {CALL(getpriority), {a.number(PRIO_PROCESS), a.number(0)}},
       {CALL(getgroups), {a.number(0), a.just(0L)}},
       {CALL(getresuid), {a.to(), a.to(), a.to()}},
       {CALL(getresgid), {a.to(), a.to(), a.to()}},
       {CALL(wait4), {a.just(-1), a.to(nullptr), a.number(WNOHANG), a.to(nullptr)}},
       {CALL(waitid),
        {a.number(P_ALL), a.just(0L), a.to(), a.number(WNOHANG | WEXITED), a.just(0L)}},
       {CALL(membarrier), {a.number(0), a.number(0), a.just(0L)}},
       {CALL(get_robust_list), {a.number(0), a.to(), a.to()}},
       {CALL(set_robust_list), {a.place(world.buffer), a.size(23)}}});
}

#undef CALL

} // namespace

std::vector<Call> table(const World& world) {
  const Maker maker(world);
  std::vector<Call> calls;
  add_transfers(world, maker, calls);
  add_descriptors(world, maker, calls);
  add_names(world, maker, calls);
  add_attributes(world, maker, calls);
  add_memory(world, maker, calls);
  add_time(world, maker, calls);
  add_events(world, maker, calls);
  add_sockets(world, maker, calls);
  add_process(world, maker, calls);
  return calls;
}

} // namespace errors
