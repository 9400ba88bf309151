package antiphon.tools.web;

import antiphon.core.net.AddressGuard;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** Clients that connect only where the guard lets them. */
public final class GuardedHttp {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int IDLE = 64;

  /** Less than servers keep theirs: many close them after 5 seconds. */
  private static final int IDLE_SECONDS = 4;

  private GuardedHttp() {}

  /**
   * A client. It follows no redirects and has no limit for an answer: whoever calls watches. One
   * call has a connection for itself, so that an interrupted one takes no other with it.
   */
  public static OkHttpClient client(AddressGuard guard) {
    return new OkHttpClient.Builder()
        .dns(guard::resolve)
        .socketFactory(guard.sockets())
        .proxy(Proxy.NO_PROXY)
        .protocols(List.of(Protocol.HTTP_1_1))
        .connectionPool(new ConnectionPool(IDLE, IDLE_SECONDS, TimeUnit.SECONDS))
        .followRedirects(false)
        .followSslRedirects(false)
        .connectTimeout(CONNECT)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .build();
  }

  /** Lets go of a client's idle connections. */
  public static void close(OkHttpClient client) {
    client.connectionPool().evictAll();
    client.dispatcher().executorService().shutdown();
  }
}
