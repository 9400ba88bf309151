package antiphon.protocol.event;

import antiphon.protocol.json.Required;
import antiphon.protocol.response.Response;

/** An event that carries the whole response. */
public sealed interface ResponseEvent extends StreamEvent {

  /** The response at this point. */
  Response response();

  /**
   * The event that ends a stream.
   *
   * @param response an ended response
   * @throws IllegalArgumentException if it has not ended
   */
  static ResponseEvent terminal(long sequenceNumber, Response response) {
    return switch (response.status()) {
      case COMPLETED -> new Completed(sequenceNumber, response);
      case FAILED -> new Failed(sequenceNumber, response);
      case INCOMPLETE -> new Incomplete(sequenceNumber, response);
      case CANCELLED -> new Cancelled(sequenceNumber, response);
      case QUEUED, IN_PROGRESS ->
          throw new IllegalArgumentException(response.id() + " has not ended");
    };
  }

  /** The response has been made: the first event. */
  record Created(long sequenceNumber, @Required Response response) implements ResponseEvent {
    @Override
    public String type() {
      return "response.created";
    }
  }

  /** It waits for its turn. */
  record Queued(long sequenceNumber, @Required Response response) implements ResponseEvent {
    @Override
    public String type() {
      return "response.queued";
    }
  }

  /** It runs. */
  record InProgress(long sequenceNumber, @Required Response response) implements ResponseEvent {
    @Override
    public String type() {
      return "response.in_progress";
    }
  }

  /** The model is done. */
  record Completed(long sequenceNumber, @Required Response response) implements ResponseEvent {
    @Override
    public String type() {
      return "response.completed";
    }
  }

  /** It could not go on. */
  record Failed(long sequenceNumber, @Required Response response) implements ResponseEvent {
    @Override
    public String type() {
      return "response.failed";
    }
  }

  /** The model was stopped early. */
  record Incomplete(long sequenceNumber, @Required Response response) implements ResponseEvent {
    @Override
    public String type() {
      return "response.incomplete";
    }
  }

  /** It was cancelled. */
  record Cancelled(long sequenceNumber, @Required Response response) implements ResponseEvent {
    @Override
    public String type() {
      return "response.cancelled";
    }
  }
}
