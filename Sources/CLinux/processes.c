#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int clx_fork(void) {
    pid_t pid = fork();
    return pid < 0 ? -errno : pid;
}

int clx_reset_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
    return 0;
}

int clx_detach(void) {
    pid_t pid = fork();
    if (pid < 0) return -errno;
    if (pid > 0) return pid;
    setsid();
    // An inherited mask or ignored signal would surprise whatever this process starts.
    clx_reset_signals();
    return chdir("/") == 0 ? 0 : -errno;
}

int clx_redirect_output(int log) {
    int null = open("/dev/null", O_RDONLY);
    if (null < 0) return -errno;
    dup2(null, 0);
    dup2(log, 1);
    dup2(log, 2);
    if (null > 2) close(null);
    return 0;
}

int clx_place(const int *fds, int count, int first) {
    // Out of the way first: a target number may be the source of another.
    int high[16];
    if (count > 16) return -EINVAL;
    for (int i = 0; i < count; i++)
        if ((high[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, 64)) < 0) return -errno;
    for (int i = 0; i < count; i++)
        if (dup2(high[i], first + i) < 0) return -errno;
    return 0;
}

int clx_spawn(const char *path, char *const argv[], char *const envp[], int in, int out, int err) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    if (in >= 0) posix_spawn_file_actions_adddup2(&actions, in, 0);
    else posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, err, 2);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    pid_t pid = 0;
    int status = posix_spawn(&pid, path, &actions, &attributes, argv, envp);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return status == 0 ? pid : -status;
}

int clx_wait(pid_t pid, int *status, int flags) {
    pid_t waited;
    do waited = waitpid(pid, status, flags);
    while (waited < 0 && errno == EINTR);
    return waited < 0 ? -errno : waited;
}

int clx_exit_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

int clx_exit_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

int clx_pidfd_open(pid_t pid) {
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    return fd < 0 ? -errno : fd;
}

int clx_pidfd_signal(int pidfd, int signal) {
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0 ? 0 : -errno;
}

uint64_t clx_process_start(pid_t pid) {
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t length = read(fd, line, sizeof line - 1);
    close(fd);
    if (length <= 0) return 0;
    line[length] = 0;
    // The name in parentheses may itself hold spaces and parentheses; the state follows the last one.
    char *rest = strrchr(line, ')');
    if (!rest || rest[1] == 0 || rest[2] == 'Z' || rest[2] == 'X') return 0;
    unsigned long long start = 0;
    int field = 2;
    for (char *word = strtok(rest + 1, " "); word; word = strtok(NULL, " ")) {
        field++;
        if (field == 22) { start = strtoull(word, NULL, 10); break; }
    }
    return start;
}

int clx_cpu_count(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) < 0) return -errno;
    return CPU_COUNT(&set);
}

int clx_limit_cpus(int count, unsigned offset) {
    cpu_set_t have, want;
    if (sched_getaffinity(0, sizeof have, &have) < 0) return -errno;
    int total = CPU_COUNT(&have);
    if (count <= 0 || count >= total) return 0;
    int numbers[CPU_SETSIZE], known = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &have)) numbers[known++] = cpu;
    CPU_ZERO(&want);
    for (int i = 0; i < count; i++) CPU_SET(numbers[(offset + (unsigned)i) % (unsigned)known], &want);
    return sched_setaffinity(0, sizeof want, &want) == 0 ? 0 : -errno;
}

int clx_signal_descriptor(const int *signals) {
    sigset_t set;
    sigemptyset(&set);
    for (; *signals; signals++) sigaddset(&set, *signals);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) return -errno;
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int clx_next_signal(int fd) {
    struct signalfd_siginfo info;
    return read(fd, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

int clx_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 ? 0 : -errno; }

int clx_hide_from_tracing(void) { return prctl(PR_SET_DUMPABLE, 0) == 0 ? 0 : -errno; }

int clx_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : -errno; }

int64_t clx_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
