package antiphon.engines.model;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person calls a model that is to be downloaded. */
public final class HubName {

  private static final Pattern NAME =
      Pattern.compile("([\\w.-]+)/([\\w.-]+):([\\w.-]+(?:/[\\w.-]+)*\\.gguf)");

  private HubName() {}

  /**
   * Its address.
   *
   * @param given an http or https URL, or {@code OWNER/REPOSITORY:FILE.gguf}
   * @param hub where such repositories are; their files are below {@code resolve/main}
   * @throws IllegalArgumentException if it is neither
   */
  public static URI address(String given, URI hub) {
    if (given.startsWith("http://") || given.startsWith("https://")) {
      return URI.create(given);
    }
    Matcher name = NAME.matcher(given);
    if (!name.matches()) {
      throw new IllegalArgumentException(
          "'" + given + "' is neither a URL nor OWNER/REPOSITORY:FILE.gguf");
    }
    String base = hub.toString().replaceFirst("/+$", "");
    return URI.create(
        base + "/" + name.group(1) + "/" + name.group(2) + "/resolve/main/" + name.group(3));
  }
}
