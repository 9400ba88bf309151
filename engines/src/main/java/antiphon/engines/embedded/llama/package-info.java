/**
 * llama.cpp in this process: its C interface by {@code java.lang.foreign}, a loaded model with its
 * vocabulary, and the memory of one sequence. Everything that could crash the process is in here.
 */
@org.jspecify.annotations.NullMarked
package antiphon.engines.embedded.llama;
