package antiphon.tools.search;

import antiphon.core.engine.DeferredTool;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.NamespaceTool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Finds tools by words, as BM25 ranks them: of their names, what they are for, and what their
 * parameters are called. Words of a name count most. {@code invoices} finds {@code invoice}.
 */
final class ToolIndex {

  private static final double SATURATION = 1.2;
  private static final double LENGTH = 0.75;
  private static final int NAME_WEIGHT = 4;
  private static final int NAMESPACE_WEIGHT = 2;

  /** So much of a tool is read, in characters, and so many of its parameters. */
  private static final int MOST_TEXT = 4000;

  private static final int MOST_PARAMETERS = 64;

  private static final Pattern HUMP = Pattern.compile("(?<=[\\p{Ll}0-9])(?=\\p{Lu})");
  private static final Pattern PARTING = Pattern.compile("[^\\p{L}\\p{N}]+");

  private final List<DeferredTool> tools;
  private final List<Map<String, Integer>> words = new ArrayList<>();
  private final Map<String, Integer> documents = new HashMap<>();
  private final List<Integer> lengths = new ArrayList<>();
  private double usualLength = 1;

  ToolIndex(List<DeferredTool> tools) {
    this.tools = List.copyOf(tools);
    long all = 0;
    for (DeferredTool tool : tools) {
      Map<String, Integer> counted = count(tool);
      int length = counted.values().stream().mapToInt(Integer::intValue).sum();
      words.add(counted);
      lengths.add(length);
      all += length;
      counted.keySet().forEach(word -> documents.merge(word, 1, Integer::sum));
    }
    usualLength = tools.isEmpty() ? 1 : Math.max(1, (double) all / tools.size());
  }

  boolean isEmpty() {
    return tools.isEmpty();
  }

  List<DeferredTool> tools() {
    return tools;
  }

  /** The tools that fit, the best first. */
  List<DeferredTool> search(String query, int limit) {
    Set<String> asked = new HashSet<>(split(query));
    record Scored(DeferredTool tool, double score) {}
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; i < tools.size(); i++) {
      DeferredTool tool = tools.get(i);
      double score = query.strip().equals(tool.name()) ? 1000 : 0;
      for (String word : asked) {
        score += score(word, i);
      }
      if (score > 0) {
        scored.add(new Scored(tool, score));
      }
    }
    scored.sort(Comparator.comparingDouble(Scored::score).reversed());
    return scored.stream().limit(limit).map(Scored::tool).toList();
  }

  private double score(String word, int i) {
    int count = words.get(i).getOrDefault(word, 0);
    if (count == 0) {
      return 0;
    }
    int with = documents.getOrDefault(word, 0);
    double rare = Math.log(1 + (tools.size() - with + 0.5) / (with + 0.5));
    double length = 1 - LENGTH + LENGTH * lengths.get(i) / usualLength;
    return rare * count * (SATURATION + 1) / (count + SATURATION * length);
  }

  private static Map<String, Integer> count(DeferredTool tool) {
    Map<String, Integer> counted = new HashMap<>();
    add(tool.name(), NAME_WEIGHT, counted);
    add(tool.description(), 1, counted);
    NamespaceTool in = tool.in();
    if (in != null) {
      add(in.description() == null ? "" : in.description(), NAMESPACE_WEIGHT, counted);
    }
    if (tool.tool() instanceof FunctionTool function) {
      JsonNode properties = function.parameters().get("properties");
      if (properties != null && properties.isObject()) {
        properties.properties().stream()
            .limit(MOST_PARAMETERS)
            .forEach(parameter -> {
              add(parameter.getKey(), 1, counted);
              add(parameter.getValue().path("description").asString(""), 1, counted);
            });
      }
    }
    return counted;
  }

  private static void add(String text, int weight, Map<String, Integer> counted) {
    String bounded = text.substring(0, Math.min(MOST_TEXT, text.length()));
    split(bounded).forEach(word -> counted.merge(word, weight, Integer::sum));
  }

  private static List<String> split(String text) {
    List<String> split = new ArrayList<>();
    for (String part : PARTING.split(HUMP.matcher(text).replaceAll(" "), -1)) {
      if (!part.isEmpty()) {
        split.add(stem(part.toLowerCase(Locale.ROOT)));
      }
    }
    return split;
  }

  /** Enough of English to find one form of a word by another. */
  private static String stem(String word) {
    for (String end : List.of("ies", "ing", "ed", "es", "s", "e", "y")) {
      if (word.endsWith(end) && word.length() - end.length() >= 3) {
        return word.substring(0, word.length() - end.length());
      }
    }
    return word;
  }
}
