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
 */
record Welcome(String address, String model, Path data, Keys.@Nullable NewKey fresh) {

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
    out.flush();
  }
}
