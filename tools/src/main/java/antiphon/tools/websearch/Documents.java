package antiphon.tools.websearch;

import java.net.URI;
import java.util.Map;

/** Documents that are no pages of their own, such as PDF. */
final class Documents {

  private static final String OFFICE = "application/vnd.openxmlformats-officedocument.";

  private static final Map<String, String> ENDINGS =
      Map.ofEntries(
          Map.entry("application/pdf", "pdf"),
          Map.entry("application/rtf", "rtf"),
          Map.entry("application/msword", "doc"),
          Map.entry("application/vnd.ms-excel", "xls"),
          Map.entry("application/vnd.ms-powerpoint", "ppt"),
          Map.entry(OFFICE + "wordprocessingml.document", "docx"),
          Map.entry(OFFICE + "spreadsheetml.sheet", "xlsx"),
          Map.entry(OFFICE + "presentationml.presentation", "pptx"),
          Map.entry("application/vnd.oasis.opendocument.text", "odt"),
          Map.entry("application/vnd.oasis.opendocument.spreadsheet", "ods"),
          Map.entry("application/vnd.oasis.opendocument.presentation", "odp"),
          Map.entry("application/epub+zip", "epub"));

  private Documents() {}

  /** Whether documents of a media type can be read. */
  static boolean are(String type) {
    return ENDINGS.containsKey(type);
  }

  /** What a document's file would be called, with the ending of its type. */
  static String name(URI url, String type) {
    String path = url.getPath() == null ? "" : url.getPath();
    String last = path.substring(path.lastIndexOf('/') + 1);
    String name = last.isEmpty() ? "page" : last;
    String ending = ENDINGS.getOrDefault(type, type.contains("html") ? "html" : "txt");
    // A text may be Markdown, or a program: its own ending says more.
    boolean said = ending.equals("txt") ? name.indexOf('.') > 0 : name.endsWith("." + ending);
    return said ? name : name + "." + ending;
  }
}
