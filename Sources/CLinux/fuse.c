#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// The headers of older systems lack the calls; their numbers are the same on every architecture.
#ifndef SYS_fsopen
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif

static int set(int context, unsigned command, const char *key, const char *value) {
    return syscall(SYS_fsconfig, context, command, key, value, 0) < 0 ? -errno : 0;
}

/// The mount, made with this process's rights; `*device` is the server's end.
static int make(int *device) {
    int server = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (server < 0) return -errno;
    int context = (int)syscall(SYS_fsopen, "fuse", FSOPEN_CLOEXEC);
    if (context < 0) {
        int status = -errno;
        close(server);
        return status;
    }
    char number[16];
    snprintf(number, sizeof number, "%d", server);
    int status = set(context, FSCONFIG_SET_STRING, "source", "clary");
    if (status == 0) status = set(context, FSCONFIG_SET_STRING, "fd", number);
    if (status == 0) status = set(context, FSCONFIG_SET_STRING, "rootmode", "40555");
    if (status == 0) status = set(context, FSCONFIG_SET_STRING, "user_id", "0");
    if (status == 0) status = set(context, FSCONFIG_SET_STRING, "group_id", "0");
    if (status == 0) status = set(context, FSCONFIG_SET_FLAG, "default_permissions", NULL);
    if (status == 0) status = set(context, FSCONFIG_SET_FLAG, "allow_other", NULL);
    if (status == 0) status = set(context, FSCONFIG_CMD_CREATE, NULL, NULL);
    if (status == 0) {
        unsigned attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
        status = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes);
        if (status < 0) status = -errno;
    }
    close(context);
    if (status < 0) close(server);
    else *device = server;
    return status;
}

int clx_fuse_mount(int userns, int *device) {
    if (userns < 0) return make(device);
    // The device must be opened in the user namespace that mounts, and a process with threads cannot enter one.
    int line[2];
    int status = clx_socket_pair(line);
    if (status < 0) return status;
    pid_t pid = fork();
    if (pid == 0) {
        int fds[2] = {-1, -1};
        int32_t result = setns(userns, CLONE_NEWUSER) < 0 || unshare(CLONE_NEWNS) < 0 ? -errno : 0;
        if (result == 0) {
            result = make(&fds[1]);
            fds[0] = result;
        }
        if (result > 0) result = 0;
        clx_send(line[1], &result, sizeof result, fds, result == 0 ? 2 : 0);
        _exit(0);
    }
    close(line[1]);
    int32_t result = -ECHILD;
    int fds[2], count = 2;
    if (pid < 0) {
        result = -errno;
    } else {
        if (clx_receive(line[0], &result, sizeof result, fds, &count) != sizeof result) result = -ECHILD;
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    }
    close(line[0]);
    if (result < 0) return result;
    if (count != 2) return -EPROTO;
    *device = fds[1];
    return fds[0];
}

int clx_move_mount(int tree, const char *target) {
    return syscall(SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) == 0 ? 0 : -errno;
}
