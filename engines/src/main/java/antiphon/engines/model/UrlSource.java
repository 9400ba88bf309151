package antiphon.engines.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Downloads the model by HTTP, going on where an earlier download broke off. */
final class UrlSource implements ModelFetcher.Source {

  private final URI address;

  UrlSource(URI address) {
    this.address = address;
  }

  @Override
  public void fetch(Path part, Progress progress) throws IOException, InterruptedException {
    long already = Files.exists(part) ? Files.size(part) : 0;
    if (already >= DefaultModel.BYTES) {
      return;
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    if (already > 0) {
      request.header("Range", "bytes=" + already + "-");
    }
    try (Transfer transfer = new Transfer(Transfer.PATIENCE)) {
      HttpResponse<InputStream> response = transfer.send(request.build());
      switch (response.statusCode()) {
        case 200 -> write(transfer, response.body(), part, 0, progress);
        case 206 -> write(transfer, response.body(), part, already, progress);
        default -> throw new IOException(address + " answered " + response.statusCode());
      }
    }
  }

  private static void write(
      Transfer transfer, InputStream body, Path part, long already, Progress progress)
      throws IOException {
    StandardOpenOption how =
        already == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
    try (InputStream in = body;
        OutputStream out =
            Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
      transfer.copy(in, out, already, DefaultModel.BYTES, progress);
    }
  }
}
