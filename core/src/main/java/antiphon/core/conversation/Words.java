package antiphon.core.conversation;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputText;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.content.PlainText;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The words that conversations are found by: those of their messages and of their metadata's
 * values, each once, in lower case and without accents. Cut here and not by the databases, so that
 * a search finds the same in each of them. Of scripts that put no spaces between words each
 * character counts as one.
 */
public final class Words {

  /** How much is looked at of one item, in characters. */
  private static final int MAX_TEXT = 256 * 1024;

  /** How many different words of one item are kept. */
  private static final int MAX_WORDS = 8192;

  /** What is longer is cut, in characters. */
  private static final int MAX_WORD = 32;

  private static final Pattern ACCENTS = Pattern.compile("\\p{Mn}+");

  private Words() {}

  /** Those of an item, parted by spaces; none for what is no message. */
  public static String of(Item item) {
    if (!(item instanceof Message message)) {
      return "";
    }
    return switch (message.content()) {
      case MessageContent.Text(String text) -> of(List.of(text));
      case MessageContent.Parts(List<ContentPart> parts) ->
          of(parts.stream().map(Words::text).toList());
    };
  }

  private static String text(ContentPart part) {
    return switch (part) {
      case InputText text -> text.text();
      case OutputText text -> text.text();
      case PlainText text -> text.text();
      default -> "";
    };
  }

  /** Those of some texts together, parted by spaces. */
  public static String of(Collection<String> texts) {
    Set<String> words = new LinkedHashSet<>();
    int left = MAX_TEXT;
    for (String text : texts) {
      add(text.substring(0, Math.min(left, text.length())), words);
      left -= Math.min(left, text.length());
    }
    return String.join(" ", words);
  }

  private static void add(String text, Set<String> words) {
    String plain = ACCENTS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < plain.length(); ) {
      int point = plain.codePointAt(i);
      i += Character.charCount(point);
      boolean alone = unspaced(point);
      if (alone || !Character.isLetterOrDigit(point)) {
        end(word, words);
      }
      if (Character.isLetterOrDigit(point) && word.length() < MAX_WORD) {
        word.appendCodePoint(Character.toLowerCase(point));
      }
      if (alone) {
        end(word, words);
      }
    }
    end(word, words);
  }

  private static void end(StringBuilder word, Set<String> words) {
    if (!word.isEmpty() && words.size() < MAX_WORDS) {
      words.add(word.toString());
    }
    word.setLength(0);
  }

  private static boolean unspaced(int point) {
    if (point < 0x0e00) {
      return false;
    }
    return switch (UnicodeScript.of(point)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }
}
