package antiphon.engines.embedded.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a text may be. Parts may be shared and, by {@link Ref}, contain themselves; so they are
 * compared by identity.
 */
public sealed interface Grammar {

  /** One byte of these. */
  final class Bytes implements Grammar {
    private final ByteSet set;

    Bytes(ByteSet set) {
      this.set = set;
    }

    ByteSet set() {
      return set;
    }
  }

  /** All of these, one after the other. */
  final class All implements Grammar {
    private final List<Grammar> parts;

    All(List<Grammar> parts) {
      this.parts = List.copyOf(parts);
    }

    List<Grammar> parts() {
      return parts;
    }
  }

  /** One of these. */
  final class Any implements Grammar {
    private final List<Grammar> choices;

    Any(List<Grammar> choices) {
      this.choices = List.copyOf(choices);
    }

    List<Grammar> choices() {
      return choices;
    }
  }

  /** This, so many times. */
  final class Repeat implements Grammar {
    static final int UNLIMITED = -1;
    private final Grammar body;
    private final int least;
    private final int most;

    Repeat(Grammar body, int least, int most) {
      this.body = body;
      this.least = least;
      this.most = most;
    }

    Grammar body() {
      return body;
    }

    int least() {
      return least;
    }

    int most() {
      return most;
    }
  }

  /** A part known by name, filled in later, so that it may contain itself. */
  final class Ref implements Grammar {
    private final String name;
    private @Nullable Grammar body;

    Ref(String name) {
      this.name = name;
    }

    String name() {
      return name;
    }

    void fill(Grammar grammar) {
      body = grammar;
    }

    Grammar body() {
      return Objects.requireNonNull(body, name);
    }
  }

  /** Nothing at all. */
  Grammar EMPTY = new All(List.of());

  /** Exactly this text. */
  static Grammar literal(String text) {
    List<Grammar> parts = new ArrayList<>();
    for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
      parts.add(new Bytes(ByteSet.of(value & 0xFF)));
    }
    return parts.size() == 1 ? parts.getFirst() : new All(parts);
  }

  /** All of these, one after the other. */
  static Grammar all(Grammar... parts) {
    return new All(Arrays.asList(parts));
  }

  /** One of these. */
  static Grammar any(List<Grammar> choices) {
    return choices.size() == 1 ? choices.getFirst() : new Any(choices);
  }

  /** One of these. */
  static Grammar any(Grammar... choices) {
    return any(Arrays.asList(choices));
  }

  /** This or nothing. */
  static Grammar optional(Grammar body) {
    return new Any(List.of(body, EMPTY));
  }

  /** A byte from {@code low} to {@code high}. */
  static Grammar bytes(int low, int high) {
    return new Bytes(ByteSet.range(low, high));
  }

  /**
   * This, so many times.
   *
   * @param least how often at least
   * @param most how often at most, {@link Repeat#UNLIMITED} for no limit
   */
  static Grammar repeat(Grammar body, int least, int most) {
    return most == 0 ? EMPTY : new Repeat(body, least, most);
  }
}
