#ifndef CLINUX_H
#define CLINUX_H

#include <linux/fuse.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// Every function returns a value >= 0, or -errno. Descriptors that come out are close-on-exec.

// -- descriptors.c

/// O_PATH, which the C library shows only to those who ask for extensions: names a file without opening it.
enum { CLX_O_PATH = 010000000 };

/// Closes every descriptor from `lowest` on.
int clx_close_from(int lowest);
/// Clears close-on-exec.
int clx_keep_on_exec(int fd);
/// Sends one message of `length` > 0 bytes with up to 32 descriptors.
int clx_send(int socket, const void *bytes, size_t length, const int *fds, int fd_count);
/// Receives one message: its length, 0 at the end; `*fd_count` holds the room and then the number of descriptors.
int clx_receive(int socket, void *bytes, size_t capacity, int *fds, int *fd_count);
/// Listens at a path of any length (an old socket there is removed), mode 0600. `type`: SOCK_STREAM, SOCK_SEQPACKET.
int clx_unix_listen(const char *path, int type, int backlog);
/// Connects to a unix socket at a path of any length.
int clx_unix_connect(const char *path, int type);
/// The next connection to a listening socket.
int clx_accept(int listener);
/// A pipe with room for `room` bytes where the system allows it: reading end, writing end.
int clx_pipe(int fds[2], int room);
/// A pair of connected SOCK_SEQPACKET sockets.
int clx_socket_pair(int fds[2]);
/// Asks the connector that listens at `path` for a socket connected to 127.0.0.1:`port` inside its instance,
/// waiting at most `timeout_ms`.
/// -ECONNREFUSED: nothing listens there yet (or the instance is gone).
int clx_connect_inside(const char *path, uint16_t port, int timeout_ms);
/// An anonymous file with `length` bytes, positioned at its start.
int clx_memory_file(const char *name, const void *bytes, size_t length);
/// Waits until `fd` is readable: 1, or 0 after `timeout_ms` (-1: for ever).
int clx_wait_readable(int fd, int timeout_ms);
/// Opens what is at `path` below the directory `root` without ever leaving it, whatever symbolic links say.
int clx_open_beneath(int root, const char *path, int flags, unsigned mode);
/// Copies a whole file by reference or in the kernel where the file systems can.
int clx_copy_file(const char *from, const char *to, unsigned mode);

// -- fuse.c

/// A detached, read-only FUSE mount whose file system is served at `*device`; both are the caller's to close.
/// `userns`: the user namespace that it is to belong to, or -1 for this process's own.
int clx_fuse_mount(int userns, int *device);
/// Attaches a detached mount to a directory that is there.
int clx_move_mount(int tree, const char *target);

// -- fifos.c

/// Makes a FIFO in the directory `at` and returns a descriptor that names it (O_PATH). What was there is removed, unless
/// it is a directory.
int clx_make_fifo(int at, const char *name, unsigned mode);
/// Opens a FIFO that such a descriptor names for writing: -ENXIO while nobody has it open for reading. Where the system
/// allows it, it gets `room` bytes.
int clx_open_fifo_for_writing(int fifo, int room);
/// Moves up to `length` bytes from the position of `file` to `pipe` without copying them where the file system can; waits
/// for room. 0 at the end of the file.
int64_t clx_splice(int file, int pipe, size_t length);

// -- processes.c

/// fork() for a process with one thread: 0 in the child.
int clx_fork(void);
/// Leaves the parent's session and process group for good: forks; returns the new process's id in the old one and
/// 0 in the new one, which leads a session of its own with default signals and `/` as its directory.
int clx_detach(void);
/// Makes `log` this process's output, and its input empty.
int clx_redirect_output(int log);
/// Gives every signal its default meaning and blocks none.
int clx_reset_signals(void);
/// Moves `fds` to the descriptors `first`, `first + 1`, … and keeps those on exec.
int clx_place(const int *fds, int count, int first);
/// Starts a program with stdin from `in` (-1: from /dev/null), stdout and stderr to the given descriptors, the given
/// working environment, default signals and no other descriptor. Returns the process id.
int clx_spawn(const char *path, char *const argv[], char *const envp[], int in, int out, int err);
/// Waits for one child; `*status` is the raw wait status. `flags`: WNOHANG.
int clx_wait(pid_t pid, int *status, int flags);
/// Exit code of a raw wait status, or -1 if a signal ended the process.
int clx_exit_code(int status);
/// Signal of a raw wait status, or 0.
int clx_exit_signal(int status);
int clx_pidfd_open(pid_t pid);
int clx_pidfd_signal(int pidfd, int signal);
/// Start time of a process in clock ticks since boot, 0 if it is gone (or a zombie).
uint64_t clx_process_start(pid_t pid);
/// Number of CPUs this process may run on.
int clx_cpu_count(void);
/// Restricts this process to `count` of its CPUs, beginning at the `offset`-th, round and round.
int clx_limit_cpus(int count, unsigned offset);
/// Blocks the signals and returns a descriptor that reports them. Ends with 0.
int clx_signal_descriptor(const int *signals);
/// Reads one signal number from a signal descriptor, 0 if there is none.
int clx_next_signal(int fd);
/// Asks the kernel to kill this process when its parent ends.
int clx_die_with_parent(void);
/// Keeps other processes of this user from tracing this one or reading its memory and descriptors.
int clx_hide_from_tracing(void);
/// No later exec gains rights.
int clx_no_new_privileges(void);
/// Unix time in nanoseconds.
int64_t clx_now(void);

// -- namespaces.c

/// Enters new user, network and mount namespaces, as root inside and as `uid` outside; mounts made here stay here.
/// A `uid` other than one's own needs root.
int clx_enter_job_namespaces(uid_t uid);
/// Makes root inside the user namespace of `pid` the user and the group `uid` outside.
int clx_map_ids(pid_t pid, uid_t uid);
/// Enters a network and a mount namespace of an instance.
int clx_enter_instance_namespaces(void);
/// Mounts an overlay whose changes go to `upper`; `lower` is never written.
int clx_mount_overlay(const char *lower, const char *upper, const char *work, const char *target);

// -- mounts.c

/// A detached mount of what is at `path`, to be attached in another mount namespace. With `userns` >= 0 its files look
/// as if they belonged to the user that is root in that user namespace. Needs root.
int clx_clone_mount(const char *path, int userns);
/// Attaches a detached mount at `target`, which is made.
int clx_attach_mount(int tree, const char *target);
/// An empty file system at `target` for places to attach mounts at.
int clx_mount_stage(const char *target);
/// 0 if files below `path` can be made to look like those of `uid` (ID-mapped mounts, Linux 5.12).
int clx_can_shift(const char *path, uid_t uid);

// -- seccomp.c

/// The system calls that a container may not make, as a classic BPF program in a memory file.
int clx_seccomp_program(void);

// -- netlink.c

int clx_link_up(const char *name);
int clx_bridge_add(const char *name);
int clx_link_remove(const char *name);
/// A veth pair: `name` here in `bridge` and up, `peer` in the network namespace of `pid` with the given address.
int clx_veth_add(const char *name, const char *peer, pid_t pid, const char *bridge, const uint8_t mac[6]);
/// `address` in host byte order.
int clx_address_add(const char *name, uint32_t address, int prefix);
/// Puts an interface into a bridge and brings it up.
int clx_link_join(const char *name, const char *bridge);
/// Nothing is sent to this network (host byte order): whoever tries hears so.
int clx_refuse_route(uint32_t address, int prefix);
/// The IPv4 addresses of this machine, host byte order; at most `room` of them.
int clx_own_addresses(uint32_t *addresses, int room);
/// The only route out, through `gateway` (host byte order).
int clx_default_route(uint32_t gateway);

// -- container.c

/// The most supplementary groups of an entry process.
enum { clx_most_groups = 64 };
/// Whom an entry process becomes.
struct clx_identity {
    uid_t user;
    gid_t group;
    int count;
    gid_t groups[clx_most_groups];
};
/// Starts the entry process: own session, `streams` as stdin (-1: empty), stdout and stderr, no other descriptor. With
/// `terminal` != 0 its standard input is a terminal and becomes that of its session. `PATH` of `envp` finds `argv[0]`. -errno of exec or chdir if it could not be started.
/// It and its children are at most `processes` processes and threads, where the kernel counts those of a user namespace.
/// It becomes `user`, unless that is null.
int clx_start_entry(char *const argv[], char *const envp[], const char *directory, const int streams[3], int terminal,
                    int processes, const struct clx_identity *user);

/// The most relays of one sandbox.
enum { clx_most_relays = 4 };
/// Starts the process that serves `connector` (a listening unix socket: see `clx_connect_inside`) and relays what
/// connects to each of `listeners` (listening TCP sockets, `count` of them) to the unix socket of the same index.
int clx_start_plumbing(int connector, const int *listeners, char *const sockets[], int count);
/// Listens on 127.0.0.1:`port`.
int clx_loopback_listen(uint16_t port);
/// Bytes that all processes of this PID namespace hold, without what they share with files. `exact` != 0 divides
/// shared pages among their users (slower).
int64_t clx_namespace_memory(int exact);
/// Number of processes of this PID namespace.
int clx_namespace_processes(void);
/// Bytes used on the file system at `path`.
int64_t clx_filesystem_used(const char *path);
/// Sends a signal to every other process of this PID namespace.
int clx_signal_all(int signal);
/// Paths of the dynamic loader and the libraries that this program has loaded, each with a line break behind it.
/// - Returns: Bytes; -ENOSPC if there are more than `room`.
int clx_loaded_libraries(char *text, size_t room);

// -- terminal.c

/// A new terminal: the end of whoever shows it, and the end of the processes in it.
int clx_terminal_open(int fds[2]);
/// Gives the terminal `to` the size of `from`: 1 if it had another, 0 if not.
int clx_terminal_copy_size(int from, int to);

// -- tree.c

/// Bytes on disk of everything below a directory; never follows a symbolic link.
int64_t clx_tree_bytes(const char *path);
/// Removes a file or a directory with everything below; never follows a symbolic link; no error if absent.
int clx_remove_tree(const char *path);
/// Makes a directory and everything in it `user`'s, but for what is mounted there.
int clx_give_tree(const char *path, uid_t user, gid_t group);
/// Gives a file blocks for so many bytes behind its end, and leaves its length.
int clx_reserve_behind(int file, int64_t bytes);

/// Whether the file system makes the name of a new file durable together with its bytes, when the file is flushed:
/// those do that write the file and its directory in one transaction of their journal (ext4, XFS).
bool clx_names_follow_files(const char *path);
/// Has the disk begin to write what a range of an open file holds in memory, without waiting for it: only a hint.
void clx_begin_flushing(int file, int64_t offset, int64_t bytes);

#endif
