package antiphon.http.wire;

/** Thrown at whoever reads from or writes to a client that has left or was cut off. */
public final class ClientGone extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ClientGone() {
    super("the client has left", null, false, false);
  }
}
