package antiphon.tools.websearch;

import antiphon.protocol.tool.UserLocation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for.
 *
 * @param text in the model's words
 * @param most how many pages
 * @param allowed domains that pages may be of, their subdomains included; empty for all
 * @param location about where the user is
 */
record Query(String text, int most, List<String> allowed, @Nullable UserLocation location) {

  /** The country's two letters, if they are known. */
  @Nullable String country() {
    String country = location == null ? null : location.country();
    return country != null && country.matches("[A-Za-z]{2}") ? country : null;
  }
}
