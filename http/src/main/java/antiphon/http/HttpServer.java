package antiphon.http;

import antiphon.core.health.Pulse;
import antiphon.http.resource.ConversationsResource;
import antiphon.http.resource.JsonBody;
import antiphon.http.resource.ModelsResource;
import antiphon.http.resource.ResponsesResource;
import antiphon.http.resource.ServiceResource;
import antiphon.http.route.RouteTable;
import antiphon.http.wire.HttpSettings;
import antiphon.http.wire.Listener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The server: the operations of the core, over HTTP/1.1. */
public final class HttpServer {

  private final ResponsesResource resource;
  private final Listener listener;

  /**
   * @param ready whether responses can be created now, for {@code /health/ready}
   * @param clock for the {@code Date} header
   */
  public HttpServer(HttpSettings settings, Api api, BooleanSupplier ready, InstantSource clock) {
    JsonBody bodies = JsonBody.forThisMachine();
    this.resource = new ResponsesResource(api.responses(), bodies, settings.heartbeat());
    RouteTable routes =
        new Routes()
            .responses(resource)
            .conversations(new ConversationsResource(api.conversations(), bodies))
            .models(new ModelsResource(api.models()))
            .service(new ServiceResource(ready))
            .prompts(api, bodies)
            .knowledge(api, bodies)
            .containers(api, bodies)
            .table();
    Dispatcher dispatcher =
        new Dispatcher(routes, new Authentication(api.keys()), new Cors(settings.corsOrigins()));
    this.listener = new Listener(settings, dispatcher, clock);
  }

  /**
   * Starts to listen.
   *
   * @return the port, chosen by the system if the settings say 0
   * @throws IllegalStateException if the address cannot be had
   */
  public int start() {
    return listener.start();
  }

  /** The event loops; complete once it listens. */
  public List<Pulse> loops() {
    return listener.loops();
  }

  /** Ends the streams that clients can go on with at another node. */
  public void endStreams() {
    resource.stop();
  }

  /**
   * Stops: accepts nothing more, lets what runs end, then cuts what is left, so that foreground
   * responses without a client are cancelled. Blocks until all is done; may be called again.
   *
   * @param grace how long what runs may take
   */
  public void close(Duration grace) {
    listener.close(grace);
  }
}
