package antiphon.core.log;

import antiphon.protocol.event.StreamEvent;

/** An event that waits for its number: the log numbers events as it takes them. */
@FunctionalInterface
public interface NextEvent {

  /** The event with this sequence number. */
  StreamEvent numbered(long sequenceNumber);
}
