#define _GNU_SOURCE
#include "CLinux.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

static int remove_entry(int parent, const char *name, int depth) {
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT) return 0;
    if (errno != EISDIR && errno != EPERM && errno != EACCES) return -errno;
    if (depth > 1000) return -ELOOP;
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == EACCES) {
        // A job may lock its own directories, and overlayfs leaves one of mode 000.
        // fchmodat follows a link, but then the open below refuses it.
        struct stat facts;
        if (fstatat(parent, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(facts.st_mode))
            fchmodat(parent, name, 0700, 0);
        fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    }
    if (fd < 0) return errno == ENOENT ? 0 : -errno;
    fchmod(fd, 0700);
    DIR *entries = fdopendir(fd);
    if (!entries) {
        int status = -errno;
        close(fd);
        return status;
    }
    int first_error = 0;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(entries);
        if (!entry) break;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        int status = remove_entry(dirfd(entries), entry->d_name, depth + 1);
        if (status < 0 && first_error == 0) first_error = status;
    }
    closedir(entries);
    if (first_error < 0) return first_error;
    return unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : -errno;
}

int clx_remove_tree(const char *path) { return remove_entry(AT_FDCWD, path, 0); }

/// Adds up what a directory holds; deeper than `depth` is not looked at.
static int64_t add_up(int fd, int depth) {
    DIR *entries = fdopendir(fd);
    if (!entries) {
        close(fd);
        return 0;
    }
    int64_t total = 0;
    struct dirent *entry;
    while ((entry = readdir(entries))) {
        struct stat facts;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        if (fstatat(fd, entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) < 0) continue;
        // A file with several names counts once in all.
        total += (int64_t)facts.st_blocks * 512 / (S_ISDIR(facts.st_mode) || facts.st_nlink < 1 ? 1 : (int64_t)facts.st_nlink);
        if (!S_ISDIR(facts.st_mode) || depth <= 0) continue;
        int child = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (child >= 0) total += add_up(child, depth - 1);
    }
    closedir(entries);
    return total;
}

int64_t clx_tree_bytes(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? -errno : add_up(fd, 200);
}

int clx_reserve_behind(int file, int64_t bytes) {
    struct stat facts;
    if (fstat(file, &facts) != 0) return -errno;
    return fallocate(file, FALLOC_FL_KEEP_SIZE, facts.st_size, bytes) == 0 ? 0 : -errno;
}

bool clx_names_follow_files(const char *path) {
    struct statfs facts;
    if (statfs(path, &facts) != 0) return false;
    return facts.f_type == EXT4_SUPER_MAGIC || facts.f_type == XFS_SUPER_MAGIC;
}

void clx_begin_flushing(int file, int64_t offset, int64_t bytes) {
    sync_file_range(file, offset, bytes, SYNC_FILE_RANGE_WRITE);
}

/// Whether the entry lies on the mount with this number and is no mount point itself.
static bool is_on_mount(int parent, const char *name, uint64_t mount, struct statx *facts) {
    if (statx(parent, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_MNT_ID, facts) < 0) return false;
    return (facts->stx_mask & STATX_MNT_ID) && facts->stx_mnt_id == mount
        && !(facts->stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

static void give_entries(int fd, uint64_t mount, uid_t user, gid_t group, int depth) {
    DIR *entries = fdopendir(fd);
    if (!entries) {
        close(fd);
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(entries))) {
        struct statx facts;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        if (!is_on_mount(fd, entry->d_name, mount, &facts)) continue;
        // What cannot be given away stays whose it is.
        if (facts.stx_uid != user || facts.stx_gid != group) {
            int ignored = fchownat(fd, entry->d_name, user, group, AT_SYMLINK_NOFOLLOW);
            (void)ignored;
        }
        if (!S_ISDIR(facts.stx_mode) || depth <= 0) continue;
        int child = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (child >= 0) give_entries(child, mount, user, group, depth - 1);
    }
    closedir(entries);
}

int clx_give_tree(const char *path, uid_t user, gid_t group) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return -errno;
    struct statx facts;
    if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_MNT_ID, &facts) < 0) {
        int status = -errno;
        close(fd);
        return status;
    }
    if ((facts.stx_uid != user || facts.stx_gid != group) && fchown(fd, user, group) < 0) {
        int status = -errno;
        close(fd);
        return status;
    }
    give_entries(fd, facts.stx_mnt_id, user, group, 200);
    return 0;
}
