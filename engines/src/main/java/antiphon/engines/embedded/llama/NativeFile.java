package antiphon.engines.embedded.llama;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings the library from its jar into the process: written to a temporary folder, opened, and
 * deleted again at once, since an open library needs no name.
 */
final class NativeFile {

  private static final int RTLD_NOW = 2;

  private NativeFile() {}

  /**
   * Opens the library for as long as the process lives.
   *
   * @throws LlamaUnavailableException saying what to install or to change
   */
  static SymbolLookup open(Platform platform) throws LlamaUnavailableException {
    platform.checkProcessor();
    checkOpenMp(platform);
    List<String> failures = new ArrayList<>();
    for (Path parent : folders()) {
      try {
        Path folder = Files.createTempDirectory(Files.createDirectories(parent), "antiphon-");
        Path file = folder.resolve(platform.fileName());
        try {
          extract(platform, file);
          return lookup(file);
        } finally {
          Files.deleteIfExists(file);
          Files.deleteIfExists(folder);
        }
      } catch (IOException e) {
        failures.add(e.getMessage());
      }
    }
    throw new LlamaUnavailableException(
        "The embedded engine's native library cannot be opened: " + String.join("; ", failures));
  }

  /** A folder for temporary files may forbid running what lies in it; one's own seldom does. */
  private static List<Path> folders() {
    return List.of(
        Path.of(System.getProperty("java.io.tmpdir", "/tmp")),
        Path.of(System.getProperty("user.home", "."), ".cache", "antiphon"));
  }

  private static void extract(Platform platform, Path file)
      throws IOException, LlamaUnavailableException {
    try (InputStream in =
        NativeFile.class.getClassLoader().getResourceAsStream(platform.resource())) {
      if (in == null) {
        throw new LlamaUnavailableException("There is no " + platform.resource() + " in the jars.");
      }
      Files.copy(in, file);
    }
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup lookup(Path file) throws IOException {
    try {
      return SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new IOException(reason(file), e);
    }
  }

  @SuppressWarnings("restricted")
  private static void checkOpenMp(Platform platform) throws LlamaUnavailableException {
    if (!platform.system().equals("Linux")) {
      return;
    }
    try {
      SymbolLookup.libraryLookup("libgomp.so.1", Arena.global());
    } catch (IllegalArgumentException e) {
      throw new LlamaUnavailableException(
          "The embedded engine needs the OpenMP runtime libgomp.so.1, which is not installed."
              + " Debian, Ubuntu: apt install libgomp1; Fedora, RHEL: dnf install libgomp;"
              + " Arch: pacman -S gcc-libs; Alpine has no suitable C library.",
          e);
    }
  }

  /** Why the system would not open this file, in its own words. */
  @SuppressWarnings("restricted")
  private static String reason(Path file) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup system = linker.defaultLookup();
    try (Arena arena = Arena.ofConfined()) {
      var open =
          linker.downcallHandle(
              system.findOrThrow("dlopen"),
              FunctionDescriptor.of(
                  ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
      var error =
          linker.downcallHandle(
              system.findOrThrow("dlerror"), FunctionDescriptor.of(ValueLayout.ADDRESS));
      MemorySegment name = arena.allocateFrom(file.toString());
      if (!MemorySegment.NULL.equals((MemorySegment) open.invokeExact(name, RTLD_NOW))) {
        return "it opened at the second try only";
      }
      MemorySegment text = (MemorySegment) error.invokeExact();
      return text.equals(MemorySegment.NULL)
          ? "no reason given"
          : text.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable t) {
      return "no reason known (" + t + ")";
    }
  }
}
