package antiphon.engines.llamacpp;

import antiphon.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A program that is llama.cpp's server. */
public sealed interface Program {

  /**
   * What to run.
   *
   * @param model whose batch is known
   * @param port where it is to listen, on the loopback
   * @param template a chat template to use in place of the model's own, or null
   */
  List<String> command(LlamaModel model, int port, @Nullable Path template) throws IOException;

  /** For people. */
  String describe();

  /** The program {@code llama-server}. */
  record LlamaServer(Path file) implements Program {

    @Override
    public List<String> command(LlamaModel model, int port, @Nullable Path template) {
      List<String> command = new ArrayList<>(List.of(file.toString()));
      add(command, "--host", "127.0.0.1");
      add(command, "--port", port);
      add(command, "--model", model.file());
      add(command, "--alias", model.id());
      add(command, "--parallel", model.slots());
      add(command, "--ctx-size", context(model));
      if (model.contextLength() == null) {
        command.add("--kv-unified");
      }
      add(command, "--threads", model.threads());
      add(command, "--threads-batch", model.threads());
      add(command, "--batch-size", batch(model));
      add(command, "--ubatch-size", batch(model));
      add(command, "--n-gpu-layers", model.gpuLayers());
      add(command, "--mmproj", model.mmproj());
      add(command, "--model-draft", model.draft());
      add(command, "--chat-template-file", template);
      command.addAll(List.of("--jinja", "--slots", "--no-webui"));
      model
          .args()
          .forEach((name, value) -> {
            command.add("--" + name.replace('_', '-'));
            if (!value.isEmpty()) {
              command.add(value);
            }
          });
      return command;
    }

    private static void add(List<String> command, String name, @Nullable Object value) {
      if (value != null) {
        command.add(name);
        command.add(value.toString());
      }
    }

    @Override
    public String describe() {
      return file.toString();
    }
  }

  /**
   * The Python package that carries it, unpacked.
   *
   * @param python the interpreter
   * @param folder what the package was unpacked into
   * @param runner the script that starts its server
   */
  record PythonPackage(String python, Path folder, Path runner) implements Program {

    @Override
    public List<String> command(LlamaModel model, int port, @Nullable Path template)
        throws IOException {
      ObjectNode told = Json.mapper().createObjectNode();
      told.put("package", folder.toString());
      ObjectNode parameters = told.putObject("parameters");
      parameters.put("port", port);
      parameters.put("model.path", model.file().toString());
      parameters.putArray("model_alias").add(model.id());
      parameters.put("n_parallel", model.slots());
      parameters.put("n_ctx", context(model));
      parameters.put("kv_unified", model.contextLength() == null);
      parameters.put("cpuparams.n_threads", model.threads());
      parameters.put("cpuparams_batch.n_threads", model.threads());
      parameters.put("n_batch", batch(model));
      parameters.put("n_ubatch", batch(model));
      parameters.put("ui", false);
      if (template != null) {
        parameters.put("chat_template", Files.readString(template, StandardCharsets.UTF_8));
      }
      if (model.gpuLayers() != null) {
        parameters.put("n_gpu_layers", model.gpuLayers());
      }
      if (model.mmproj() != null) {
        parameters.put("mmproj.path", model.mmproj().toString());
      }
      if (model.draft() != null) {
        parameters.put("speculative.draft.mparams.path", model.draft().toString());
      }
      model.args().forEach((name, value) -> parameters.set(name, Values.of(value)));
      return List.of(python, "-u", runner.toString(), told.toString());
    }

    @Override
    public String describe() {
      return "xllamacpp in " + folder;
    }
  }

  /** llama.cpp divides what it is told among the slots, unless they share it. */
  private static int context(LlamaModel model) {
    Integer each = model.contextLength();
    return each == null ? 0 : Math.multiplyExact(each, model.slots());
  }

  /** Every slot writes at least one token in each go. */
  private static int batch(LlamaModel model) {
    Integer batch = model.batch();
    return Math.max(batch == null ? Findings.NONE.batch() : batch, model.slots());
  }
}
