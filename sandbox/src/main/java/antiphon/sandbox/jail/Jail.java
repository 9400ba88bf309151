package antiphon.sandbox.jail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the command that runs a program behind walls. The command opens its files and joins its
 * control groups while it may, becomes a user of its own, mounts a small disk that nobody else
 * sees, and becomes bubblewrap, all in one process: who kills that one kills all.
 */
public final class Jail implements AutoCloseable {

  /** Where the packages are, inside. */
  static final String PACKAGES = "/opt/packages";

  private static final String PROGRAM = "/opt/antiphon.pyz";

  /** File descriptors of the command; a shell knows those of one digit. */
  private static final int FILTER = 3;

  private static final int ARGUMENTS = 4;
  private static final int CODE = 5;
  private static final int FIRST_OF_ETC = 6;

  private static final Map<String, String> ETC =
      Map.of(
          "passwd", "root:x:0:0::/root:/bin/sh\nsandbox:x:1000:1000::/tmp:/bin/sh\n",
          "group", "root:x:0:\nsandbox:x:1000:\n",
          "hosts", "127.0.0.1 localhost\n::1 localhost\n");

  private static final List<String> SECRETS_OF_PROC =
      List.of(
          "cmdline",
          "config.gz",
          "kallsyms",
          "kcore",
          "keys",
          "key-users",
          "kpagecount",
          "kpageflags",
          "kmsg",
          "latency_stats",
          "modules",
          "sched_debug",
          "timer_list",
          "timer_stats",
          "vmallocinfo");

  private static final List<String> FOLDERS_OF_PROC =
      List.of("acpi", "asound", "bus", "driver", "fs", "irq", "scsi", "sysvipc");

  /** The small disk takes the place of a folder that every machine has and nobody inside needs. */
  private static final String MOUNT =
      """
      mount -t tmpfs -o "size=$1,nr_inodes=$2,mode=0755,nosuid,nodev" tmpfs /dev/shm
      mkdir /dev/shm/data /dev/shm/tmp /dev/shm/shm
      shift 2
      exec "$@"
      """;

  private final JailSettings settings;
  private final Path bubblewrap;
  private final Path folder;
  private final boolean root;
  private final @Nullable ControlGroups groups;

  private Jail(
      JailSettings settings,
      Path bubblewrap,
      Path folder,
      boolean root,
      @Nullable ControlGroups groups) {
    this.settings = settings;
    this.bubblewrap = bubblewrap;
    this.folder = folder;
    this.root = root;
    this.groups = groups;
  }

  /**
   * Makes ready.
   *
   * @param code the program that is run inside, a Python archive
   * @throws Unusable if something that it takes is missing
   */
  public static Jail open(JailSettings settings, byte[] code) throws Unusable {
    Machine machine =
        Machine.here()
            .orElseThrow(() ->
                new Unusable(
                    "there is no system call filter for " + System.getProperty("os.arch"),
                    "Run the server on Linux on x86-64 or arm64."));
    Path bubblewrap =
        Programs.find(settings.bubblewrap())
            .orElseThrow(() ->
                new Unusable(
                    "the program " + settings.bubblewrap() + " is not installed",
                    "Install bubblewrap (Debian and Ubuntu: apt install bubblewrap)."));
    for (String name : List.of("setpriv", "unshare", "mount", "sh")) {
      if (Programs.find(name).isEmpty()) {
        throw new Unusable(
            "the program " + name + " is not installed", "Install util-linux 2.38 or newer.");
      }
    }
    try {
      Path folder = JailFolder.make();
      boolean root = Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid"));
      @Nullable ControlGroups groups = settings.cgroups() ? groups() : null;
      var jail = new Jail(settings, bubblewrap, folder, root, groups);
      Files.write(folder.resolve("filter"), SeccompFilter.of(machine));
      Files.write(folder.resolve("code"), code);
      for (Map.Entry<String, String> file : ETC.entrySet()) {
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
      }
      Files.write(
          folder.resolve("arguments"),
          (String.join("\0", jail.arguments()) + "\0").getBytes(StandardCharsets.UTF_8));
      return jail;
    } catch (IOException e) {
      throw new UncheckedIOException("sandboxes cannot be prepared", e);
    }
  }

  private static @Nullable ControlGroups groups() throws IOException {
    Path own = Path.of("/proc/self/cgroup");
    return Files.exists(own)
        ? CgroupFolders.find(Path.of("/sys/fs/cgroup"), Files.readAllLines(own)).orElse(null)
        : null;
  }

  /** What bounds the memory of all processes together; null if nothing here can. */
  public @Nullable ControlGroups controlGroups() {
    return groups;
  }

  /** Whether sandboxes run as users of their own, and not as the server's. */
  public boolean ownUsers() {
    return root;
  }

  /** The interpreter as it is called inside. */
  private String interpreter() {
    if (settings.packages() != null) {
      return PACKAGES + "/bin/python3";
    }
    return settings.python() != null
        ? settings.python().toString()
        : Programs.find("python3").map(Path::toString).orElse("/usr/bin/python3");
  }

  /**
   * The command that starts a sandbox.
   *
   * @param place its number among those that are there at the same time
   * @param group to join, or null
   * @param options what the program inside is told
   */
  public List<String> command(int place, ControlGroups.@Nullable Group group, String options) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-ec", opening(group), "sh"));
    command.add("setpriv");
    if (root) {
      String user = String.valueOf(settings.firstUser() + place);
      command.addAll(List.of("--reuid", user, "--regid", user, "--clear-groups"));
      command.addAll(List.of("--inh-caps=-all", "--bounding-set=-all"));
    }
    command.addAll(List.of("--no-new-privs", "--"));
    command.addAll(List.of("unshare", "--user", "--map-root-user", "--mount"));
    command.addAll(List.of("--propagation", "private", "--", "/bin/sh", "-ec", MOUNT, "sh"));
    command.add(String.valueOf(settings.bounds().disk()));
    command.add(String.valueOf(settings.bounds().files()));
    command.addAll(List.of(bubblewrap.toString(), "--args", String.valueOf(ARGUMENTS), "--"));
    command.addAll(List.of(interpreter(), "-I", "-X", "utf8", PROGRAM, options));
    return command;
  }

  /** What only the server may do: the rest of the command has other rights. */
  private String opening(ControlGroups.@Nullable Group group) {
    StringBuilder script = new StringBuilder();
    if (group != null) {
      for (Path file : group.joins()) {
        script.append("echo $$ > ").append(quoted(file)).append('\n');
      }
    }
    // Where the machine is short of memory these go first.
    script.append("echo 500 > /proc/self/oom_score_adj || true\nulimit -c 0\n");
    script.append("exec");
    open(script, FILTER, "filter");
    open(script, ARGUMENTS, "arguments");
    open(script, CODE, "code");
    int next = FIRST_OF_ETC;
    for (String name : etc()) {
      open(script, next++, name);
    }
    return script.append("\nexec \"$@\"\n").toString();
  }

  private void open(StringBuilder script, int descriptor, String name) {
    script.append(' ').append(descriptor).append('<').append(quoted(folder.resolve(name)));
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''") + "'";
  }

  private static List<String> etc() {
    return ETC.keySet().stream().sorted().toList();
  }

  private List<String> arguments() {
    List<String> all = new ArrayList<>();
    all.addAll(
        List.of(
            "--unshare-user",
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--disable-userns",
            "--die-with-parent",
            "--new-session",
            "--uid",
            "1000",
            "--gid",
            "1000",
            "--hostname",
            "sandbox",
            "--cap-drop",
            "ALL"));
    environment(all);
    system(all);
    processes(all);
    all.addAll(List.of("--dev", "/dev"));
    all.addAll(List.of("--bind", "/dev/shm/data", "/mnt/data"));
    all.addAll(List.of("--bind", "/dev/shm/tmp", "/tmp"));
    all.addAll(List.of("--bind", "/dev/shm/shm", "/dev/shm"));
    all.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/mnt/data"));
    all.addAll(List.of("--seccomp", String.valueOf(FILTER)));
    return all;
  }

  private void environment(List<String> all) {
    String processors = String.valueOf((int) Math.ceil(settings.bounds().processors()));
    all.add("--clearenv");
    Map.of(
            "PATH", (settings.packages() == null ? "" : PACKAGES + "/bin:") + "/usr/bin:/bin",
            "HOME", "/tmp",
            "LANG", "C.UTF-8",
            "TMPDIR", "/tmp",
            "USER", "sandbox",
            "MPLBACKEND", "module://antiphon_backend",
            "MPLCONFIGDIR", "/tmp/.matplotlib",
            "OPENBLAS_NUM_THREADS", processors,
            "OMP_NUM_THREADS", processors,
            "PYTHONDONTWRITEBYTECODE", "1")
        .forEach((name, value) -> all.addAll(List.of("--setenv", name, value)));
  }

  /** The machine's programs and libraries, and nothing else of it. */
  private void system(List<String> all) {
    all.addAll(List.of("--ro-bind", "/usr", "/usr"));
    for (String name : List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")) {
      Path path = Path.of(name);
      try {
        if (Files.isSymbolicLink(path)) {
          all.addAll(List.of("--symlink", Files.readSymbolicLink(path).toString(), name));
        } else if (Files.isDirectory(path)) {
          all.addAll(List.of("--ro-bind", name, name));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (!interpreter().startsWith("/usr/local/") && Files.isDirectory(Path.of("/usr/local"))) {
      all.addAll(List.of("--tmpfs", "/usr/local", "--remount-ro", "/usr/local"));
    }
    for (String name : List.of("/etc/ld.so.cache", "/etc/alternatives")) {
      all.addAll(List.of("--ro-bind-try", name, name));
    }
    int next = FIRST_OF_ETC;
    for (String name : etc()) {
      all.addAll(List.of("--perms", "0444", "--ro-bind-data", String.valueOf(next++)));
      all.add("/etc/" + name);
    }
    all.addAll(List.of("--perms", "0444", "--ro-bind-data", String.valueOf(CODE), PROGRAM));
    if (settings.packages() != null) {
      all.addAll(List.of("--ro-bind", settings.packages().toString(), PACKAGES));
    }
    for (Path path : settings.readable()) {
      all.addAll(List.of("--ro-bind", path.toString(), path.toString()));
    }
  }

  private static void processes(List<String> all) {
    all.addAll(List.of("--proc", "/proc"));
    for (String name : SECRETS_OF_PROC) {
      if (Files.exists(Path.of("/proc", name))) {
        all.addAll(List.of("--ro-bind", "/dev/null", "/proc/" + name));
      }
    }
    for (String name : FOLDERS_OF_PROC) {
      String path = "/proc/" + name;
      if (Files.isDirectory(Path.of(path))) {
        all.addAll(List.of("--tmpfs", path, "--remount-ro", path));
      }
    }
  }

  JailSettings settings() {
    return settings;
  }

  @Override
  public void close() {
    JailFolder.delete(folder);
  }

  /** Sandboxes cannot be made here. */
  public static final class Unusable extends Exception {

    private static final long serialVersionUID = 1L;

    private final String advice;

    /**
     * @param reason what is the matter
     * @param advice what to change
     */
    public Unusable(String reason, String advice) {
      super(reason);
      this.advice = advice;
    }

    public String advice() {
      return advice;
    }
  }
}
