#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

static int write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    int status = write(fd, text, strlen(text)) < 0 ? -errno : 0;
    close(fd);
    return status;
}

int clx_map_ids(pid_t pid, uid_t uid) {
    char path[64], map[64];
    snprintf(map, sizeof map, "0 %u 1\n", uid);
    snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
    int status = write_file(path, map);
    if (status < 0) return status;
    snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
    return write_file(path, map);
}

/// Enters the namespaces as this process's own user: the only map that an ordinary user may write.
static int enter_as_self(void) {
    uid_t uid = geteuid();
    gid_t gid = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) < 0) return -errno;
    char map[64];
    // Without this an ordinary user may not write a gid map.
    int status = write_file("/proc/self/setgroups", "deny");
    if (status < 0 && status != -ENOENT) return status;
    snprintf(map, sizeof map, "0 %u 1\n", uid);
    if ((status = write_file("/proc/self/uid_map", map)) < 0) return status;
    snprintf(map, sizeof map, "0 %u 1\n", gid);
    return write_file("/proc/self/gid_map", map);
}

/// Enters the namespaces as another user; a child that stays behind writes the map.
static int enter_as(uid_t uid) {
    int go[2];
    if (pipe2(go, O_CLOEXEC) < 0) return -errno;
    pid_t self = getpid();
    pid_t helper = fork();
    if (helper < 0) {
        int status = -errno;
        close(go[0]);
        close(go[1]);
        return status;
    }
    if (helper == 0) {
        char byte;
        close(go[1]);
        int status = read(go[0], &byte, 1) == 1 ? clx_map_ids(self, uid) : -EPIPE;
        _exit(-status);
    }
    close(go[0]);
    int status = unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) < 0 ? -errno : 0;
    if (status == 0 && write(go[1], "", 1) != 1) status = -EPIPE;
    close(go[1]);
    int ended = 0;
    int waited = clx_wait(helper, &ended, 0);
    if (status == 0) status = waited < 0 ? waited : -clx_exit_code(ended);
    if (status < 0) return status;
    if (setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) return -errno;
    // The change of user has hidden this process's own /proc from it.
    return prctl(PR_SET_DUMPABLE, 1) == 0 ? 0 : -errno;
}

int clx_enter_job_namespaces(uid_t uid) {
    int status = uid == geteuid() ? enter_as_self() : enter_as(uid);
    if (status < 0) return status;
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 ? 0 : -errno;
}

int clx_enter_instance_namespaces(void) {
    return unshare(CLONE_NEWNET | CLONE_NEWNS) == 0 ? 0 : -errno;
}

/// Appends `key` and `path`, escaping what the option parser of overlayfs would split at.
static void append_option(char *options, const char *key, const char *path) {
    strcat(options, key);
    char *end = options + strlen(options);
    for (; *path; path++) {
        if (*path == ',' || *path == ':' || *path == '\\') *end++ = '\\';
        *end++ = *path;
    }
    *end = 0;
}

int clx_mount_overlay(const char *lower, const char *upper, const char *work, const char *target) {
    size_t room = 2 * (strlen(lower) + strlen(upper) + strlen(work)) + 64;
    if (room > 4096) return -ENAMETOOLONG;
    char *options = malloc(room);
    if (!options) return -ENOMEM;
    options[0] = 0;
    append_option(options, "lowerdir=", lower);
    append_option(options, ",upperdir=", upper);
    append_option(options, ",workdir=", work);
    strcat(options, ",userxattr");
    int status = mount("overlay", target, "overlay", MS_NOSUID | MS_NODEV, options) == 0 ? 0 : -errno;
    free(options);
    return status;
}
