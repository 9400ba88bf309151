package antiphon.engines.chat;

import antiphon.protocol.tool.CustomFormat;
import antiphon.protocol.tool.CustomTool;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the input of a custom tool against its grammar, which engines of Chat Completions are only
 * told of. Regular expressions are checked; other grammars are not, nor is what cannot be decided
 * in bounded time.
 */
final class GrammarCheck {

  private static final Logger LOG = LoggerFactory.getLogger(GrammarCheck.class);
  private static final int MAX_LENGTH = 64 * 1024;
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Pattern pattern;

  private GrammarCheck(Pattern pattern) {
    this.pattern = pattern;
  }

  /** The check of a tool's grammar; null if it has none that can be checked. */
  static @Nullable GrammarCheck of(CustomTool tool) {
    CustomFormat format = tool.format();
    if (format == null || format.definition() == null || !"regex".equals(format.syntax())) {
      return null;
    }
    try {
      return new GrammarCheck(Pattern.compile(format.definition()));
    } catch (PatternSyntaxException e) {
      LOG.debug("the grammar of '{}' is not checked: {}", tool.name(), e.getMessage());
      return null;
    }
  }

  /** Whether an input breaks the grammar for certain. */
  boolean refuses(String input) {
    if (input.length() > MAX_LENGTH) {
      return false;
    }
    try {
      return !pattern.matcher(new Timed(input, System.nanoTime() + PATIENCE.toNanos())).matches();
    } catch (TooLong | StackOverflowError _) {
      LOG.debug("a grammar is not checked: that would take too long");
      return false;
    }
  }

  /** A text that is not read for ever: some expressions look at each character again and again. */
  private record Timed(CharSequence text, long deadline) implements CharSequence {

    @Override
    public char charAt(int index) {
      if (System.nanoTime() - deadline > 0) {
        throw new TooLong();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Timed(text.subSequence(start, end), deadline);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super("too long", null, false, false);
    }
  }
}
