#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { most_descriptors = 32 };

int clx_close_from(int lowest) {
    if (syscall(SYS_close_range, (unsigned)lowest, ~0u, 0) == 0) return 0;
    // Kernels before 5.9 lack the call.
    long end = sysconf(_SC_OPEN_MAX);
    for (int fd = lowest; fd < (end > 0 ? end : 65536); fd++) close(fd);
    return 0;
}

int clx_keep_on_exec(int fd) { return fcntl(fd, F_SETFD, 0) == 0 ? 0 : -errno; }

int clx_send(int socket, const void *bytes, size_t length, const int *fds, int fd_count) {
    if (fd_count > most_descriptors) return -EINVAL;
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = length};
    union {
        char room[CMSG_SPACE(sizeof(int) * most_descriptors)];
        struct cmsghdr alignment;
    } control = {0};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (fd_count > 0) {
        message.msg_control = control.room;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)fd_count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)fd_count);
        memcpy(CMSG_DATA(header), fds, sizeof(int) * (size_t)fd_count);
    }
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : (int)sent;
}

int clx_receive(int socket, void *bytes, size_t capacity, int *fds, int *fd_count) {
    int room = fd_count ? *fd_count : 0;
    if (fd_count) *fd_count = 0;
    struct iovec part = {.iov_base = bytes, .iov_len = capacity};
    union {
        char room[CMSG_SPACE(sizeof(int) * most_descriptors)];
        struct cmsghdr alignment;
    } control = {0};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
    ssize_t received;
    do received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (received < 0 && errno == EINTR);
    if (received < 0) return -errno;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        int count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        const int *arrived = (const int *)CMSG_DATA(header);
        for (int i = 0; i < count; i++) {
            if (fd_count && *fd_count < room) fds[(*fd_count)++] = arrived[i];
            else close(arrived[i]);
        }
    }
    return (int)received;
}

/// Fills in the address of `path`. A path beyond the 107 bytes of `sun_path` goes through `/proc/self/fd`: then
/// `*directory` is a descriptor to close after use.
static int unix_address(const char *path, struct sockaddr_un *address, int *directory) {
    *directory = -1;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) < sizeof address->sun_path) {
        strcpy(address->sun_path, path);
        return 0;
    }
    const char *slash = strrchr(path, '/');
    if (!slash || strlen(path) >= PATH_MAX) return -ENAMETOOLONG;
    char parent[PATH_MAX];
    memcpy(parent, path, (size_t)(slash - path));
    parent[slash - path] = 0;
    int fd = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return -errno;
    int length = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d%s", fd, slash);
    if (length >= (int)sizeof address->sun_path) {
        close(fd);
        return -ENAMETOOLONG;
    }
    *directory = fd;
    return 0;
}

int clx_unix_listen(const char *path, int type, int backlog) {
    struct sockaddr_un address;
    int directory;
    int status = unix_address(path, &address, &directory);
    if (status < 0) return status;
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (fd < 0) status = -errno;
    if (status == 0) {
        unlink(address.sun_path);
        // On a socket that is not bound yet, fchmod sets the mode of the file to come.
        if (fchmod(fd, 0600) < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0
            || chmod(address.sun_path, 0600) < 0 || listen(fd, backlog) < 0) {
            status = -errno;
            close(fd);
        }
    }
    if (directory >= 0) close(directory);
    return status < 0 ? status : fd;
}

int clx_unix_connect(const char *path, int type) {
    struct sockaddr_un address;
    int directory;
    int status = unix_address(path, &address, &directory);
    if (status < 0) return status;
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (fd < 0) status = -errno;
    else if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        status = -errno;
        close(fd);
    }
    if (directory >= 0) close(directory);
    return status < 0 ? status : fd;
}

int clx_accept(int listener) {
    int fd;
    do fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

int clx_pipe(int fds[2], int room) {
    if (pipe2(fds, O_CLOEXEC) < 0) return -errno;
    fcntl(fds[1], F_SETPIPE_SZ, room);
    return 0;
}

int clx_socket_pair(int fds[2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) == 0 ? 0 : -errno;
}

int clx_connect_inside(const char *path, uint16_t port, int timeout_ms) {
    int connector = clx_unix_connect(path, SOCK_SEQPACKET);
    if (connector < 0) return connector == -ENOENT ? -ECONNREFUSED : connector;
    int status = clx_send(connector, &port, sizeof port, NULL, 0);
    int32_t answer = -EPIPE;
    int fd = -1, count = 1;
    if (status >= 0) {
        status = clx_wait_readable(connector, timeout_ms);
        if (status == 0) status = -ETIMEDOUT;
        if (status > 0) status = clx_receive(connector, &answer, sizeof answer, &fd, &count);
        // A connector that closes without a word has lost its instance.
        if (status == 0) status = -ECONNREFUSED;
    }
    close(connector);
    if (status > 0 && answer < 0) status = answer;
    if (status <= 0) {
        if (count == 1 && fd >= 0) close(fd);
        return status == -ECONNRESET || status == -EPIPE ? -ECONNREFUSED : status;
    }
    return count == 1 && fd >= 0 ? fd : -EPROTO;
}

int clx_memory_file(const char *name, const void *bytes, size_t length) {
    int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd < 0) return -errno;
    const char *next = bytes;
    while (length > 0) {
        ssize_t written = write(fd, next, length);
        if (written < 0) {
            int status = -errno;
            close(fd);
            return status;
        }
        next += written;
        length -= (size_t)written;
    }
    lseek(fd, 0, SEEK_SET);
    return fd;
}

int clx_wait_readable(int fd, int timeout_ms) {
    struct pollfd entry = {.fd = fd, .events = POLLIN};
    int ready;
    do ready = poll(&entry, 1, timeout_ms);
    while (ready < 0 && errno == EINTR);
    return ready < 0 ? -errno : ready;
}

int clx_open_beneath(int root, const char *path, int flags, unsigned mode) {
    struct open_how how = {
        .flags = (unsigned)(flags | O_CLOEXEC),
        .mode = flags & O_CREAT ? mode : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    int fd;
    do fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    while (fd < 0 && (errno == EINTR || errno == EAGAIN));
    return fd < 0 ? -errno : fd;
}

int clx_copy_file(const char *from, const char *to, unsigned mode) {
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) return -errno;
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    int status = out < 0 ? -errno : 0;
    if (out >= 0 && ioctl(out, FICLONE, in) != 0) {
        char *buffer = NULL;
        for (;;) {
            ssize_t moved = buffer ? -1 : copy_file_range(in, NULL, out, NULL, 1 << 30, 0);
            if (moved == 0) break;
            if (moved > 0) continue;
            // Not every pair of file systems can do it in the kernel.
            if (!buffer) buffer = malloc(1 << 20);
            if (!buffer) { status = -ENOMEM; break; }
            ssize_t got = read(in, buffer, 1 << 20);
            if (got == 0) break;
            if (got < 0) { status = -errno; break; }
            for (ssize_t put = 0; put < got && status == 0;) {
                ssize_t written = write(out, buffer + put, (size_t)(got - put));
                if (written < 0) status = -errno;
                else put += written;
            }
            if (status < 0) break;
        }
        free(buffer);
    }
    close(in);
    if (out >= 0 && close(out) < 0 && status == 0) status = -errno;
    return status;
}
