package antiphon.sandbox.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The program that runs inside, as the archive that Python takes. */
final class AgentCode {

  private static final List<String> FILES =
      List.of("__main__.py", "cells.py", "antiphon_backend.py");

  private AgentCode() {}

  static byte[] archive() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      // Read at each start: packing it would only cost time.
      out.setLevel(0);
      for (String name : FILES) {
        out.putNextEntry(new ZipEntry(name));
        try (InputStream in = AgentCode.class.getResourceAsStream(name)) {
          if (in == null) {
            throw new IllegalStateException("the program lacks its file " + name);
          }
          in.transferTo(out);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
