package antiphon.http.resource;

import antiphon.core.api.Keys;
import antiphon.core.api.Responses;
import antiphon.http.error.ErrorReply;
import antiphon.http.route.Call;
import antiphon.http.wire.ClientGone;
import antiphon.http.wire.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * WebSockets on {@code /responses}: a client makes responses by messages, and gets the events of a
 * stream as messages. Closing it stops what runs for it.
 */
final class ResponseSockets {

  /** How often the client is asked whether it is there. */
  private static final Duration BEAT = Duration.ofSeconds(15);

  /** How long nothing may run and nothing come. */
  private static final Duration IDLE = Duration.ofMinutes(10);

  /** How long a socket may be used. */
  private static final Duration LIFE = Duration.ofMinutes(60);

  private static final ErrorReply TOO_OLD =
      error(
          400,
          "This connection has been open for 60 minutes: open another one.",
          "invalid_request_error",
          "websocket_connection_limit_reached");

  private static final ErrorReply STOPPING =
      error(503, "The server is shutting down.", "server_error", "server_unavailable");

  private static final ErrorReply REVOKED =
      error(
          401,
          "The API key of this call has been revoked.",
          "invalid_request_error",
          "invalid_api_key");

  private static final ErrorReply FULL =
      error(
          503,
          "The clients of this server have sent more than it can hold: try again later.",
          "server_error",
          "server_overloaded");

  private static final ErrorReply LATE =
      error(
          408,
          "The rest of a message did not come in time.",
          "invalid_request_error",
          "request_timeout");

  /** How long a client may take to hear that the server stops. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Responses responses;
  private final Map<Socket, Lanes> open = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  ResponseSockets(Responses responses) {
    this.responses = responses;
  }

  private static ErrorReply error(int status, String message, String type, String code) {
    return new ErrorReply(status, message, type, null, code, Map.of());
  }

  /** The server stops, and what runs has had its time: closes all. */
  void stop() {
    stopping = true;
    List<Thread> leaving = new ArrayList<>();
    open.forEach(
        (socket, lanes) -> leaving.add(Thread.startVirtualThread(() -> leave(socket, lanes))));
    for (Thread one : leaving) {
      try {
        one.join(PATIENCE);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void leave(Socket socket, Lanes lanes) {
    tell(lanes, STOPPING);
    socket.close(Socket.GOING_AWAY, "the server is shutting down");
  }

  /** Serves one until it is closed. */
  void serve(Call call) throws InterruptedException {
    Socket socket = call.exchange().upgrade();
    Lanes lanes = new Lanes(responses, call.key().principal(), socket);
    open.put(socket, lanes);
    socket.whenFull(
        () -> leave(lanes, socket, FULL, Socket.TRY_AGAIN_LATER, "all clients have sent too much"));
    try (Keys.Watch _ =
        call.key()
            .watch(() ->
                leave(lanes, socket, REVOKED, Socket.POLICY, "the API key has been revoked"))) {
      attend(socket, lanes);
    } catch (ClientGone _) {
      // It left while it was told something.
    } finally {
      open.remove(socket);
      lanes.stop();
    }
  }

  /** Stops what runs and closes; on a thread of its own. */
  private static void leave(Lanes lanes, Socket socket, ErrorReply why, short code, String reason) {
    Thread.ofVirtual()
        .start(() -> {
          lanes.stop();
          tell(lanes, why);
          socket.close(code, reason);
        });
  }

  private static void tell(Lanes lanes, ErrorReply why) {
    try {
      lanes.refuse("", why);
    } catch (InterruptedException | ClientGone _) {
      // Then it need not be told.
    }
  }

  private void attend(Socket socket, Lanes lanes) throws InterruptedException {
    long begun = System.nanoTime();
    long heard = begun;
    long beat = begun;
    while (!socket.over()) {
      boolean idle = lanes.idle();
      if (idle && socket.draining() && !stopping) {
        lanes.refuse("", STOPPING);
        socket.close(Socket.GOING_AWAY, "the server is shutting down");
        return;
      }
      boolean old = since(begun).compareTo(LIFE) > 0;
      if (idle && (old || since(heard).compareTo(IDLE) > 0)) {
        if (old) {
          lanes.refuse("", TOO_OLD);
        }
        socket.close(Socket.NORMAL, old ? "open for too long" : "idle for too long");
        return;
      }
      if (socket.late()) {
        lanes.refuse("", LATE);
        socket.close(Socket.POLICY, "the rest of a message did not come");
        return;
      }
      Socket.Message message = socket.receive(Duration.ofMillis(500));
      if (message != null) {
        heard = System.nanoTime();
        if (old) {
          message.close();
          lanes.refuse("", TOO_OLD);
        } else {
          lanes.take(message);
        }
      } else if (since(beat).compareTo(BEAT) > 0) {
        beat = System.nanoTime();
        if (!socket.ping()) {
          socket.close(Socket.POLICY, "no answer to a ping");
          return;
        }
      }
      heard = idle ? heard : System.nanoTime();
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
