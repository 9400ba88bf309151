package antiphon.engines.embedded.grammar;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows a {@link GrammarCheck checked} grammar: a state is every way in which the text so far can
 * be a beginning. States do not change; a byte leads from one to the next.
 */
final class Matcher {

  private static final int MOST_WAYS = 4_096;

  private Matcher() {}

  /**
   * Where in the grammar a text has arrived.
   *
   * @param ways what may come next, each beginning with a byte
   * @param whole whether the text may end here
   */
  record State(List<Todo> ways, boolean whole) {
    boolean dead() {
      return ways.isEmpty() && !whole;
    }
  }

  /** What is still to come: this part, entered {@code at} its nth piece, then the next. */
  static final class Todo {
    private final Grammar part;
    private final int at;
    private final @Nullable Todo next;
    private final int hash;

    Todo(Grammar part, int at, @Nullable Todo next) {
      this.part = part;
      this.at = at;
      this.next = next;
      this.hash = (System.identityHashCode(part) * 31 + at) * 31 + (next == null ? 0 : next.hash);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(@Nullable Object other) {
      Todo one = this;
      Todo two = other instanceof Todo todo ? todo : null;
      while (one != two) {
        if (one == null
            || two == null
            || one.hash != two.hash
            || one.part != two.part
            || one.at != two.at) {
          return false;
        }
        one = one.next;
        two = two.next;
      }
      return true;
    }
  }

  /** Before the first byte. */
  static State start(Grammar grammar) {
    Expansion expansion = new Expansion();
    expansion.add(new Todo(grammar, 0, null));
    return expansion.finish();
  }

  /** The state after one more byte; {@link State#dead} if it does not fit. */
  static State next(State state, int value) {
    Expansion expansion = new Expansion();
    for (Todo way : state.ways()) {
      if (((Grammar.Bytes) way.part).set().contains(value)) {
        expansion.add(way.next);
      }
    }
    return expansion.finish();
  }

  /** The state after these bytes. */
  static State next(State state, byte[] values, int from) {
    State now = state;
    for (int i = from; i < values.length && !now.dead(); i++) {
      now = next(now, values[i] & 0xFF);
    }
    return now;
  }

  /** Opens what is to come until each way begins with a byte. */
  private static final class Expansion {
    private final Set<Todo> seen = new HashSet<>();
    private final List<Todo> open = new ArrayList<>();
    private final List<Todo> ways = new ArrayList<>();
    private boolean whole;

    void add(@Nullable Todo todo) {
      if (todo == null) {
        whole = true;
      } else if (seen.add(todo)) {
        open.add(todo);
      }
    }

    State finish() {
      while (!open.isEmpty()) {
        expand(open.removeLast());
        if (ways.size() > MOST_WAYS) {
          throw new IllegalArgumentException("The schema is too ambiguous to be followed.");
        }
      }
      return new State(ways, whole);
    }

    private void expand(Todo todo) {
      switch (todo.part) {
        case Grammar.Bytes _ -> ways.add(todo);
        case Grammar.All all -> {
          int size = all.parts().size();
          if (todo.at == size) {
            add(todo.next);
          } else {
            boolean last = todo.at == size - 1;
            Todo rest = last ? todo.next : new Todo(all, todo.at + 1, todo.next);
            add(new Todo(all.parts().get(todo.at), 0, rest));
          }
        }
        case Grammar.Any any -> {
          for (Grammar choice : any.choices().reversed()) {
            add(new Todo(choice, 0, todo.next));
          }
        }
        case Grammar.Repeat repeat -> expandRepeat(repeat, todo);
        case Grammar.Ref ref -> add(new Todo(ref.body(), 0, todo.next));
      }
    }

    private void expandRepeat(Grammar.Repeat repeat, Todo todo) {
      boolean limited = repeat.most() != Grammar.Repeat.UNLIMITED;
      if (todo.at >= repeat.least()) {
        add(todo.next);
      }
      if (!limited || todo.at < repeat.most()) {
        int count = limited ? todo.at + 1 : Math.min(todo.at + 1, repeat.least());
        boolean last = limited && count == repeat.most();
        Todo rest = last ? todo.next : new Todo(repeat, count, todo.next);
        add(new Todo(repeat.body(), 0, rest));
      }
    }
  }
}
