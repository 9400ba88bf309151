package antiphon.engines.llamacpp;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What has been found out about a model on this machine.
 *
 * @param batch how many tokens of a prompt it reads in one go. llama.cpp does not stop inside of a
 *     go, so that one is kept to about {@link #GO_MILLIS} of work
 * @param template whether its chat template knows nothing of tools and is replaced by ours
 */
record Findings(int batch, boolean template) {

  /** What a cancel that comes while a prompt is read may wait for, about. */
  static final int GO_MILLIS = 40;

  /** Before anything is known: right for a small model on a few cores. */
  static final Findings NONE = new Findings(8, false);

  private static final int LEAST = 4;
  private static final int MOST = 2048;

  /** With the batch for what was measured. */
  Findings reading(double tokensPerSecond) {
    return new Findings(
        (int) Math.clamp(tokensPerSecond * GO_MILLIS / 1000, LEAST, MOST), template);
  }

  /** With a batch that was told. */
  Findings batch(int told) {
    return new Findings(told, template);
  }

  /** With our chat template. */
  Findings withTemplate() {
    return new Findings(batch, true);
  }

  /** Whether the difference to another is worth another start. */
  boolean farFrom(Findings other) {
    return template != other.template || batch > 3 * other.batch || other.batch > 3 * batch;
  }

  /** What was kept for this file, as it is now. */
  static Findings read(Path folder, LlamaModel model) {
    try {
      JsonNode kept = Json.readStored(Files.readAllBytes(file(folder, model)), JsonNode.class);
      if (kept.path("file").asString("").equals(mark(model.file()))) {
        int batch = Math.clamp(kept.path("batch").asInt(NONE.batch), LEAST, MOST);
        return new Findings(batch, kept.path("template").asBoolean(false));
      }
      return NONE;
    } catch (IOException | InvalidJson _) {
      return NONE;
    }
  }

  /** Keeps them for the next start. */
  void keep(Path folder, LlamaModel model) throws IOException {
    ObjectNode kept = Json.mapper().createObjectNode();
    kept.put("file", mark(model.file())).put("batch", batch).put("template", template);
    Files.write(file(folder, model), Json.bytes(kept));
  }

  private static Path file(Path folder, LlamaModel model) {
    return folder.resolve(ChildLog.safe(model.id()) + ".json");
  }

  /** Another file under the same name is another model. */
  private static String mark(Path file) throws IOException {
    return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis();
  }
}
