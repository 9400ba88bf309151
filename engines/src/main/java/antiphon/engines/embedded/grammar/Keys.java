package antiphon.engines.embedded.grammar;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** The keys of an object that its schema does not name. */
final class Keys {

  private static final CodePoints PLAIN =
      new CodePoints(
          List.of(
              new CodePoints.Range(' ', '!'),
              new CodePoints.Range('#', '['),
              new CodePoints.Range(']', CodePoints.LAST)));

  private static final Grammar REST = Grammar.repeat(PLAIN.inJson(), 0, Grammar.Repeat.UNLIMITED);

  private Keys() {}

  /** Any key, written without escapes, but these. */
  static Grammar except(Collection<String> names) {
    Node root = new Node();
    names.forEach(root::add);
    return Grammar.all(Grammar.literal("\""), root.others(), Grammar.literal("\""));
  }

  /** A letter of some of the names. */
  private static final class Node {
    private final TreeMap<Integer, Node> children = new TreeMap<>();
    private boolean name;

    void add(String text) {
      Node node = this;
      for (int point : text.codePoints().toArray()) {
        node = node.children.computeIfAbsent(point, _ -> new Node());
      }
      node.name = true;
    }

    Grammar others() {
      List<Grammar> choices = new ArrayList<>();
      if (!name) {
        choices.add(Grammar.EMPTY);
      }
      CodePoints known = new CodePoints(List.of());
      for (var child : children.entrySet()) {
        int point = child.getKey();
        CodePoints letter = CodePoints.of(point, point);
        known = known.or(letter);
        if (point >= ' ' && point != '"' && point != '\\') {
          choices.add(Grammar.all(letter.inJson(), child.getValue().others()));
        }
      }
      CodePoints escaped = CodePoints.of(0, 0x1F).or(CodePoints.of('"', '"'));
      CodePoints other = known.or(escaped).or(CodePoints.of('\\', '\\')).not();
      choices.add(Grammar.all(other.inJson(), REST));
      return Grammar.any(choices);
    }
  }
}
