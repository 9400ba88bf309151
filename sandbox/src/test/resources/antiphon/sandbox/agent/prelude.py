import ctypes, errno, os, platform, resource, signal, socket, stat, struct, subprocess, sys, time

ARM = platform.machine() == "aarch64"
NUMBERS = {
    "mount": (165, 40), "umount2": (166, 39), "unshare": (272, 97), "setns": (308, 268),
    "ptrace": (101, 117), "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "clone3": (435, 435), "init_module": (175, 105),
    "finit_module": (313, 273), "kexec_load": (246, 104), "reboot": (169, 142),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "sethostname": (170, 161),
    "chroot": (161, 51), "pivot_root": (155, 41), "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264), "process_vm_readv": (310, 270), "syslog": (103, 116),
    "quotactl": (179, 60), "swapon": (167, 224), "acct": (163, 89), "fsopen": (430, 430),
    "open_tree": (428, 428), "move_mount": (429, 429), "mount_setattr": (442, 442),
    "memfd_secret": (447, 447), "pidfd_getfd": (438, 438), "fanotify_init": (300, 262),
    "clone": (56, 220), "personality": (135, 92), "capset": (126, 91),
}
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def call(name, *arguments):
    values = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(NUMBERS[name][ARM]), *values)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def attempt(action):
    """Says whether something that must not work did."""
    try:
        print("ESCAPED", repr(action())[:300])
    except BaseException as failure:
        print("contained:", type(failure).__name__, failure)


def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as s:
        s.settimeout(2)
        s.connect(address)
        return s.getpeername()


def write(path, text="x"):
    with open(path, "w") as file:
        file.write(text)
    return path
