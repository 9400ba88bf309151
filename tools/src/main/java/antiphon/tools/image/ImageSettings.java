package antiphon.tools.image;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint that makes images.
 *
 * @param url its base, with the version: {@code /images/generations} is put behind it
 * @param key sent as a bearer token; null for none
 * @param model the one that {@code auto} stands for; null to leave it to the endpoint
 * @param responseFormat sent as {@code response_format}, which some endpoints want and others
 *     refuse; null to leave it out
 * @param limit how long an image may take
 */
public record ImageSettings(
    String url,
    @Nullable String key,
    @Nullable String model,
    @Nullable String responseFormat,
    Duration limit) {

  /** Without the key. */
  @Override
  public String toString() {
    return "ImageSettings[model=" + model + "]";
  }
}
