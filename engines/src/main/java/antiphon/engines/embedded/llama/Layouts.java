package antiphon.engines.embedded.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * The three structs that cross the border, as llama.cpp b4916 declares them in {@code llama.h}, and
 * the check that the loaded library agrees.
 */
final class Layouts {

  /** The build of llama.cpp whose structs these are. */
  static final int BUILD = 4916;

  static final StructLayout MODEL_PARAMS =
      MemoryLayout.structLayout(
          ADDRESS.withName("devices"),
          JAVA_INT.withName("n_gpu_layers"),
          JAVA_INT.withName("split_mode"),
          JAVA_INT.withName("main_gpu"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("tensor_split"),
          ADDRESS.withName("progress_callback"),
          ADDRESS.withName("progress_callback_user_data"),
          ADDRESS.withName("kv_overrides"),
          JAVA_BOOLEAN.withName("vocab_only"),
          JAVA_BOOLEAN.withName("use_mmap"),
          JAVA_BOOLEAN.withName("use_mlock"),
          JAVA_BOOLEAN.withName("check_tensors"),
          MemoryLayout.paddingLayout(4));

  static final StructLayout CONTEXT_PARAMS =
      MemoryLayout.structLayout(
          JAVA_INT.withName("n_ctx"),
          JAVA_INT.withName("n_batch"),
          JAVA_INT.withName("n_ubatch"),
          JAVA_INT.withName("n_seq_max"),
          JAVA_INT.withName("n_threads"),
          JAVA_INT.withName("n_threads_batch"),
          JAVA_INT.withName("rope_scaling_type"),
          JAVA_INT.withName("pooling_type"),
          JAVA_INT.withName("attention_type"),
          JAVA_FLOAT.withName("rope_freq_base"),
          JAVA_FLOAT.withName("rope_freq_scale"),
          JAVA_FLOAT.withName("yarn_ext_factor"),
          JAVA_FLOAT.withName("yarn_attn_factor"),
          JAVA_FLOAT.withName("yarn_beta_fast"),
          JAVA_FLOAT.withName("yarn_beta_slow"),
          JAVA_INT.withName("yarn_orig_ctx"),
          JAVA_FLOAT.withName("defrag_thold"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("cb_eval"),
          ADDRESS.withName("cb_eval_user_data"),
          JAVA_INT.withName("type_k"),
          JAVA_INT.withName("type_v"),
          JAVA_BOOLEAN.withName("logits_all"),
          JAVA_BOOLEAN.withName("embeddings"),
          JAVA_BOOLEAN.withName("offload_kqv"),
          JAVA_BOOLEAN.withName("flash_attn"),
          JAVA_BOOLEAN.withName("no_perf"),
          MemoryLayout.paddingLayout(3),
          ADDRESS.withName("abort_callback"),
          ADDRESS.withName("abort_callback_data"));

  static final StructLayout BATCH =
      MemoryLayout.structLayout(
          JAVA_INT.withName("n_tokens"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("token"),
          ADDRESS.withName("embd"),
          ADDRESS.withName("pos"),
          ADDRESS.withName("n_seq_id"),
          ADDRESS.withName("seq_id"),
          ADDRESS.withName("logits"));

  private Layouts() {}

  static long offset(StructLayout layout, String field) {
    return layout.byteOffset(PathElement.groupElement(field));
  }

  static int getInt(StructLayout layout, MemorySegment struct, String field) {
    return struct.get(JAVA_INT, offset(layout, field));
  }

  static void setInt(StructLayout layout, MemorySegment struct, String field, int value) {
    struct.set(JAVA_INT, offset(layout, field), value);
  }

  static void setAddress(
      StructLayout layout, MemorySegment struct, String field, MemorySegment value) {
    struct.set(ADDRESS, offset(layout, field), value);
  }

  /**
   * Compares what the library gives as its defaults with what this build is known to give.
   *
   * @throws LlamaUnavailableException naming the first field that differs
   */
  static void check(int build, MemorySegment model, MemorySegment context)
      throws LlamaUnavailableException {
    same("build", BUILD, build);
    sameInt(MODEL_PARAMS, model, "n_gpu_layers", 0);
    sameInt(MODEL_PARAMS, model, "split_mode", 1);
    sameFlag(MODEL_PARAMS, model, "vocab_only", false);
    sameFlag(MODEL_PARAMS, model, "use_mmap", true);
    sameFlag(MODEL_PARAMS, model, "use_mlock", false);
    sameInt(CONTEXT_PARAMS, context, "n_ctx", 512);
    sameInt(CONTEXT_PARAMS, context, "n_batch", 2048);
    sameInt(CONTEXT_PARAMS, context, "n_ubatch", 512);
    sameInt(CONTEXT_PARAMS, context, "n_seq_max", 1);
    sameInt(CONTEXT_PARAMS, context, "attention_type", -1);
    sameInt(CONTEXT_PARAMS, context, "yarn_beta_fast", Float.floatToIntBits(32));
    sameInt(CONTEXT_PARAMS, context, "defrag_thold", Float.floatToIntBits(-1));
    sameInt(CONTEXT_PARAMS, context, "type_k", 1);
    sameInt(CONTEXT_PARAMS, context, "type_v", 1);
    sameFlag(CONTEXT_PARAMS, context, "logits_all", false);
    sameFlag(CONTEXT_PARAMS, context, "offload_kqv", true);
    sameFlag(CONTEXT_PARAMS, context, "flash_attn", false);
    sameFlag(CONTEXT_PARAMS, context, "no_perf", true);
  }

  private static void sameInt(StructLayout layout, MemorySegment struct, String field, int expected)
      throws LlamaUnavailableException {
    same(field, expected, getInt(layout, struct, field));
  }

  private static void sameFlag(
      StructLayout layout, MemorySegment struct, String field, boolean expected)
      throws LlamaUnavailableException {
    byte value = struct.get(java.lang.foreign.ValueLayout.JAVA_BYTE, offset(layout, field));
    same(field, expected ? 1 : 0, value);
  }

  private static void same(String field, int expected, int found) throws LlamaUnavailableException {
    if (found != expected) {
      throw new LlamaUnavailableException(
          "The native library is not llama.cpp b"
              + BUILD
              + ", which this version was made for: its "
              + field
              + " is "
              + found
              + " instead of "
              + expected
              + ".");
    }
  }
}
