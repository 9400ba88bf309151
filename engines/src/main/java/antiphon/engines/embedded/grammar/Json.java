package antiphon.engines.embedded.grammar;

import static antiphon.engines.embedded.grammar.Grammar.all;
import static antiphon.engines.embedded.grammar.Grammar.any;
import static antiphon.engines.embedded.grammar.Grammar.bytes;
import static antiphon.engines.embedded.grammar.Grammar.literal;
import static antiphon.engines.embedded.grammar.Grammar.optional;
import static antiphon.engines.embedded.grammar.Grammar.repeat;

import java.util.List;

/** The parts of JSON (RFC 8259), with bounds on what a model might repeat without end. */
final class Json {

  private static final int MOST_DIGITS = 15;

  /** At most one space, or one new line with some indentation. */
  static final Grammar SPACE =
      any(Grammar.EMPTY, literal(" "), all(literal("\n"), repeat(literal(" "), 0, 16)));

  private static final Grammar HEX =
      new Grammar.Bytes(
          ByteSet.range('0', '9').or(ByteSet.range('a', 'f')).or(ByteSet.range('A', 'F')));

  /** A backslash and what may follow; no halves of surrogate pairs, which may stay alone. */
  private static final Grammar ESCAPED =
      all(
          literal("\\"),
          any(
              new Grammar.Bytes(ByteSet.of('"', '\\', '/', 'b', 'f', 'n', 'r', 't')),
              all(
                  literal("u"),
                  any(
                      all(
                          new Grammar.Bytes(
                              ByteSet.range('0', '9')
                                  .or(ByteSet.of('a', 'b', 'c', 'e', 'f'))
                                  .or(ByteSet.of('A', 'B', 'C', 'E', 'F'))),
                          HEX),
                      all(
                          new Grammar.Bytes(ByteSet.of('d', 'D')),
                          new Grammar.Bytes(ByteSet.range('0', '7')))),
                  HEX,
                  HEX)));

  /** A character above ASCII, in UTF-8. */
  static final Grammar WIDE = CodePoints.utf8(0x80, 0x10FFFF);

  /** One character of a string. */
  static final Grammar CHARACTER =
      any(
          new Grammar.Bytes(ByteSet.range(0x20, 0x7F).without(ByteSet.of('"', '\\'))),
          WIDE,
          ESCAPED);

  static final Grammar DIGIT = bytes('0', '9');

  static final Grammar INTEGER =
      all(
          optional(literal("-")),
          any(literal("0"), all(bytes('1', '9'), repeat(DIGIT, 0, MOST_DIGITS - 1))));

  static final Grammar NUMBER =
      all(
          INTEGER,
          optional(all(literal("."), repeat(DIGIT, 1, MOST_DIGITS))),
          optional(
              all(
                  new Grammar.Bytes(ByteSet.of('e', 'E')),
                  optional(new Grammar.Bytes(ByteSet.of('+', '-'))),
                  repeat(DIGIT, 1, 2))));

  static final Grammar BOOLEAN = any(literal("true"), literal("false"));
  static final Grammar NULL = literal("null");
  static final Grammar STRING = string(0, Grammar.Repeat.UNLIMITED);
  static final Grammar VALUE = value();
  static final Grammar OBJECT = map(STRING, VALUE, 0, Grammar.Repeat.UNLIMITED);

  private Json() {}

  static Grammar string(int least, int most) {
    return all(literal("\""), repeat(CHARACTER, least, most), literal("\""));
  }

  /** An object with any keys. */
  static Grammar map(Grammar key, Grammar value, int least, int most) {
    return all(literal("{"), SPACE, list(member(key, value), least, most), SPACE, literal("}"));
  }

  static Grammar array(Grammar item, int least, int most) {
    return all(literal("["), SPACE, list(item, least, most), SPACE, literal("]"));
  }

  static Grammar member(Grammar key, Grammar value) {
    return all(key, SPACE, literal(":"), SPACE, value);
  }

  static Grammar comma() {
    return all(literal(","), SPACE);
  }

  /** So many of these, with commas between them. */
  static Grammar list(Grammar item, int least, int most) {
    if (most == 0) {
      return Grammar.EMPTY;
    }
    int more = most == Grammar.Repeat.UNLIMITED ? most : most - 1;
    Grammar some = all(item, repeat(all(comma(), item), Math.max(0, least - 1), more));
    return least == 0 ? optional(some) : some;
  }

  private static Grammar value() {
    Grammar.Ref value = new Grammar.Ref("value");
    value.fill(
        any(
            List.of(
                STRING,
                NUMBER,
                BOOLEAN,
                NULL,
                map(STRING, value, 0, Grammar.Repeat.UNLIMITED),
                array(value, 0, Grammar.Repeat.UNLIMITED))));
    return value;
  }
}
