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
 * Reads pages for a model: only where the guard lets it, and as the site's {@code robots.txt}
 * allows; each redirect is looked at anew. Interrupting the thread ends it at once.
 */
final class PageReader implements AutoCloseable {

  private static final String AGENT = "antiphon";
  private static final String USER_AGENT = "Mozilla/5.0 (compatible; antiphon/1.0)";
  private static final int MOST_REDIRECTS = 5;
  private static final long MOST_PAGE = 5L << 20;
  private static final long MOST_ROBOTS = 500L * 1024;
  private static final int MOST_SITES = 500;
  private static final long REMEMBERED = Duration.ofMinutes(10).toNanos();

  private final AddressGuard guard;
  private final OkHttpClient http;
  private final Map<String, Known> robots = new ConcurrentHashMap<>();

  PageReader(AddressGuard guard, Duration limit) {
    this.guard = guard;
    http = GuardedHttp.client(guard).newBuilder().readTimeout(limit).callTimeout(limit).build();
  }

  private record Known(Robots robots, long at) {}

  /**
   * A page.
   *
   * @param url where it was found in the end
   */
  record Page(String url, String title, String text) {}

  /** What came of a request: a body, or where to look. */
  private record Fetched(int status, @Nullable String location, String type, byte[] body) {}

  /**
   * Reads one.
   *
   * @param allowed domains it may be of; empty for all
   */
  Page read(String url, List<String> allowed) throws WebException, InterruptedException {
    String at = url;
    List<String> seen = new ArrayList<>();
    while (seen.size() <= MOST_REDIRECTS) {
      require(at, allowed);
      URI uri = URI.create(at);
      if (!robots(uri).allows(path(uri))) {
        throw new WebException("The site does not let programs read this page (robots.txt).");
      }
      Fetched fetched = fetch(at, MOST_PAGE, true);
      if (fetched.location == null) {
        return page(at, fetched);
      }
      seen.add(at);
      at = resolved(uri, fetched.location);
    }
    throw new WebException("The page redirects too often.");
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
    Fetched file = fetch(site + "/robots.txt", MOST_ROBOTS, false);
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

  private static Page page(String url, Fetched fetched) throws WebException {
    if (fetched.status != 200) {
      throw new WebException("The page answered with HTTP " + fetched.status + ".");
    }
    MediaType type = MediaType.parse(fetched.type);
    String kind = type == null ? "text/html" : (type.type() + "/" + type.subtype());
    Charset charset = type == null ? null : type.charset(null);
    if (kind.equals("text/html") || kind.equals("application/xhtml+xml")) {
      return PageText.html(url, fetched.body, charset);
    }
    if (kind.startsWith("text/")
        || kind.equals("application/json")
        || kind.endsWith("+json")
        || kind.equals("application/xml")
        || kind.endsWith("+xml")) {
      Charset named = charset == null ? StandardCharsets.UTF_8 : charset;
      return new Page(url, "", new String(fetched.body, named));
    }
    throw new WebException("The page is no text (" + kind.toLowerCase(Locale.ROOT) + ").");
  }

  private Fetched fetch(String url, long most, boolean all)
      throws WebException, InterruptedException {
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
        return new Fetched(response.code(), location, type, new byte[0]);
      }
      BufferedSource source = response.body().source();
      boolean more = source.request(most + 1);
      if (more && all) {
        throw new WebException("The page is longer than " + (most >> 20) + " MB.");
      }
      return new Fetched(
          response.code(),
          null,
          type,
          source.readByteArray(Math.min(most, source.getBuffer().size())));
    } catch (InterruptedIOException _) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new WebException("The page took too long.");
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new WebException("The page cannot be reached, or broke off.");
    } finally {
      call.cancel();
    }
  }

  @Override
  public void close() {
    GuardedHttp.close(http);
  }
}
