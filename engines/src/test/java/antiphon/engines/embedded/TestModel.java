package antiphon.engines.embedded;

import antiphon.engines.embedded.llama.LlamaLibrary;
import antiphon.engines.embedded.llama.LlamaModel;
import antiphon.engines.embedded.llama.Tokens;
import antiphon.engines.model.ModelFetcher;
import java.nio.file.Path;
import java.util.List;

/** The default model, fetched once for all test runs and loaded once for each. */
public final class TestModel {

  private static final int IM_START = 1;
  private static final int IM_END = 2;

  private TestModel() {}

  /** The file, in a folder that outlives the build. */
  public static Path file() {
    String folder =
        System.getProperty(
            "antiphon.test.models",
            Path.of(System.getProperty("user.home"), ".cache", "antiphon", "models").toString());
    try {
      return new ModelFetcher(Path.of(folder)).fetch((_, _) -> {});
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The model, shared by all tests of this process; not to be closed. */
  public static LlamaModel model() {
    return Holder.MODEL;
  }

  /** A question in the model's own form, its tokens put together by hand. */
  public static Tokens question(String text) {
    LlamaModel model = model();
    return Tokens.concat(
        List.of(
            Tokens.of(IM_START),
            model.tokenize("user\n" + text),
            Tokens.of(IM_END),
            model.tokenize("\n"),
            Tokens.of(IM_START),
            model.tokenize("assistant\n")));
  }

  /** A text of at least so many tokens. */
  public static Tokens longText(int tokens) {
    Tokens text = model().tokenize("The sea is wide and the ships are many. ".repeat(tokens / 8));
    return Tokens.of(java.util.Arrays.copyOf(text.toArray(), tokens));
  }

  private static final class Holder {
    static final LlamaModel MODEL = load();

    private static LlamaModel load() {
      try {
        return LlamaModel.load(LlamaLibrary.get(), file());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
