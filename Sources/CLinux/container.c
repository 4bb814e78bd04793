#define _GNU_SOURCE
#include "CLinux.h"
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <link.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

// -- The entry process

/// Becomes another user for good.
static int become(const struct clx_identity *user) {
    if (setgroups((size_t)user->count, user->groups) < 0 || setgid(user->group) < 0 || setuid(user->user) < 0)
        return -errno;
    return 0;
}

int clx_start_entry(char *const argv[], char *const envp[], const char *directory, const int streams[3], int terminal,
                    int processes, const struct clx_identity *user) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) < 0) return -errno;
    pid_t pid = fork();
    if (pid < 0) {
        int status = -errno;
        close(report[0]);
        close(report[1]);
        return status;
    }
    if (pid == 0) {
        clx_reset_signals();
        setsid();
        // PID 1 hides from tracing; what it starts need not (and must not, to write its own score below).
        prctl(PR_SET_DUMPABLE, 1);
        dup2(streams[0] >= 0 ? streams[0] : open("/dev/null", O_RDONLY), 0);
        dup2(streams[1], 1);
        dup2(streams[2], 2);
        if (terminal) ioctl(0, TIOCSCTTY, 0);
        // When the machine runs out of memory, a job goes before the platform does.
        int score = open("/proc/self/oom_score_adj", O_WRONLY);
        if (score >= 0) {
            ssize_t ignored = write(score, "500", 3);
            (void)ignored;
            close(score);
        }
        struct rlimit most = {.rlim_cur = (rlim_t)processes, .rlim_max = (rlim_t)processes};
        setrlimit(RLIMIT_NPROC, &most);
        // The report's end goes to descriptor 3 so that everything above can be closed.
        dup2(report[1], 3);
        fcntl(3, F_SETFD, FD_CLOEXEC);
        clx_close_from(4);
        int status = user ? become(user) : 0;
        if (status == 0 && chdir(directory) < 0) status = -errno;
        if (status == 0) {
            environ = (char **)envp;
            execvp(argv[0], argv);
            status = -errno;
        }
        ssize_t ignored = write(3, &status, sizeof status);
        (void)ignored;
        _exit(127);
    }
    close(report[1]);
    int status = 0;
    ssize_t length;
    do length = read(report[0], &status, sizeof status);
    while (length < 0 && errno == EINTR);
    close(report[0]);
    return length == sizeof status && status < 0 ? status : pid;
}

// -- Plumbing: one helper process, a thread per connection

struct pair {
    int left, right;
};

enum { most_relays = 1024, relay_buffer = 256 * 1024 };
static atomic_int relays;

/// Moves what is readable at `from` to `to`: bytes moved, 0 at the end, -1 on error.
static ssize_t move_bytes(int from, int to, char *buffer) {
    ssize_t got = recv(from, buffer, relay_buffer, 0);
    if (got <= 0) return got < 0 && errno == EINTR ? 1 : got;
    for (ssize_t put = 0; put < got;) {
        ssize_t sent = send(to, buffer + put, (size_t)(got - put), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return -1;
        put += sent;
    }
    return got;
}

/// Moves one direction until its end, then says so to the receiver.
static void *pump(void *argument) {
    struct pair *pair = argument;
    char *buffer = malloc(relay_buffer);
    if (buffer)
        while (move_bytes(pair->left, pair->right, buffer) > 0) {}
    free(buffer);
    shutdown(pair->right, SHUT_WR);
    shutdown(pair->left, SHUT_RD);
    return NULL;
}

/// Both directions of one relayed connection: one on this thread, the other on a second, because a sender that
/// waits for a slow reader must not hold up what comes back.
static void *relay_connection(void *argument) {
    struct pair there = *(struct pair *)argument;
    free(argument);
    struct pair back = {.left = there.right, .right = there.left};
    pthread_t second;
    if (pthread_create(&second, NULL, pump, &back) == 0) {
        pump(&there);
        pthread_join(second, NULL);
    }
    close(there.left);
    close(there.right);
    atomic_fetch_sub(&relays, 1);
    return NULL;
}

struct relay {
    int listener;
    char *gateway;
};

static void *relay_loop(void *argument) {
    struct relay *relay = argument;
    for (;;) {
        int client = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC);
        if (client < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) usleep(10000);
            continue;
        }
        int one = 1;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        int platform = clx_unix_connect(relay->gateway, SOCK_STREAM);
        struct pair *pair = platform < 0 ? NULL : malloc(sizeof *pair);
        pthread_t thread;
        int room = atomic_fetch_add(&relays, 1) < most_relays;
        if (pair) *pair = (struct pair){.left = client, .right = platform};
        if (pair && room && pthread_create(&thread, NULL, relay_connection, pair) == 0) {
            pthread_detach(thread);
            continue;
        }
        atomic_fetch_sub(&relays, 1);
        free(pair);
        if (platform >= 0) close(platform);
        close(client);
    }
}

/// Connects to 127.0.0.1:`port`; a container that does not accept within 250 ms counts as refusing.
static int connect_loopback(uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int status = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ? 0 : -errno;
    if (status == -EINPROGRESS) {
        struct pollfd entry = {.fd = fd, .events = POLLOUT};
        int ready = poll(&entry, 1, 250);
        socklen_t length = sizeof status;
        if (ready <= 0) status = -ETIMEDOUT;
        else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &status, &length) < 0) status = -errno;
        else status = -status;
    }
    if (status < 0) {
        close(fd);
        return status;
    }
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void *serve_request(void *argument) {
    int client = (int)(intptr_t)argument;
    uint16_t port = 0;
    if (clx_wait_readable(client, 1000) > 0 && clx_receive(client, &port, sizeof port, NULL, NULL) == sizeof port) {
        int fd = connect_loopback(port);
        int32_t answer = fd < 0 ? fd : 0;
        clx_send(client, &answer, sizeof answer, &fd, fd < 0 ? 0 : 1);
        if (fd >= 0) close(fd);
    }
    close(client);
    return NULL;
}

static void connector_loop(int listener) {
    for (;;) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (client < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) usleep(10000);
            continue;
        }
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve_request, (void *)(intptr_t)client) == 0) pthread_detach(thread);
        else close(client);
    }
}

int clx_start_plumbing(int connector, const int *listeners, char *const sockets[], int count) {
    pid_t pid = fork();
    if (pid < 0) return -errno;
    if (pid > 0) return pid;
    prctl(PR_SET_NAME, "plumbing");
    clx_reset_signals();
    static struct relay relays_of_sandbox[clx_most_relays];
    if (count > clx_most_relays) _exit(1);
    // Everything else that PID 1 holds (its line to the agent above all) is none of this process's business. The
    // copies go up first: a descriptor that is still needed may have one of the low numbers.
    int high[1 + clx_most_relays];
    for (int i = 0; i <= count; i++) {
        high[i] = fcntl(i == 0 ? connector : listeners[i - 1], F_DUPFD, 64);
        if (high[i] < 0) _exit(1);
    }
    for (int i = 0; i <= count; i++)
        if (dup2(high[i], 3 + i) < 0) _exit(1);
    clx_close_from(4 + count);
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        relays_of_sandbox[i] = (struct relay){.listener = 4 + i, .gateway = strdup(sockets[i])};
        if (!relays_of_sandbox[i].gateway) _exit(1);
        if (pthread_create(&thread, NULL, relay_loop, &relays_of_sandbox[i]) != 0) _exit(1);
    }
    int connector_copy = 3;
    connector_loop(connector_copy);
    _exit(1);
}

int clx_loopback_listen(uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 512) == 0) return fd;
    int status = -errno;
    close(fd);
    return status;
}

// -- The watchdog's measure

/// Anonymous and shared-memory bytes of one process, from `status` or (shared pages divided) `smaps_rollup`.
static int64_t process_memory(int proc, const char *pid, int exact) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "%.20s/%s", pid, exact ? "smaps_rollup" : "status");
    int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    if (length <= 0) return 0;
    text[length] = 0;
    const char *keys[2] = {exact ? "Pss_Anon:" : "RssAnon:", exact ? "Pss_Shmem:" : "RssShmem:"};
    int64_t total = 0;
    for (int i = 0; i < 2; i++) {
        const char *line = strstr(text, keys[i]);
        if (line) total += strtoll(line + strlen(keys[i]), NULL, 10) * 1024;
    }
    return total;
}

int64_t clx_namespace_memory(int exact) {
    int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (proc < 0) return -errno;
    DIR *entries = fdopendir(proc);
    if (!entries) {
        int status = -errno;
        close(proc);
        return status;
    }
    int64_t total = 0;
    struct dirent *entry;
    while ((entry = readdir(entries)))
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && strcmp(entry->d_name, "1") != 0)
            total += process_memory(proc, entry->d_name, exact);
    closedir(entries);
    return total;
}

int clx_namespace_processes(void) {
    DIR *entries = opendir("/proc");
    if (!entries) return -errno;
    int count = 0;
    struct dirent *entry;
    while ((entry = readdir(entries))) count += entry->d_name[0] >= '1' && entry->d_name[0] <= '9';
    closedir(entries);
    return count;
}

int64_t clx_filesystem_used(const char *path) {
    struct statvfs facts;
    if (statvfs(path, &facts) < 0) return -errno;
    return (int64_t)(facts.f_blocks - facts.f_bfree) * (int64_t)facts.f_frsize;
}

int clx_signal_all(int signal) { return kill(-1, signal) == 0 ? 0 : -errno; }

// -- The program's own libraries

struct library_list {
    char *text;
    size_t room, length;
};

static int add_library(struct dl_phdr_info *info, size_t size, void *argument) {
    (void)size;
    struct library_list *list = argument;
    size_t length = strlen(info->dlpi_name);
    // The program itself has no name, and what the kernel maps no path.
    if (info->dlpi_name[0] != '/') return 0;
    if (list->length + length + 1 > list->room) return -ENOSPC;
    memcpy(list->text + list->length, info->dlpi_name, length);
    list->length += length;
    list->text[list->length++] = '\n';
    return 0;
}

int clx_loaded_libraries(char *text, size_t room) {
    struct library_list list = {.text = text, .room = room};
    int status = dl_iterate_phdr(add_library, &list);
    return status < 0 ? status : (int)list.length;
}
