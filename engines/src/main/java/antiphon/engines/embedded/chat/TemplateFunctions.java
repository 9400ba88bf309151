package antiphon.engines.embedded.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.Locale;

/** The functions that chat templates expect. Public, because the template engine calls them. */
public final class TemplateFunctions {

  /** Under this name the context holds the time of the rendering. */
  static final String NOW = "__now";

  private TemplateFunctions() {}

  /** A template refuses the conversation. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** Lets the template refuse. */
  public static Object raiseException(String message) {
    throw new Refused(message);
  }

  /** The time of the rendering in the manner of C's {@code strftime}. */
  public static String strftimeNow(String format) {
    Object now = JinjavaInterpreter.getCurrent().getContext().get(NOW);
    return now instanceof ZonedDateTime time ? strftime(time, format) : "";
  }

  private static String strftime(ZonedDateTime time, String format) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char letter = format.charAt(i);
      if (letter == '%' && i + 1 < format.length()) {
        out.append(field(time, format.charAt(++i)));
      } else {
        out.append(letter);
      }
    }
    return out.toString();
  }

  private static String field(ZonedDateTime time, char letter) {
    return switch (letter) {
      case 'Y' -> "%04d".formatted(time.getYear());
      case 'y' -> "%02d".formatted(time.getYear() % 100);
      case 'm' -> "%02d".formatted(time.getMonthValue());
      case 'd' -> "%02d".formatted(time.getDayOfMonth());
      case 'H' -> "%02d".formatted(time.getHour());
      case 'I' -> "%02d".formatted((time.getHour() + 11) % 12 + 1);
      case 'M' -> "%02d".formatted(time.getMinute());
      case 'S' -> "%02d".formatted(time.getSecond());
      case 'j' -> "%03d".formatted(time.getDayOfYear());
      case 'p' -> time.getHour() < 12 ? "AM" : "PM";
      case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b' -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'a' -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'Z' -> time.getZone().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case '%' -> "%";
      default -> "";
    };
  }
}
