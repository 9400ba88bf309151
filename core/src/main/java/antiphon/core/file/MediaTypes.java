package antiphon.core.file;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Media types of files: as clients say, or by the file's name. */
public final class MediaTypes {

  /** For bytes that nobody knows more of. */
  public static final String UNKNOWN = "application/octet-stream";

  /** A type without parameters (RFC 9110, section 8.3.1). */
  private static final Pattern TYPE =
      Pattern.compile("[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,127}");

  private static final String OFFICE = "application/vnd.openxmlformats-officedocument.";

  private static final Map<String, String> BY_ENDING =
      Map.ofEntries(
          Map.entry("txt", "text/plain"),
          Map.entry("text", "text/plain"),
          Map.entry("log", "text/plain"),
          Map.entry("md", "text/markdown"),
          Map.entry("markdown", "text/markdown"),
          Map.entry("html", "text/html"),
          Map.entry("htm", "text/html"),
          Map.entry("xhtml", "application/xhtml+xml"),
          Map.entry("css", "text/css"),
          Map.entry("csv", "text/csv"),
          Map.entry("tsv", "text/tab-separated-values"),
          Map.entry("js", "text/javascript"),
          Map.entry("mjs", "text/javascript"),
          Map.entry("json", "application/json"),
          Map.entry("jsonl", "application/jsonl"),
          Map.entry("xml", "application/xml"),
          Map.entry("py", "text/x-python"),
          Map.entry("pdf", "application/pdf"),
          Map.entry("rtf", "application/rtf"),
          Map.entry("doc", "application/msword"),
          Map.entry("docx", OFFICE + "wordprocessingml.document"),
          Map.entry("xls", "application/vnd.ms-excel"),
          Map.entry("xlsx", OFFICE + "spreadsheetml.sheet"),
          Map.entry("ppt", "application/vnd.ms-powerpoint"),
          Map.entry("pptx", OFFICE + "presentationml.presentation"),
          Map.entry("odt", "application/vnd.oasis.opendocument.text"),
          Map.entry("ods", "application/vnd.oasis.opendocument.spreadsheet"),
          Map.entry("odp", "application/vnd.oasis.opendocument.presentation"),
          Map.entry("epub", "application/epub+zip"),
          Map.entry("zip", "application/zip"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("gif", "image/gif"),
          Map.entry("webp", "image/webp"),
          Map.entry("tif", "image/tiff"),
          Map.entry("tiff", "image/tiff"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("wav", "audio/wav"),
          Map.entry("mp3", "audio/mpeg"));

  private MediaTypes() {}

  /**
   * The type of a file, without parameters.
   *
   * @param said what the client says; null, malformed, or the type of unknown bytes to go by the
   *     name
   */
  public static String of(String filename, @Nullable String said) {
    if (said != null) {
      int end = said.indexOf(';');
      String type = (end < 0 ? said : said.substring(0, end)).strip().toLowerCase(Locale.ROOT);
      if (TYPE.matcher(type).matches() && !type.equals(UNKNOWN)) {
        return type;
      }
    }
    return BY_ENDING.getOrDefault(ending(filename), UNKNOWN);
  }

  /** What follows the last dot of a name, in lower case; empty if there is none. */
  public static String ending(String filename) {
    int dot = filename.lastIndexOf('.');
    return dot < 0 ? "" : filename.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
