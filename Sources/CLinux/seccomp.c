#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

// What a container may not ask of the kernel: everything that makes or joins namespaces and mounts (a container has its
// own already, and most holes in kernels were reached through a namespace's new rights), loads code into the kernel,
// or reaches other users' keys. A process that asks gets EPERM, as from a kernel that lacks the right; for `clone3`,
// whose flags a filter cannot see, ENOSYS, after which C libraries use `clone`.

#if defined(__x86_64__)
enum { native = AUDIT_ARCH_X86_64 };
#elif defined(__aarch64__)
enum { native = AUDIT_ARCH_AARCH64 };
#endif

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

enum {
    new_namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
                     CLONE_NEWCGROUP,
    no_such_call = SECCOMP_RET_ERRNO | ENOSYS,
};

static const int refused[] = {
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsconfig,
    SYS_fsmount, SYS_fspick, 442 /* mount_setattr */, SYS_unshare, SYS_setns, SYS_swapon, SYS_swapoff, SYS_reboot,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_add_key, SYS_request_key, SYS_keyctl, SYS_open_by_handle_at,
    SYS_quotactl, SYS_acct, SYS_syslog, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime,
    SYS_sethostname, SYS_setdomainname, SYS_vhangup, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
#if defined(__x86_64__)
    SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs, SYS__sysctl, SYS_create_module,
    SYS_get_kernel_syms, SYS_query_module, SYS_nfsservctl,
#endif
};

enum { most_instructions = 160 };

struct program {
    struct sock_filter code[most_instructions];
    size_t length;
};

static void add(struct program *program, uint16_t code, uint32_t k, uint8_t yes, uint8_t no) {
    if (program->length < most_instructions)
        program->code[program->length++] = (struct sock_filter){.code = code, .jt = yes, .jf = no, .k = k};
}

static void load(struct program *program, size_t offset) { add(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0); }

static void answer(struct program *program, uint32_t verdict) { add(program, BPF_RET | BPF_K, verdict, 0, 0); }

static size_t argument(int number) { return offsetof(struct seccomp_data, args) + 8 * (size_t)number; }

int clx_seccomp_program(void) {
    struct program program = {.length = 0};
    uint32_t no = SECCOMP_RET_ERRNO | EPERM;
    load(&program, offsetof(struct seccomp_data, arch));
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, native, 1, 0);
    answer(&program, no_such_call);
    load(&program, offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
    // The x32 calls have numbers of their own, which the list below would miss.
    add(&program, BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
    answer(&program, no_such_call);
#endif
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
    answer(&program, no_such_call);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        add(&program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)refused[i], 0, 1);
        answer(&program, no);
    }
    // clone with a new namespace: the flags are the first argument.
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3);
    load(&program, argument(0));
    add(&program, BPF_JMP | BPF_JSET | BPF_K, new_namespaces, 0, 1);
    answer(&program, no);
    load(&program, offsetof(struct seccomp_data, nr));
    // ioctl that types into a terminal.
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 4);
    load(&program, argument(1));
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, TIOCSTI, 1, 0);
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, TIOCLINUX, 0, 1);
    answer(&program, no);
    load(&program, offsetof(struct seccomp_data, nr));
    // Sockets to the hypervisor and to hardware.
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 4);
    load(&program, argument(0));
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, AF_VSOCK, 1, 0);
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, AF_BLUETOOTH, 0, 1);
    answer(&program, no);
    answer(&program, SECCOMP_RET_ALLOW);
    if (program.length == most_instructions) return -E2BIG;
    return clx_memory_file("seccomp", program.code, program.length * sizeof program.code[0]);
}
