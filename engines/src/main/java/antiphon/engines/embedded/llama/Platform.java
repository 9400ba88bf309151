package antiphon.engines.embedded.llama;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The machine this runs on, in the words of the library's jar.
 *
 * @param system the folder of the operating system
 * @param machine the folder of the processor
 * @param fileName what the library is called there
 */
record Platform(String system, String machine, String fileName) {

  /** What the library for Linux on x86_64 was compiled to use; without these it would crash. */
  private static final List<String> X86_64_NEEDS = List.of("avx2", "fma", "f16c", "bmi2");

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  static Platform current() throws LlamaUnavailableException {
    return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  static Platform of(String osName, String osArch) throws LlamaUnavailableException {
    String os = osName.toLowerCase(Locale.ROOT);
    String machine =
        switch (osArch.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64", "x86-64" -> "x86_64";
          case "aarch64", "arm64" -> "aarch64";
          default -> throw unsupported(osName, osArch);
        };
    if (os.contains("linux")) {
      return new Platform("Linux", machine, "libjllama.so");
    }
    if (os.contains("mac")) {
      return new Platform("Mac", machine, "libjllama.dylib");
    }
    // The Windows library is there, but it does not export the C interface.
    throw unsupported(osName, osArch);
  }

  /** Where the library lies in its jar. */
  String resource() {
    return "de/kherud/llama/" + system + "/" + machine + "/" + fileName;
  }

  /**
   * @throws LlamaUnavailableException if the processor lacks instructions the library uses
   */
  void checkProcessor() throws LlamaUnavailableException {
    if (system.equals("Linux") && machine.equals("x86_64") && Files.isReadable(CPU_INFO)) {
      try (var lines = Files.lines(CPU_INFO)) {
        checkFlags(lines.filter(line -> line.startsWith("flags")).findFirst().orElse(""));
      } catch (IOException _) {
        // Nothing known, so nothing to refuse.
      }
    }
  }

  static void checkFlags(String line) throws LlamaUnavailableException {
    Set<String> flags = new HashSet<>(List.of(line.split("\\s+", -1)));
    List<String> missing = X86_64_NEEDS.stream().filter(flag -> !flags.contains(flag)).toList();
    if (!line.isBlank() && !missing.isEmpty()) {
      throw new LlamaUnavailableException(
          "The embedded engine needs a processor with "
              + String.join(", ", X86_64_NEEDS)
              + "; this one lacks "
              + String.join(", ", missing)
              + ". Use an upstream engine instead.");
    }
  }

  private static LlamaUnavailableException unsupported(String osName, String osArch) {
    return new LlamaUnavailableException(
        "The embedded engine runs on Linux and macOS, x86_64 and aarch64, not on "
            + osName
            + " "
            + osArch
            + ". Use an upstream engine instead.");
  }
}
