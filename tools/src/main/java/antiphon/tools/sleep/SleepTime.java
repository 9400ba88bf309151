package antiphon.tools.sleep;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How long a model wants to sleep. */
sealed interface SleepTime {

  /** Longer it cannot. */
  Duration LONGEST = Duration.ofDays(30);

  record Until(Instant time) implements SleepTime {}

  /** It cannot be told from the arguments, or is too long. */
  record Wrong(String why) implements SleepTime {}

  static SleepTime of(String arguments, Instant now) {
    JsonNode args = read(arguments);
    JsonNode seconds = args == null ? null : args.get("duration_seconds");
    JsonNode at = args == null ? null : args.get("wake_at");
    Instant until = null;
    if (seconds != null && seconds.isNumber()) {
      double most = LONGEST.toSeconds() + 1.0;
      until = now.plusMillis((long) (Math.clamp(seconds.doubleValue(), 0, most) * 1000));
    } else if (at != null && at.isString()) {
      until = time(at.asString());
    }
    if (until == null) {
      return new Wrong(
          "Give 'duration_seconds', a number, or 'wake_at', a time such as 2030-01-31T08:00:00Z.");
    }
    if (!until.isAfter(now)) {
      return new Wrong("The time to wake up must lie ahead; it is " + now + " now.");
    }
    return until.isAfter(now.plus(LONGEST))
        ? new Wrong("Nobody may sleep longer than " + LONGEST.toDays() + " days.")
        : new Until(until);
  }

  private static @Nullable Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      return null;
    }
  }

  private static @Nullable JsonNode read(String arguments) {
    try {
      return Json.tree(arguments.getBytes(StandardCharsets.UTF_8));
    } catch (InvalidJson _) {
      return null;
    }
  }

  /** The arguments as the first event has them: those that it knows, each of its type. */
  static JsonNode shown(String arguments) {
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    JsonNode args = read(arguments);
    if (args != null && args.isObject()) {
      JsonNode seconds = args.path("duration_seconds");
      if (seconds.isNumber() && Math.abs(seconds.doubleValue()) < Integer.MAX_VALUE) {
        shown.put("duration_seconds", (int) Math.ceil(seconds.doubleValue()));
      }
      for (String text : new String[] {"wake_at", "reason"}) {
        if (args.path(text).isString()) {
          shown.set(text, args.get(text));
        }
      }
    }
    return shown;
  }
}
