package antiphon.engines.embedded.decode;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A sequence as its caller sees it. Its events are taken by one thread; {@link #cancel} may be
 * called by any.
 */
public final class Generation {

  private final Decoder decoder;
  private final Sequence sequence;
  private final BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);

  Generation(Decoder decoder, Sequence sequence) {
    this.decoder = decoder;
    this.sequence = sequence;
  }

  /**
   * Waits for the next event; after {@link GenerationEvent.Over} there is none, and this blocks.
   *
   * @throws InterruptedException if the calling thread is interrupted; the sequence goes on
   */
  public GenerationEvent next() throws InterruptedException {
    return events.take();
  }

  /**
   * Drops the sequence, whatever it is doing. When this returns, nothing computes for it any more
   * and its place has been given to the next. Does nothing if it is over.
   */
  public void cancel() {
    decoder.cancel(sequence);
    boolean interrupted = false;
    while (true) {
      try {
        over.await();
        break;
      } catch (InterruptedException _) {
        // The wait is for one step of the computation at most; the caller learns of it afterwards.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the sequence is over. */
  public boolean isOver() {
    return over.getCount() == 0;
  }

  /** The tokens of the prompt. */
  public int promptTokens() {
    return sequence.promptTokens();
  }

  /**
   * How many of the prompt's tokens had been read for an earlier sequence and were not read again.
   */
  public int cachedTokens() {
    return sequence.cachedTokens();
  }

  /** How many tokens have been drawn so far, the one that ended the turn included. */
  public int drawnTokens() {
    return sequence.drawnTokens();
  }

  void tell(GenerationEvent event) {
    events.add(event);
    if (event instanceof GenerationEvent.Over) {
      over.countDown();
    }
  }
}
