package antiphon.core.service;

import antiphon.core.log.LiveLog;
import antiphon.core.response.ResponseId;

/** What a create has made. */
sealed interface Made {

  /** It waits in the store. */
  record Background(ResponseId id, byte[] snapshot) implements Made {}

  /**
   * It runs on this node, or waits for its place.
   *
   * @param rest to be called, once, by who waits for its end
   */
  record Foreground(LiveLog log, Runnable rest) implements Made {}

  /** It was made before, with the same key and request. */
  record Existing(ResponseId id) implements Made {}
}
