package antiphon.core.store;

import antiphon.protocol.response.ResponseStatus;

/** Who won the end of a response. */
public sealed interface EndOutcome {

  /** This call ended it, with this status and snapshot. */
  record Won(ResponseStatus status, byte[] snapshot) implements EndOutcome {

    /** With what the ending says. */
    public static Won by(Ending ending) {
      return new Won(ending.status(), ending.snapshot());
    }
  }

  /** Nothing is kept of it, so nobody else could end it. */
  record Unopposed() implements EndOutcome {}

  /** It had ended before. */
  record AlreadyTerminal(StoredResponse response) implements EndOutcome {}

  /** It runs under a later epoch, or its log is longer than the caller knows. */
  record Fenced() implements EndOutcome {}

  /** There is no such response, or it was deleted. */
  record Gone() implements EndOutcome {}

  /** Its metadata was changed meanwhile: make the snapshot again with these and call again. */
  record MetadataChanged(byte[] metadata, long version) implements EndOutcome {}
}
