package antiphon.server.settings;

import antiphon.engines.llamacpp.LlamaModel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code llama_cpp}: how llama.cpp's server is run. */
final class LlamaCppReader {

  private static final ServerSettings.LlamaCpp USUAL = ServerSettings.LlamaCpp.DEFAULT;

  private final Section section;

  LlamaCppReader(Section section) {
    this.section = section;
  }

  /** Everything but the model that is given as a file alone. */
  ServerSettings.LlamaCpp read() {
    LlamaModel usual = model(section, USUAL.usual().id(), USUAL.usual().file(), USUAL.usual());
    List<LlamaModel> models = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section one : section.sections("models")) {
      Path file = path(one, "file");
      String name = one.text("name");
      if (file == null) {
        one.mistake("file", "must be there: a GGUF file");
      } else {
        LlamaModel model = model(one, name == null ? LlamaModel.idOf(file) : name, file, usual);
        models.add(model);
        if (!names.add(model.id())) {
          one.mistake("name", "is taken: there are two models '" + model.id() + "'");
        }
      }
      one.done();
    }
    return new ServerSettings.LlamaCpp(
        path(section, "server"),
        usual,
        models,
        section.integer("max_loaded", 1, 64, USUAL.maxLoaded()),
        section.integer("idle_seconds", 1, 1_000_000, USUAL.idleSeconds()));
  }

  /** A model whose section leaves out what is as usual. */
  private static LlamaModel model(Section section, String id, Path file, LlamaModel usual) {
    Integer context = section.integer("context_length", 128, 10_000_000);
    Integer layers = section.integer("gpu_layers", 0, 100_000);
    Integer batch = section.integer("batch", 1, 65_536);
    Path mmproj = path(section, "mmproj");
    Path draft = path(section, "draft");
    Map<String, String> args = section.map("args");
    return new LlamaModel(
        id,
        file,
        context == null ? usual.contextLength() : context,
        section.integer("slots", 1, 256, usual.slots()),
        section.integer("threads", 1, 1024, usual.threads()),
        layers == null ? usual.gpuLayers() : layers,
        batch == null ? usual.batch() : batch,
        mmproj == null ? usual.mmproj() : mmproj,
        draft == null ? usual.draft() : draft,
        args.isEmpty() ? usual.args() : args);
  }

  static @Nullable Path path(Section section, String key) {
    String text = section.text(key);
    try {
      return text == null ? null : Path.of(text);
    } catch (InvalidPathException _) {
      section.mistake(key, "is no path: " + text);
      return null;
    }
  }
}
