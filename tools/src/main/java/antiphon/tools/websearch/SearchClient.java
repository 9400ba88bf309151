package antiphon.tools.websearch;

import antiphon.core.trace.TraceParent;
import antiphon.core.trace.TraceScope;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import tools.jackson.databind.JsonNode;

/**
 * Asks a search provider. Interrupting the thread ends a search at once.
 *
 * @see <a href="https://docs.searxng.org/dev/search_api.html">SearXNG's API</a>
 * @see <a href="https://api-dashboard.search.brave.com/api-reference/web/search/get">Brave's</a>
 * @see <a href="https://docs.tavily.com/documentation/api-reference/endpoint/search">Tavily's</a>
 */
final class SearchClient implements AutoCloseable {

  private static final long MOST_BYTES = 4L << 20;
  private static final int MOST_TEXT = 4000;
  private static final int MOST_TITLE = 300;

  /** Brave refuses longer ones. */
  private static final int MOST_QUERY = 400;

  /** More than these in a query, and providers take it for nonsense. */
  private static final int MOST_SITES = 5;

  private static final MediaType JSON = MediaType.get("application/json");

  private final WebSearchSettings settings;
  private final OkHttpClient http;

  SearchClient(WebSearchSettings settings) {
    this.settings = settings;
    http =
        new OkHttpClient.Builder()
            .protocols(List.of(Protocol.HTTP_1_1))
            .followRedirects(false)
            .readTimeout(settings.limit())
            .callTimeout(settings.limit())
            .build();
  }

  /** What was found, the best first; none outside the allowed domains. */
  List<Hit> search(Query query) throws WebException, InterruptedException {
    JsonNode answer = ask(request(query));
    JsonNode results =
        switch (settings.provider()) {
          case SEARXNG, TAVILY -> answer.path("results");
          case BRAVE -> answer.path("web").path("results");
        };
    String text =
        settings.provider() == WebSearchSettings.Provider.BRAVE ? "description" : "content";
    List<Hit> hits = new ArrayList<>();
    for (JsonNode result : results) {
      String url = result.path("url").asString("");
      if (hits.size() < query.most()
          && Domains.isWeb(url)
          && Domains.allows(query.allowed(), url)) {
        hits.add(
            new Hit(
                url,
                cut(result.path("title").asString(""), MOST_TITLE),
                cut(result.path(text).asString(""), MOST_TEXT)));
      }
    }
    return hits;
  }

  private Request request(Query query) {
    return switch (settings.provider()) {
      case SEARXNG -> {
        HttpUrl.Builder url = HttpUrl.get(settings.url() + "/search").newBuilder();
        url.addQueryParameter("q", words(query)).addQueryParameter("format", "json");
        Request.Builder request = new Request.Builder().url(url.build());
        if (settings.key() != null) {
          request.header("Authorization", "Bearer " + settings.key());
        }
        yield request.build();
      }
      case BRAVE -> {
        HttpUrl.Builder url = HttpUrl.get(settings.url() + "/web/search").newBuilder();
        url.addQueryParameter("q", words(query));
        url.addQueryParameter("count", String.valueOf(Math.min(20, query.most())));
        url.addQueryParameter("text_decorations", "false");
        String country = query.country();
        if (country != null) {
          url.addQueryParameter("country", country.toUpperCase(Locale.ROOT));
        }
        yield new Request.Builder()
            .url(url.build())
            .header("Accept", "application/json")
            .header("X-Subscription-Token", settings.key() == null ? "" : settings.key())
            .build();
      }
      case TAVILY -> {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("query", cut(query.text(), MOST_QUERY));
        body.put("max_results", Math.min(20, query.most()));
        if (!query.allowed().isEmpty()) {
          body.put("include_domains", query.allowed());
        }
        yield new Request.Builder()
            .url(settings.url() + "/search")
            .header("Authorization", "Bearer " + (settings.key() == null ? "" : settings.key()))
            .post(RequestBody.create(Json.bytes(body), JSON))
            .build();
      }
    };
  }

  /** The query, and where the pages may be, for providers that are told so in words. */
  private static String words(Query query) {
    String words = cut(query.text(), MOST_QUERY);
    if (query.allowed().isEmpty() || query.allowed().size() > MOST_SITES) {
      return words;
    }
    String sites =
        query.allowed().stream()
            .map(domain -> "site:" + domain)
            .collect(Collectors.joining(" OR "));
    String whole = words + (query.allowed().size() == 1 ? " " + sites : " (" + sites + ")");
    return whole.length() > MOST_QUERY ? words : whole;
  }

  private JsonNode ask(Request request) throws WebException, InterruptedException {
    Request.Builder traced = request.newBuilder();
    TraceScope.outgoing().ifPresent(trace -> traced.header(TraceParent.HEADER, trace));
    Call call = http.newCall(traced.build());
    try (Response response = call.execute()) {
      if (!response.isSuccessful()) {
        throw new WebException(refused(response.code()));
      }
      BufferedSource source = response.body().source();
      if (source.request(MOST_BYTES + 1)) {
        throw new WebException("The search provider's answer is too long.");
      }
      return Json.tree(source.readByteArray());
    } catch (InvalidJson _) {
      throw new WebException("The search provider answered with something that is no JSON.");
    } catch (InterruptedIOException _) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new WebException("The search took too long.");
    } catch (IOException _) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new WebException("The search provider cannot be reached, or broke off.");
    } finally {
      call.cancel();
    }
  }

  private String refused(int status) {
    return switch (status) {
      case 401, 403 ->
          settings.provider() == WebSearchSettings.Provider.SEARXNG
              ? "The search provider refuses (its settings must allow the format json)."
              : "The search provider refuses this server's key.";
      case 429, 432, 433 -> "The search provider has had enough requests for now.";
      default -> "The search provider answered with HTTP " + status + ".";
    };
  }

  private static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most) : text;
  }

  @Override
  public void close() {
    http.connectionPool().evictAll();
    http.dispatcher().executorService().shutdown();
  }
}
