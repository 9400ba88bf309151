package antiphon.engines.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Where an engine is and how it is called.
 *
 * @param name the engine's name in settings and messages
 * @param baseUrl up to and with the version, {@code http://127.0.0.1:8000/v1}; a query stays behind
 *     every path
 * @param apiKey null sends none
 * @param keyHeader the header that carries the key as it is; null sends it as bearer token
 * @param headers sent with each call, beyond the usual
 * @param models the models it serves; null asks the engine, and passes every name on
 * @param maxConcurrency how many turns at once; more wait
 * @param idle how long a connection is kept for the next call: shorter than the engine keeps it
 */
public record UpstreamSettings(
    String name,
    String baseUrl,
    @Nullable String apiKey,
    @Nullable String keyHeader,
    Map<String, String> headers,
    @Nullable List<String> models,
    int maxConcurrency,
    Limits limits,
    Duration idle) {

  /** Python's usual server, uvicorn, closes a connection that was idle for 5 s. */
  public static final Duration USUAL_IDLE = Duration.ofSeconds(4);

  public UpstreamSettings {
    if (name.isBlank()) {
      throw new IllegalArgumentException("an engine needs a name");
    }
    HttpUrl url = HttpUrl.parse(baseUrl);
    if (url == null) {
      throw new IllegalArgumentException(
          "engine " + name + ": not an http or https URL: " + baseUrl);
    }
    if (!url.encodedUsername().isEmpty()) {
      throw new IllegalArgumentException("engine " + name + ": the URL carries a user");
    }
    if (idle.isNegative() || idle.isZero()) {
      throw new IllegalArgumentException("engine " + name + ": idle must be above 0");
    }
    if (maxConcurrency < 1) {
      throw new IllegalArgumentException("engine " + name + ": max_concurrency must be at least 1");
    }
    headers = Map.copyOf(headers);
    models = models == null ? null : List.copyOf(models);
  }

  /** An engine at this address with the usual limits, 64 turns at once, asked for its models. */
  public static UpstreamSettings at(String name, String baseUrl, @Nullable String apiKey) {
    return new UpstreamSettings(
        name, baseUrl, apiKey, null, Map.of(), null, 64, Limits.DEFAULT, USUAL_IDLE);
  }

  /** The same with other limits. */
  public UpstreamSettings with(Limits limits) {
    return new UpstreamSettings(
        name, baseUrl, apiKey, keyHeader, headers, models, maxConcurrency, limits, idle);
  }

  /** The same with these models. */
  public UpstreamSettings serving(List<String> models) {
    return new UpstreamSettings(
        name, baseUrl, apiKey, keyHeader, headers, models, maxConcurrency, limits, idle);
  }

  /** The same with so many turns at once. */
  public UpstreamSettings atOnce(int maxConcurrency) {
    return new UpstreamSettings(
        name, baseUrl, apiKey, keyHeader, headers, models, maxConcurrency, limits, idle);
  }

  /** The same with the key in this header. */
  public UpstreamSettings keyIn(String header) {
    return new UpstreamSettings(
        name, baseUrl, apiKey, header, headers, models, maxConcurrency, limits, idle);
  }

  /** The same with connections kept for so long. */
  public UpstreamSettings keeping(Duration idle) {
    return new UpstreamSettings(
        name, baseUrl, apiKey, keyHeader, headers, models, maxConcurrency, limits, idle);
  }

  /** Without the key and the headers' values: this text may reach a log. */
  @Override
  public String toString() {
    return "UpstreamSettings[" + name + " at " + baseUrl + "]";
  }
}
