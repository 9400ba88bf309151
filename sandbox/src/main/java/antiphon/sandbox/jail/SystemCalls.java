package antiphon.sandbox.jail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The system calls that something is known about, by their numbers on one machine.
 *
 * @param allowed those that work; a number to its name
 * @param absent those that pretend not to exist
 */
record SystemCalls(Map<Integer, String> allowed, Map<Integer, String> absent) {

  private static final String TABLE = "syscalls.txt";

  /** Above it everything is newer than the table: a program must think that it is not there. */
  static final int NEWEST_KNOWN = 456;

  SystemCalls {
    allowed = Map.copyOf(allowed);
    absent = Map.copyOf(absent);
  }

  /** The table's column for a machine. */
  static SystemCalls of(Machine machine) {
    Map<Integer, String> allowed = new TreeMap<>();
    Map<Integer, String> absent = new TreeMap<>();
    Map<Integer, String> into = allowed;
    for (String line : text().lines().toList()) {
      switch (line) {
        case "[allowed]" -> into = allowed;
        case "[absent]" -> into = absent;
        case String other when other.startsWith("#") -> {}
        default -> {
          String[] fields = line.split(" ", -1);
          if (!fields[machine.column()].equals("-")) {
            into.put(Integer.valueOf(fields[machine.column()]), fields[0]);
          }
        }
      }
    }
    return new SystemCalls(allowed, absent);
  }

  /** The number of an allowed call. */
  int number(String name) {
    return allowed.entrySet().stream()
        .filter(entry -> entry.getValue().equals(name))
        .mapToInt(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private static String text() {
    try (InputStream in = SystemCalls.class.getResourceAsStream(TABLE)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + TABLE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
