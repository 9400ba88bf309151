package antiphon.sandbox.agent;

import java.util.ArrayList;
import java.util.List;

/**
 * Ways out of a sandbox, and ways to harm from inside: all that must not work, and why it does not.
 */
final class Tries {

  /** Where the host keeps a secret, for the tries that look for it. */
  static final String SECRET = "/tmp/antiphon-host-secret";

  /** What the secret says. */
  static final String WORDS = "the host's own words";

  private static final String DENIED = "Operation not permitted";
  private static final String READ_ONLY = "Read-only file system";
  private static final String NONE = "No such file or directory";
  private static final String PERMISSION = "Permission denied";

  private final List<Try> all = new ArrayList<>();

  /**
   * A try.
   *
   * @param name says what is tried
   * @param code a cell of Python after the prelude
   * @param reason what its output must hold
   */
  record Try(String name, String code, String reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  private Tries() {}

  static List<Try> all() {
    Tries tries = new Tries();
    tries.network();
    tries.files();
    tries.devicesAndProc();
    tries.kernel();
    tries.processes();
    return tries.all;
  }

  private void attempt(String name, String expression, String reason) {
    all.add(new Try(name, "attempt(lambda: " + expression + ")", reason));
  }

  private void code(String name, String code, String reason) {
    all.add(new Try(name, code, reason));
  }

  private void network() {
    attempt("TCP to the internet", "connect(2, ('1.1.1.1', 80))", "Network is unreachable");
    attempt("TCP to the metadata service", "connect(2, ('169.254.169.254', 80))", "unreachable");
    attempt("TCP over IPv6", "connect(10, ('2606:4700:4700::1111', 80))", "Cannot assign|unreach");
    attempt("UDP to a name server", "connect(2, ('8.8.8.8', 53), 2)", "unreachable");
    attempt("name look-up", "socket.getaddrinfo('example.com', 80)", "gaierror");
    attempt("a server of the host on loopback", "connect(2, ('127.0.0.1', PORT))", "refused");
    attempt("a server of the host on IPv6 loopback", "connect(10, ('::1', PORT))", "refused");
    attempt("raw socket", "socket.socket(2, socket.SOCK_RAW, 1)", DENIED);
    attempt("packet socket", "socket.socket(17, socket.SOCK_RAW)", "not supported");
    attempt("netlink", "socket.socket(16, socket.SOCK_RAW, 0)", "not supported");
    attempt("vsock to the hypervisor", "socket.socket(40, socket.SOCK_STREAM)", "not supported");
    attempt("kernel crypto socket", "socket.socket(38, socket.SOCK_SEQPACKET)", "not supported");
    attempt("bluetooth", "socket.socket(31, socket.SOCK_RAW, 1)", "not supported");
    attempt("the host's D-Bus", "connect(1, '/run/dbus/system_bus_socket')", NONE);
    attempt("the host's Docker", "connect(1, '/var/run/docker.sock')", NONE);
    attempt("an abstract socket of the host", "connect(1, '\\0antiphon-host')", "refused");
    code(
        "only the loopback interface is there",
        "print([line.split(':')[0].strip() for line in open('/proc/net/dev') if ':' in line])",
        "^\\['lo'\\]$");
  }

  private void files() {
    attempt("the host's passwords", "open('/etc/shadow').read()", NONE);
    attempt("a file of the host by its path", "open('" + SECRET + "').read()", NONE);
    attempt("root's home", "os.listdir('/root')", NONE);
    attempt("homes", "os.listdir('/home')", NONE);
    attempt("the host's logs", "os.listdir('/var')", NONE);
    attempt("the system's state", "os.listdir('/sys')", NONE);
    attempt("the host's run folder", "os.listdir('/run')", NONE);
    attempt("programs of this host alone", "os.listdir('/usr/local')[0]", "IndexError");
    attempt("a new program", "write('/usr/bin/evil')", READ_ONLY);
    attempt("another library", "open('/usr/lib/os-release', 'a')", READ_ONLY + "|" + PERMISSION);
    attempt("a file in the root", "write('/evil')", READ_ONLY);
    attempt("a file in /etc", "write('/etc/evil')", READ_ONLY);
    attempt("another user list", "write('/etc/passwd')", READ_ONLY + "|" + PERMISSION);
    attempt("our own program", "open('/opt/antiphon.pyz', 'r+b')", READ_ONLY + "|" + PERMISSION);
    attempt("a file in /dev", "write('/dev/evil')", READ_ONLY);
    attempt(
        "a link to the outside",
        "(os.symlink('" + SECRET + "', '/mnt/data/link'), open('/mnt/data/link').read())",
        NONE);
    attempt("up and away", "open('/mnt/data/../../.." + SECRET + "').read()", NONE);
    attempt("the root of the first process", "open('/proc/1/root" + SECRET + "').read()", NONE);
    attempt("bubblewrap's old root", "os.listdir('/oldroot')", NONE);
    attempt("the folder of the first process", "os.listdir('/proc/1/cwd/etc/ssh')", NONE);
    attempt(
        "open files of the agent",
        "[os.readlink('/proc/2/fd/%d' % n) for n in (3, 4, 5) if os.path.lexists('/proc/2/fd/%d' %"
            + " n) and '/tmp' in os.readlink('/proc/2/fd/%d' % n)][0]",
        "IndexError|Permission");
    attempt("a file by its handle", "call('open_by_handle_at', 3, 0, 0)", DENIED);
    attempt("a handle of a file", "call('name_to_handle_at', -100, b'/', 0, 0, 0)", DENIED);
  }

  private void devicesAndProc() {
    attempt("a disk", "open('/dev/vda', 'rb')", NONE);
    attempt("the memory", "open('/dev/mem', 'rb')", NONE);
    attempt(
        "the kernel's memory",
        "open('/proc/kcore', 'rb').read(1)[0]",
        "IndexError|" + PERMISSION + "|" + NONE);
    attempt(
        "a new device",
        "os.mknod('/mnt/data/vda', stat.S_IFBLK | 0o600, os.makedev(254, 0))",
        DENIED);
    attempt("a fuse", "open('/dev/fuse', 'rb')", NONE);
    attempt("a virtual machine", "open('/dev/kvm', 'rb')", NONE);
    attempt("a terminal", "open('/dev/tty', 'rb')", "No such device");
    attempt(
        "where core dumps go",
        "write('/proc/sys/kernel/core_pattern', '|/tmp/evil')",
        PERMISSION + "|" + READ_ONLY);
    attempt(
        "which helper loads modules",
        "write('/proc/sys/kernel/modprobe', '/tmp/evil')",
        PERMISSION + "|" + READ_ONLY + "|" + NONE);
    attempt(
        "the magic key",
        "write('/proc/sysrq-trigger', 'b')",
        PERMISSION + "|" + READ_ONLY + "|" + NONE);
    attempt(
        "more namespaces",
        "write('/proc/sys/user/max_user_namespaces', '1000')",
        PERMISSION + "|" + READ_ONLY);
    attempt("another user map", "write('/proc/self/uid_map', '0 0 1')", DENIED + "|" + PERMISSION);
    attempt(
        "kernel symbols",
        "open('/proc/kallsyms').readlines()[0]",
        "IndexError|" + PERMISSION + "|" + NONE);
    attempt(
        "keys of others",
        "open('/proc/keys').readlines()[0]",
        "IndexError|" + PERMISSION + "|" + NONE);
    attempt("control groups", "os.listdir('/sys/fs/cgroup')", NONE);
    code(
        "the launcher's environment",
        """
        for p in (1, 2):
          try:
            print(open('/proc/%d/environ' % p).read().split('\\0'))
          except OSError as e:
            print(e)
        print('ESCAPED' if 'SECRET_OF_THE_SERVER' in str(os.environ) else 'contained')
        """,
        "contained");
    code(
        "processes of the host",
        "print(sorted(int(p) for p in os.listdir('/proc') if p.isdigit()) == [1, 2, os.getpid()])",
        "^True$");
  }

  private void kernel() {
    attempt("mount", "call('mount', b'none', b'/mnt/data', b'tmpfs', 0, 0)", DENIED);
    attempt("unmount", "call('umount2', b'/proc', 2)", DENIED);
    attempt("the new ways to mount", "call('fsopen', b'tmpfs', 0)", DENIED);
    attempt("a copy of the tree", "call('open_tree', -100, b'/', 1)", DENIED);
    attempt("a mount made writable", "call('mount_setattr', -100, b'/', 0, 0, 0)", DENIED);
    attempt("another root", "call('pivot_root', b'/', b'/mnt')", DENIED);
    attempt("chroot", "call('chroot', b'/mnt/data')", DENIED);
    attempt("a user namespace within", "call('unshare', 0x10000000)", DENIED);
    attempt("a network namespace within", "call('unshare', 0x40000000)", DENIED);
    attempt("a namespace by clone", "call('clone', 0x10000000 | 17, 0, 0, 0, 0)", DENIED);
    attempt("a namespace by clone3", "call('clone3', b'\\0' * 88, 88)", "not implemented");
    attempt("the namespace of another", "call('setns', 0, 0)", DENIED);
    attempt("ptrace", "call('ptrace', 16, 2, 0, 0)", DENIED);
    attempt("memory of the agent", "call('process_vm_readv', 2, 0, 0, 0, 0, 0)", DENIED);
    attempt("files of the agent", "call('pidfd_getfd', os.pidfd_open(2), 0, 0)", DENIED);
    attempt("a key", "call('add_key', b'user', b'evil', b'x', 1, -3)", DENIED);
    attempt("the keyring", "call('keyctl', 0, -3, 0)", DENIED);
    attempt("a key of others", "call('request_key', b'user', b'x', 0, 0)", DENIED);
    attempt("bpf", "call('bpf', 0, 0, 0)", DENIED);
    attempt("performance counters", "call('perf_event_open', 0, 0, -1, -1, 0)", DENIED);
    attempt("page faults", "call('userfaultfd', 0)", DENIED);
    attempt("io_uring", "call('io_uring_setup', 8, b'\\0' * 120)", "not implemented");
    attempt("a module", "call('init_module', 0, 0, b'')", DENIED);
    attempt("another kernel", "call('kexec_load', 0, 0, 0, 0)", DENIED);
    attempt("a restart", "call('reboot', 0xfee1dead, 672274793, 0x1234567, 0)", DENIED);
    attempt("the clock", "call('clock_settime', 0, b'\\0' * 16)", DENIED);
    attempt("the clock, the old way", "call('settimeofday', b'\\0' * 16, 0)", DENIED);
    attempt("the host's name", "call('sethostname', b'evil', 4)", DENIED);
    attempt("the kernel's log", "call('syslog', 3, b'\\0' * 100, 100)", DENIED);
    attempt("quotas", "call('quotactl', 0, 0, 0, 0)", DENIED);
    attempt("swap", "call('swapon', b'/mnt/data/x', 0)", DENIED);
    attempt("accounting", "call('acct', b'/mnt/data/x')", DENIED);
    attempt("secret memory", "call('memfd_secret', 0)", DENIED);
    attempt("watching all files", "call('fanotify_init', 0, 0)", DENIED);
    attempt("memory without random places", "call('personality', 0x0040000)", DENIED);
    attempt("capabilities", "call('capset', b'\\0' * 8, b'\\0' * 24)", DENIED);
    attempt("words in a terminal's mouth", "__import__('fcntl').ioctl(0, 0x5412, b'x')", DENIED);
  }

  private void processes() {
    attempt("root", "os.setuid(0)", DENIED + "|Invalid argument");
    attempt("another group", "os.setgroups([0])", DENIED);
    code(
        "a program that makes root",
        """
        r = subprocess.run(['/usr/bin/su', '-c', 'id -u'], capture_output=True, text=True)
        print('ESCAPED' if r.stdout.strip() == '0' else 'contained: ' + r.stderr)
        """,
        "contained");
    code(
        "a program of ours that makes root",
        """
        subprocess.run('cp /usr/bin/id . && chmod u+s id', shell=True)
        print(subprocess.run(['./id', '-u'], capture_output=True, text=True).stdout)
        """,
        "^1000$");
    attempt(
        "a signal to the host's processes",
        "[os.kill(p, 0) for p in range(1000, 32768)]",
        "No such process");
    attempt(
        "a signal to bubblewrap's first process",
        "(os.kill(1, 9), time.sleep(0.2), os.path.exists('/proc/1') and 1 / 0)",
        "division");
    attempt("a higher place in the line", "os.nice(-5)", DENIED + "|" + PERMISSION);
    attempt("real time", "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))", DENIED);
    attempt(
        "more processes",
        "resource.setrlimit(resource.RLIMIT_NPROC, (9999, 9999))",
        "not allowed to raise");
    attempt("more open files", "[open('/dev/null') for _ in range(5000)]", "Too many open files");
    attempt("locked memory", "libc.mlock(bytes(1 << 22), 1 << 22) and 1 / 0", "division");
    attempt("last to be ended", "write('/proc/self/oom_score_adj', '-1000')", PERMISSION);
  }
}
