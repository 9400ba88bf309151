package antiphon.knowledge.pages;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The fields of the index. A page is one document with its text, and one for each of its chunks,
 * which are what is searched.
 */
final class Fields {

  /** Of both: which page it is, and what it was added with. */
  static final String URL = "url";

  static final String SOURCE = "source";

  /** Of both; kept as it is. */
  static final String TITLE = "title";

  /** Of the page: there on pages alone. */
  static final String PAGE = "page";

  /** Its source, to be counted by. */
  static final String FROM = "from";

  static final String HASH = "hash";
  static final String CHUNKS = "chunks";
  static final String ADDED = "added";

  /** Of both: kept as it is. */
  static final String KEPT = "kept";

  /** Of chunks. */
  static final String WORDS = "words";

  static final String DOMAIN = "domain";

  /** What the last commit says of the vectors' model. */
  static final String MODEL = "model";

  private Fields() {}

  /** Vectors of different models do not meet. */
  static String vector(String model) {
    return "vector " + model;
  }

  /** An address without what follows its {@code #}. */
  static String page(String url) {
    int fragment = url.indexOf('#');
    return fragment < 0 ? url : url.substring(0, fragment);
  }

  /** The host of an address, and the domains that it is below of; none for a file's. */
  static List<String> domains(String url) {
    String host;
    try {
      host = new URI(url).getHost();
    } catch (URISyntaxException _) {
      host = null;
    }
    List<String> domains = new ArrayList<>();
    if (host != null) {
      String rest = host.toLowerCase(Locale.ROOT);
      domains.add(rest);
      for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
        rest = rest.substring(dot + 1);
        domains.add(rest);
      }
    }
    return domains;
  }
}
