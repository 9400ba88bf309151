package antiphon.server.cli;

import antiphon.core.api.Keys;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the server says when it is ready.
 *
 * @param address where it listens
 * @param model the default model
 * @param data the data folder
 * @param fresh a key that was just made, or null
 * @param tiny whether the default model is the one that comes with the server
 */
record Welcome(String address, String model, Path data, Keys.@Nullable NewKey fresh, boolean tiny) {

  void print(PrintWriter out) {
    String key = fresh == null ? "$ANTIPHON_API_KEY" : fresh.key();
    out.println("Antiphon " + Version.number() + " listens on " + address);
    out.println("  model   " + model);
    out.println("  data    " + data);
    out.println(
        fresh == null
            ? "  key     one made earlier, or ANTIPHON_API_KEY; 'antiphon keys create' makes"
                + " another"
            : "  key     " + fresh.key() + "   (shown this once; only its hash is kept)");
    out.println();
    out.println("Try it:");
    out.println("  curl " + address + "/v1/responses \\");
    out.println("    -H \"Authorization: Bearer " + key + "\" \\");
    out.println("    -H \"Content-Type: application/json\" \\");
    out.println("    -d '{\"model\": \"auto\", \"input\": \"Say hello in one sentence.\"}'");
    out.println();
    if (tiny) {
      out.println("This is a tiny model, to try the server out with. A good one, in two lines:");
      out.println("  antiphon models pull URL_OF_A_FILE.gguf");
      out.println("  antiphon serve --model THE_FILE_IT_PRINTS");
      out.println();
    }
    out.flush();
  }
}
