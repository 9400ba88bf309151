package antiphon.http.wire;

import org.jspecify.annotations.Nullable;

/** A body that is read part by part. Used by one thread. */
@FunctionalInterface
public interface BodyParts {

  /**
   * The next part, of any length above 0; waits for it.
   *
   * @return null at the end
   * @throws antiphon.http.error.Refusal 413 if there is too much of it, 408 if it came too slowly
   * @throws ClientGone if the client left before its end
   */
  byte @Nullable [] next() throws InterruptedException;

  /** A body that is here already. */
  static BodyParts of(byte[] whole) {
    return new BodyParts() {
      private boolean given = whole.length == 0;

      @Override
      public byte @Nullable [] next() {
        if (given) {
          return null;
        }
        given = true;
        return whole;
      }
    };
  }
}
