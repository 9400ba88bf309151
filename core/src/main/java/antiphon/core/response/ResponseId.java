package antiphon.core.response;

import java.util.regex.Pattern;

/**
 * A response's id together with its owner, so that a look-up that forgets the owner does not
 * compile.
 *
 * @param owner who may see the response
 * @param value the id on the wire, e.g. {@code resp_…}
 */
public record ResponseId(Owner owner, String value) {

  /** What the API page demands of {@code response_id}. */
  public static final Pattern PATTERN = Pattern.compile("^resp[-_][a-zA-Z0-9]+$");

  @Override
  public String toString() {
    return value;
  }
}
