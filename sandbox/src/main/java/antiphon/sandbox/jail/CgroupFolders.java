package antiphon.sandbox.jail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Control groups as folders below this process's own: one tree for everything (version 2), or one
 * for each resource (version 1). What an earlier process has left is swept away.
 */
final class CgroupFolders implements ControlGroups {

  private static final String PREFIX = "antiphon-";
  private static final int PERIOD = 100_000;

  /** A folder that groups can be made in, and what it bounds. */
  private record Place(Path folder, boolean unified, String controller) {}

  private final List<Place> places;

  private CgroupFolders(List<Place> places) {
    this.places = places;
  }

  /**
   * Finds where this process may make groups.
   *
   * @param root where the file systems are, usually {@code /sys/fs/cgroup}
   * @param own the lines of {@code /proc/self/cgroup}
   * @return empty if memory cannot be bounded
   */
  static Optional<ControlGroups> find(Path root, List<String> own) {
    List<Place> places = new ArrayList<>();
    for (String line : own) {
      String[] fields = line.split(":", 3);
      if (fields.length < 3) {
        continue;
      }
      if (fields[1].isEmpty()) {
        unified(root, fields[2]).ifPresent(places::add);
      } else if (List.of("memory", "pids", "cpu", "cpu,cpuacct").contains(fields[1])) {
        Path folder = below(root.resolve(fields[1]), fields[2]);
        if (makes(folder)) {
          places.add(new Place(folder, false, fields[1].split(",", -1)[0]));
        }
      }
    }
    boolean memory =
        places.stream().anyMatch(place -> place.unified || place.controller.equals("memory"));
    if (!memory) {
      return Optional.empty();
    }
    var groups = new CgroupFolders(places);
    groups.sweep();
    return Optional.of(groups);
  }

  private static Path below(Path root, String path) {
    Path folder = root.resolve(path.substring(1));
    // In a container the path may be the host's, and the root what belongs to us.
    return Files.isDirectory(folder) ? folder : root;
  }

  /**
   * The tree of version 2. A group with processes cannot have groups with bounds below it: so the
   * one above is tried too, which is ours where systemd delegates to a subgroup.
   */
  private static Optional<Place> unified(Path root, String path) {
    Path own = below(root, path);
    for (Path folder : List.of(own, own.equals(root) ? own : own.resolveSibling("."))) {
      Path normal = folder.normalize();
      if (controllers(normal).contains("memory") && enable(normal) && makes(normal)) {
        return Optional.of(new Place(normal, true, "memory"));
      }
    }
    return Optional.empty();
  }

  private static List<String> controllers(Path folder) {
    try {
      return List.of(Files.readString(folder.resolve("cgroup.controllers")).strip().split(" ", -1));
    } catch (IOException _) {
      return List.of();
    }
  }

  private static boolean enable(Path folder) {
    try {
      Path control = folder.resolve("cgroup.subtree_control");
      List<String> on = List.of(Files.readString(control).strip().split(" ", -1));
      for (String controller : List.of("memory", "pids", "cpu")) {
        if (!on.contains(controller) && controllers(folder).contains(controller)) {
          Files.writeString(control, "+" + controller);
        }
      }
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean makes(Path folder) {
    try {
      Path trial = Files.createDirectory(folder.resolve(PREFIX + "trial-" + System.nanoTime()));
      Files.delete(trial);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** Groups without processes, from a server that was killed. */
  private void sweep() {
    for (Place place : places) {
      try (DirectoryStream<Path> left =
          Files.newDirectoryStream(place.folder, PREFIX + "[0-9]*-*")) {
        for (Path folder : left) {
          String pid = folder.getFileName().toString().substring(PREFIX.length()).split("-", -1)[0];
          if (!Files.exists(Path.of("/proc", pid))) {
            delete(folder);
          }
        }
      } catch (IOException _) {
        // They cost nothing but their names.
      }
    }
  }

  private static void delete(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException _) {
      // Busy: the next start tries again.
    }
  }

  @Override
  public Group make(String name, Amounts amounts) {
    String full = PREFIX + ProcessHandle.current().pid() + "-" + name;
    List<Path> folders = new ArrayList<>();
    for (Place place : places) {
      Path folder = place.folder.resolve(full);
      try {
        Files.createDirectory(folder);
        folders.add(folder);
        bound(place, folder, amounts);
      } catch (IOException _) {
        // One bound less is no reason to run nothing: namespaces and rlimits hold.
      }
    }
    return new Folders(folders);
  }

  private static void bound(Place place, Path folder, Amounts amounts) throws IOException {
    long quota = Math.round(amounts.processors() * PERIOD);
    if (place.unified) {
      write(folder.resolve("memory.max"), amounts.memory());
      optional(folder.resolve("memory.swap.max"), 0);
      optional(folder.resolve("pids.max"), amounts.processes());
      optional(folder.resolve("cpu.max"), quota + " " + PERIOD);
      return;
    }
    switch (place.controller) {
      case "memory" -> {
        write(folder.resolve("memory.limit_in_bytes"), amounts.memory());
        optional(folder.resolve("memory.memsw.limit_in_bytes"), amounts.memory());
        optional(folder.resolve("memory.swappiness"), 0);
      }
      case "pids" -> write(folder.resolve("pids.max"), amounts.processes());
      default -> {
        write(folder.resolve("cpu.cfs_period_us"), PERIOD);
        write(folder.resolve("cpu.cfs_quota_us"), quota);
      }
    }
  }

  private static void write(Path file, Object value) throws IOException {
    Files.writeString(file, String.valueOf(value), StandardCharsets.US_ASCII);
  }

  private static boolean optional(Path file, Object value) {
    try {
      if (Files.exists(file)) {
        write(file, value);
        return true;
      }
    } catch (IOException _) {
      // Told by the answer.
    }
    return false;
  }

  private record Folders(List<Path> folders) implements Group {

    @Override
    public List<Path> joins() {
      return folders.stream().map(folder -> folder.resolve("cgroup.procs")).toList();
    }

    @Override
    public boolean memory(long bytes) {
      boolean changed = false;
      for (Path folder : folders) {
        // Of version 1 both bounds in the order that keeps the second above the first.
        changed |= optional(folder.resolve("memory.max"), bytes);
        boolean both = optional(folder.resolve("memory.memsw.limit_in_bytes"), bytes);
        changed |= optional(folder.resolve("memory.limit_in_bytes"), bytes);
        if (!both) {
          optional(folder.resolve("memory.memsw.limit_in_bytes"), bytes);
        }
      }
      return changed;
    }

    @Override
    public long ended() {
      for (Path folder : folders) {
        for (String name : List.of("memory.events", "memory.oom_control")) {
          try {
            for (String line : Files.readAllLines(folder.resolve(name))) {
              if (line.startsWith("oom_kill ")) {
                return Long.parseLong(line.substring("oom_kill ".length()).strip());
              }
            }
          } catch (IOException | NumberFormatException _) {
            // The other version's file.
          }
        }
      }
      return 0;
    }

    @Override
    public void remove() {
      folders.forEach(CgroupFolders::delete);
    }
  }
}
