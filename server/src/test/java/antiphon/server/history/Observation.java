package antiphon.server.history;

import java.util.List;

/** Something that a client was told. Times are {@link System#nanoTime()} of one machine. */
sealed interface Observation {

  /** Which response. */
  String id();

  /**
   * A whole response as an answer.
   *
   * @param call which call was answered
   * @param start when the call was sent
   * @param end when its answer had come
   */
  record Saw(String id, Call call, long start, long end, String body) implements Observation {}

  /** The response was said not to be there. */
  record Missing(String id, long start) implements Observation {}

  /**
   * Events of a stream that may have been gone on with several times.
   *
   * @param after the number that it began after
   * @param events their JSON, in the order they came
   */
  record Streamed(String id, long after, List<String> events) implements Observation {}

  /** The same key was acknowledged with this response. */
  record Keyed(String id, String key) implements Observation {}

  /** Calls that are answered with a response. */
  enum Call {
    CREATE_BACKGROUND,
    CREATE,
    GET,
    CANCEL,

    /** The terminal event of a stream, which holds the response. */
    EVENT
  }
}
