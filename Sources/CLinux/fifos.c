#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int clx_make_fifo(int at, const char *name, unsigned mode) {
    if (mkfifoat(at, name, mode) < 0) {
        if (errno != EEXIST || unlinkat(at, name, 0) < 0 || mkfifoat(at, name, mode) < 0) return -errno;
    }
    int fd = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return -errno;
    struct stat facts;
    // Whoever may write to the directory may have put something else there meanwhile.
    if (fstat(fd, &facts) < 0 || !S_ISFIFO(facts.st_mode)) {
        close(fd);
        return -EEXIST;
    }
    // The mode that was asked for, whatever the mask of this process says.
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    (void)!chmod(path, mode);
    return fd;
}

int clx_open_fifo_for_writing(int fifo, int room) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fifo);
    int fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -errno;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0) {
        int status = -errno;
        close(fd);
        return status;
    }
    (void)!fcntl(fd, F_SETPIPE_SZ, room);
    return fd;
}

int64_t clx_splice(int file, int pipe, size_t length) {
    ssize_t moved;
    do moved = splice(file, NULL, pipe, NULL, length, SPLICE_F_MOVE | SPLICE_F_MORE);
    while (moved < 0 && errno == EINTR);
    return moved < 0 ? -errno : moved;
}
