#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// The headers of older systems lack the calls; their numbers are the same on every architecture.
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef MOUNT_ATTR_IDMAP
#define MOUNT_ATTR_IDMAP 0x00100000
#endif
#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif
#ifndef MOVE_MOUNT_F_EMPTY_PATH
#define MOVE_MOUNT_F_EMPTY_PATH 0x00000004
#endif

/// `struct mount_attr` of linux/mount.h, which the C library's own header hides.
struct shift {
    uint64_t set, clear, propagation, userns;
};

int clx_clone_mount(const char *path, int userns) {
    int tree = (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | O_CLOEXEC);
    if (tree < 0) return -errno;
    struct shift shift = {.set = MOUNT_ATTR_IDMAP, .userns = (uint64_t)userns};
    if (userns >= 0 && syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &shift, sizeof shift) < 0) {
        int status = -errno;
        close(tree);
        return status;
    }
    return tree;
}

int clx_attach_mount(int tree, const char *target) {
    struct stat facts;
    if (fstat(tree, &facts) < 0) return -errno;
    if (S_ISDIR(facts.st_mode)) {
        if (mkdir(target, 0755) < 0) return -errno;
    } else {
        int file = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (file < 0) return -errno;
        close(file);
    }
    return syscall(SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) == 0 ? 0 : -errno;
}

int clx_mount_stage(const char *target) {
    return mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=1m") == 0 ? 0 : -errno;
}

int clx_can_shift(const char *path, uid_t uid) {
    int ready[2], end[2];
    if (pipe2(ready, O_CLOEXEC) < 0) return -errno;
    if (pipe2(end, O_CLOEXEC) < 0) {
        int status = -errno;
        close(ready[0]);
        close(ready[1]);
        return status;
    }
    pid_t pid = fork();
    char byte = 0;
    if (pid == 0) {
        close(end[1]);
        if (unshare(CLONE_NEWUSER) == 0 && write(ready[1], &byte, 1) == 1) (void)!read(end[0], &byte, 1);
        _exit(0);
    }
    close(ready[1]);
    close(end[0]);
    int status = pid < 0 ? -errno : 0;
    if (status == 0 && read(ready[0], &byte, 1) != 1) status = -EPERM;
    if (status == 0) status = clx_map_ids(pid, uid);
    if (status == 0) {
        char name[64];
        snprintf(name, sizeof name, "/proc/%d/ns/user", pid);
        int userns = open(name, O_RDONLY | O_CLOEXEC);
        int tree = userns < 0 ? -errno : clx_clone_mount(path, userns);
        if (userns >= 0) close(userns);
        if (tree >= 0) close(tree);
        else status = tree;
    }
    close(end[1]);
    close(ready[0]);
    if (pid > 0) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    return status;
}
