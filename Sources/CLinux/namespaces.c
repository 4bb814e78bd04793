#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static int write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    int status = write(fd, text, strlen(text)) < 0 ? -errno : 0;
    close(fd);
    return status;
}

int clx_enter_job_namespaces(void) {
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
    if ((status = write_file("/proc/self/gid_map", map)) < 0) return status;
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
