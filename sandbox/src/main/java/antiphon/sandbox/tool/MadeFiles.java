package antiphon.sandbox.tool;

import antiphon.core.container.ContainerFile;
import antiphon.core.sandbox.Sandbox;
import antiphon.core.tool.Citation;
import antiphon.core.tool.CitationFilter;
import antiphon.protocol.content.Annotation;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The files that code has written, each under a mark by which the model speaks of it. A file stands
 * in a line of its own, so that a run which goes on elsewhere knows it again from what the model
 * was told; nothing that code prints can look like such a line.
 */
final class MadeFiles {

  private static final String HINT =
      "\nFiles written; where your answer speaks of one, put its mark behind the words:";

  private static final Pattern LINE =
      Pattern.compile(
          "^"
              + CitationFilter.OPEN
              + "(c[0-9]{1,6})"
              + CitationFilter.CLOSE
              + " ("
              + ContainerFile.PREFIX
              + "[-_][A-Za-z0-9]+) "
              + Pattern.quote(Sandbox.FOLDER + "/")
              + "(.*), [0-9]+ bytes$",
          Pattern.MULTILINE);

  private static final Pattern MARK =
      Pattern.compile(CitationFilter.OPEN + "(c[0-9]{1,6})" + CitationFilter.CLOSE);

  private final String container;
  private final Map<String, Made> marks = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();

  private record Made(String id, String path) {
    String filename() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /**
   * @param container the id of the container that they are in
   */
  MadeFiles(String container) {
    this.container = container;
  }

  /** Learns the files again that the model was told of before. */
  void recall(List<Item> shown) {
    for (Item item : shown) {
      if (item instanceof FunctionCallOutput output
          && output.output() instanceof ToolOutput.Text text
          && text.text() != null) {
        Matcher line = LINE.matcher(text.text());
        while (line.find()) {
          marks.putIfAbsent(line.group(1), new Made(line.group(2), line.group(3)));
          last.accumulateAndGet(Integer.parseInt(line.group(1).substring(1)), Math::max);
        }
      }
    }
  }

  /** What the model is told of files; empty for none. */
  String told(List<ContainerFile> files) {
    StringBuilder told = new StringBuilder(files.isEmpty() ? "" : HINT);
    for (ContainerFile file : files) {
      String mark = "c" + last.incrementAndGet();
      String path = plain(file.path()).replaceAll("\\R", " ");
      marks.put(mark, new Made(file.id(), path));
      told.append('\n')
          .append(CitationFilter.OPEN)
          .append(mark)
          .append(CitationFilter.CLOSE)
          .append(' ')
          .append(file.id())
          .append(' ')
          .append(Sandbox.FOLDER)
          .append('/')
          .append(path)
          .append(", ")
          .append(file.bytes())
          .append(" bytes");
    }
    return told.toString();
  }

  /** Nothing that was printed can be taken for a mark. */
  static String plain(String printed) {
    return MARK.matcher(printed).replaceAll("[$1]");
  }

  Optional<Citation> citation(String mark) {
    Made file = marks.get(mark);
    return file == null
        ? Optional.empty()
        : Optional.of((start, end) -> {
          Map<String, JsonNode> fields = new HashMap<>();
          fields.put("container_id", Json.toTree(container));
          fields.put("file_id", Json.toTree(file.id));
          fields.put("filename", Json.toTree(file.filename()));
          fields.put("start_index", Json.toTree(start));
          fields.put("end_index", Json.toTree(end));
          return new Annotation("container_file_citation", fields);
        });
  }
}
