package antiphon.engines.embedded.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Proves that a grammar can be followed: that it ends, that no part begins with itself, that
 * nothing empty is repeated, and that it is not too large.
 */
final class GrammarCheck {

  private static final int MOST_PARTS = 200_000;

  private final Set<Grammar> parts = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Grammar> nullable = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Grammar> finite = Collections.newSetFromMap(new IdentityHashMap<>());

  private GrammarCheck() {}

  /**
   * @throws UnsupportedSchemaException if it cannot be followed
   */
  static void check(Grammar root) throws UnsupportedSchemaException {
    GrammarCheck check = new GrammarCheck();
    check.collect(root);
    check.settle();
    if (!check.finite.contains(root)) {
      throw new UnsupportedSchemaException(
          "The schema contains itself in such a way that no finite value satisfies it.");
    }
    check.checkRepeats();
    check.checkLeftRecursion();
  }

  private void collect(Grammar root) throws UnsupportedSchemaException {
    List<Grammar> open = new ArrayList<>(List.of(root));
    while (!open.isEmpty()) {
      Grammar part = open.removeLast();
      if (parts.add(part)) {
        open.addAll(children(part));
      }
      if (parts.size() > MOST_PARTS) {
        throw new UnsupportedSchemaException("The schema is too large.");
      }
    }
  }

  private static List<Grammar> children(Grammar part) {
    return switch (part) {
      case Grammar.Bytes _ -> List.of();
      case Grammar.All all -> all.parts();
      case Grammar.Any any -> any.choices();
      case Grammar.Repeat repeat -> List.of(repeat.body());
      case Grammar.Ref ref -> List.of(ref.body());
    };
  }

  private void settle() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Grammar part : parts) {
        changed |= !nullable.contains(part) && canBeEmpty(part) && nullable.add(part);
        changed |= !finite.contains(part) && canEnd(part) && finite.add(part);
      }
    }
  }

  private boolean canBeEmpty(Grammar part) {
    return switch (part) {
      case Grammar.Bytes _ -> false;
      case Grammar.All all -> nullable.containsAll(all.parts());
      case Grammar.Any any -> any.choices().stream().anyMatch(nullable::contains);
      case Grammar.Repeat repeat -> repeat.least() == 0 || nullable.contains(repeat.body());
      case Grammar.Ref ref -> nullable.contains(ref.body());
    };
  }

  private boolean canEnd(Grammar part) {
    return switch (part) {
      case Grammar.Bytes bytes -> !bytes.set().isEmpty();
      case Grammar.All all -> finite.containsAll(all.parts());
      case Grammar.Any any -> any.choices().stream().anyMatch(finite::contains);
      case Grammar.Repeat repeat -> repeat.least() == 0 || finite.contains(repeat.body());
      case Grammar.Ref ref -> finite.contains(ref.body());
    };
  }

  private void checkRepeats() throws UnsupportedSchemaException {
    for (Grammar part : parts) {
      if (part instanceof Grammar.Repeat repeat && nullable.contains(repeat.body())) {
        throw new UnsupportedSchemaException("A pattern repeats something that may be empty.");
      }
    }
  }

  private void checkLeftRecursion() throws UnsupportedSchemaException {
    Set<Grammar> done = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Grammar part : parts) {
      if (part instanceof Grammar.Ref) {
        followLeft(part, done);
      }
    }
  }

  /** Walks along what may stand first, without recursion, since chains can be long. */
  private void followLeft(Grammar start, Set<Grammar> done) throws UnsupportedSchemaException {
    record Step(Grammar part, boolean leave) {}
    Set<Grammar> path = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Step> open = new ArrayList<>(List.of(new Step(start, false)));
    while (!open.isEmpty()) {
      Step step = open.removeLast();
      if (step.leave()) {
        path.remove(step.part());
        done.add(step.part());
      } else if (path.contains(step.part())) {
        throw new UnsupportedSchemaException(
            "The schema refers to itself without anything in between.");
      } else if (!done.contains(step.part())) {
        path.add(step.part());
        open.add(new Step(step.part(), true));
        for (Grammar first : firsts(step.part())) {
          open.add(new Step(first, false));
        }
      }
    }
  }

  private Set<Grammar> firsts(Grammar part) {
    if (!(part instanceof Grammar.All all)) {
      return new HashSet<>(children(part));
    }
    Set<Grammar> firsts = new HashSet<>();
    for (Grammar next : all.parts()) {
      firsts.add(next);
      if (!nullable.contains(next)) {
        break;
      }
    }
    return firsts;
  }
}
