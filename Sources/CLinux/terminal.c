#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

int clx_terminal_open(int fds[2]) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return -errno;
    int status = grantpt(master) == 0 && unlockpt(master) == 0 ? 0 : -errno;
    // By the descriptor and not by its path, which need not be there in this mount namespace.
    int slave = status < 0 ? -1 : ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (status == 0 && slave < 0) status = -errno;
    if (status < 0) {
        close(master);
        return status;
    }
    fds[0] = master;
    fds[1] = slave;
    return 0;
}

int clx_terminal_copy_size(int from, int to) {
    struct winsize wanted, present;
    if (ioctl(from, TIOCGWINSZ, &wanted) < 0 || ioctl(to, TIOCGWINSZ, &present) < 0) return -errno;
    if (wanted.ws_row == present.ws_row && wanted.ws_col == present.ws_col) return 0;
    return ioctl(to, TIOCSWINSZ, &wanted) < 0 ? -errno : 1;
}
