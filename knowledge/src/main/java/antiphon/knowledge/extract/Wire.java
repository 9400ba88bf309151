package antiphon.knowledge.extract;

/** The marks that a parser process parts its answers with. */
final class Wire {

  /** A block follows: its level, its page or -1, its bytes' length, its bytes as UTF-8. */
  static final byte BLOCK = 'B';

  /** The end of a text; the number of its pages follows, or -1. */
  static final byte END = 'E';

  /** The file is damaged, or not what it seems. */
  static final byte INVALID = 'I';

  /** Nobody here reads such files. */
  static final byte UNSUPPORTED = 'U';

  /** Its text is too long. */
  static final byte TOO_LONG = 'L';

  private Wire() {}
}
