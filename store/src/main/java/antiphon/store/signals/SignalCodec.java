package antiphon.store.signals;

import antiphon.core.store.Signals.Signal;
import java.util.ArrayList;
import java.util.List;

/** Signals as the text of a message: the sender's name, then one line each. */
public final class SignalCodec {

  /** PostgreSQL takes less than 8000 bytes; ids are ASCII. */
  private static final int LONGEST = 7900;

  private SignalCodec() {}

  /** As few payloads as hold all of them. */
  public static List<String> encode(String sender, List<Signal> signals) {
    List<String> payloads = new ArrayList<>();
    var payload = new StringBuilder(sender);
    for (Signal signal : signals) {
      String line = line(signal);
      if (payload.length() + 1 + line.length() > LONGEST) {
        payloads.add(payload.toString());
        payload = new StringBuilder(sender);
      }
      payload.append('\n').append(line);
    }
    payloads.add(payload.toString());
    return payloads;
  }

  /** The signals of a payload; none if it is the sender's own, or not understood. */
  public static List<Signal> decode(String self, String payload) {
    List<Signal> signals = new ArrayList<>();
    String[] lines = payload.split("\n", -1);
    for (int i = 1; i < lines.length && !lines[0].equals(self); i++) {
      String rest = lines[i].isEmpty() ? "" : lines[i].substring(1);
      switch (lines[i].isEmpty() ? ' ' : lines[i].charAt(0)) {
        case 'q' -> signals.add(new Signal.Queue());
        case 'l' -> signals.add(new Signal.Changed(rest));
        case 'c' -> signals.add(new Signal.Cancel(rest));
        default -> {
          // Of a newer node: whatever it means, a look once a heartbeat will do.
        }
      }
    }
    return signals;
  }

  private static String line(Signal signal) {
    return switch (signal) {
      case Signal.Queue _ -> "q";
      case Signal.Changed(String id) -> "l" + id;
      case Signal.Cancel(String id) -> "c" + id;
    };
  }
}
