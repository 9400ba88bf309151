package antiphon.tools.websearch;

import antiphon.core.net.AddressGuard;
import antiphon.tools.web.GuardedHttp;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Fetches pages: only where the guard lets it, and as the site's {@code robots.txt} allows; each
 * redirect is looked at anew. Interrupting the thread ends it at once.
 */
final class PageFetcher implements AutoCloseable {

  private static final String AGENT = "antiphon";
  private static final String USER_AGENT = "Mozilla/5.0 (compatible; antiphon/1.0)";
  private static final int MOST_REDIRECTS = 5;
  private static final long MOST_ROBOTS = 500L * 1024;
  private static final int MOST_SITES = 500;
  private static final long REMEMBERED = Duration.ofMinutes(10).toNanos();

  private final AddressGuard guard;
  private final OkHttpClient http;
  private final Map<String, Known> robots = new ConcurrentHashMap<>();

  PageFetcher(AddressGuard guard, Duration limit) {
    this.guard = guard;
    http = GuardedHttp.client(guard).newBuilder().readTimeout(limit).callTimeout(limit).build();
  }

  private record Known(Robots robots, long at) {}

  /**
   * What a site answered with.
   *
   * @param url where it was found in the end
   * @param type its media type, in lower case and without parameters
   * @param charset as the site says; null if it does not
   */
  record Fetched(String url, String type, @Nullable Charset charset, byte[] body) {

    boolean isHtml() {
      return type.equals("text/html") || type.equals("application/xhtml+xml");
    }
  }

  /** What came of a request: a body, or where to look. */
  private record Answer(int status, @Nullable String location, String type, byte[] body) {}

  /**
   * Fetches a page.
   *
   * @param allowed domains it may be of; empty for all
   * @param most how many bytes it may have
   */
  Fetched fetch(String url, List<String> allowed, long most)
      throws WebException, InterruptedException {
    String at = url;
    List<String> seen = new ArrayList<>();
    while (seen.size() <= MOST_REDIRECTS) {
      require(at, allowed);
      URI uri = URI.create(at);
      if (!robots(uri).allows(path(uri))) {
        throw new WebException("The site does not let programs read this page (robots.txt).");
      }
      Answer answer = ask(at, most, true);
      if (answer.location == null) {
        return fetched(at, answer);
      }
      seen.add(at);
      at = resolved(uri, answer.location);
    }
    throw new WebException("The page redirects too often.");
  }

  private static Fetched fetched(String url, Answer answer) throws WebException {
    if (answer.status != 200) {
      throw new WebException(
          "The page answered with HTTP " + answer.status + ".",
          answer.status >= 500 || answer.status == 429);
    }
    MediaType type = MediaType.parse(answer.type);
    return new Fetched(
        url,
        type == null ? "text/html" : (type.type() + "/" + type.subtype()).toLowerCase(Locale.ROOT),
        type == null ? null : type.charset(null),
        answer.body);
  }

  private void require(String url, List<String> allowed) throws WebException {
    Optional<String> refused = guard.refuses(url);
    if (refused.isPresent()) {
      throw new WebException("The address " + refused.get());
    }
    if (!Domains.allows(allowed, url)) {
      throw new WebException("The page is not on one of the domains that this search may use.");
    }
  }

  private static String resolved(URI from, String location) throws WebException {
    try {
      return from.resolve(location).toString();
    } catch (IllegalArgumentException _) {
      throw new WebException("The page redirects to something that is no address.");
    }
  }

  private static String path(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  /** A site that has none lets everything be read; one that cannot say so now, nothing. */
  private Robots robots(URI uri) throws WebException, InterruptedException {
    String site = uri.getScheme() + "://" + uri.getRawAuthority();
    Known known = robots.get(site);
    if (known != null && System.nanoTime() - known.at < REMEMBERED) {
      return known.robots;
    }
    Answer file = ask(site + "/robots.txt", MOST_ROBOTS, false);
    Robots read =
        file.status >= 500
            ? Robots.ALL
            : file.status == 200
                ? Robots.read(new String(file.body, StandardCharsets.UTF_8), AGENT)
                : Robots.NONE;
    if (robots.size() >= MOST_SITES) {
      robots.clear();
    }
    robots.put(site, new Known(read, System.nanoTime()));
    return read;
  }

  private Answer ask(String url, long most, boolean all) throws WebException, InterruptedException {
    Call call;
    try {
      call =
          http.newCall(
              new Request.Builder()
                  .url(url)
                  .header("User-Agent", USER_AGENT)
                  .header("Accept", "text/html, text/plain;q=0.9, */*;q=0.1")
                  .build());
    } catch (IllegalArgumentException _) {
      throw new WebException("The address must be an http or https URL.");
    }
    try (Response response = call.execute()) {
      String location = response.isRedirect() ? response.header("Location") : null;
      String type = String.valueOf(response.header("Content-Type"));
      if (location != null || !response.isSuccessful()) {
        return new Answer(response.code(), location, type, new byte[0]);
      }
      BufferedSource source = response.body().source();
      boolean more = source.request(most + 1);
      if (more && all) {
        throw new WebException("The page is longer than " + (most >> 20) + " MB.");
      }
      return new Answer(
          response.code(),
          null,
          type,
          source.readByteArray(Math.min(most, source.getBuffer().size())));
    } catch (InterruptedIOException _) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new WebException("The page took too long.", true);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new WebException("The page cannot be reached, or broke off.", true);
    } finally {
      call.cancel();
    }
  }

  @Override
  public void close() {
    GuardedHttp.close(http);
  }
}
