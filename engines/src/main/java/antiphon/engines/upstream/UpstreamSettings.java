package antiphon.engines.upstream;

import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Where an engine is and how it is called.
 *
 * @param name the engine's name in settings and messages
 * @param baseUrl up to and with the version, {@code http://127.0.0.1:8000/v1}
 * @param apiKey sent as bearer token; null sends none
 * @param headers sent with each call, beyond the usual
 * @param models the models it serves; null asks the engine, and passes every name on
 * @param maxConcurrency how many turns at once; more wait
 */
public record UpstreamSettings(
    String name,
    String baseUrl,
    @Nullable String apiKey,
    Map<String, String> headers,
    @Nullable List<String> models,
    int maxConcurrency,
    Limits limits) {

  public UpstreamSettings {
    if (name.isBlank()) {
      throw new IllegalArgumentException("an engine needs a name");
    }
    HttpUrl url = HttpUrl.parse(baseUrl);
    if (url == null) {
      throw new IllegalArgumentException(
          "engine " + name + ": not an http or https URL: " + baseUrl);
    }
    if (url.query() != null || !url.encodedUsername().isEmpty()) {
      throw new IllegalArgumentException("engine " + name + ": the URL carries a query or a user");
    }
    if (maxConcurrency < 1) {
      throw new IllegalArgumentException("engine " + name + ": max_concurrency must be at least 1");
    }
    headers = Map.copyOf(headers);
    models = models == null ? null : List.copyOf(models);
  }

  /** An engine at this address with the usual limits, 64 turns at once, asked for its models. */
  public static UpstreamSettings at(String name, String baseUrl, @Nullable String apiKey) {
    return new UpstreamSettings(name, baseUrl, apiKey, Map.of(), null, 64, Limits.DEFAULT);
  }

  /** The same with other limits. */
  public UpstreamSettings with(Limits limits) {
    return new UpstreamSettings(name, baseUrl, apiKey, headers, models, maxConcurrency, limits);
  }

  /** The same with these models. */
  public UpstreamSettings serving(List<String> models) {
    return new UpstreamSettings(name, baseUrl, apiKey, headers, models, maxConcurrency, limits);
  }

  /** The same with so many turns at once. */
  public UpstreamSettings atOnce(int maxConcurrency) {
    return new UpstreamSettings(name, baseUrl, apiKey, headers, models, maxConcurrency, limits);
  }

  /** Without the key and the headers' values: this text may reach a log. */
  @Override
  public String toString() {
    return "UpstreamSettings[" + name + " at " + baseUrl + "]";
  }
}
