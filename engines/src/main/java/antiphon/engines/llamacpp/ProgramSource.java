package antiphon.engines.llamacpp;

/** Where llama.cpp's server comes from. */
@FunctionalInterface
public interface ProgramSource {

  /**
   * The program, obtained if need be.
   *
   * @throws ProgramUnavailable if it cannot be had
   */
  Program get() throws ProgramUnavailable, InterruptedException;
}
