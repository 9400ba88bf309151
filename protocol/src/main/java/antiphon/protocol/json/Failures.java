package antiphon.protocol.json;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;

/** Says what the mapper found in the API's words: which field, and what it should be. */
final class Failures {

  /** The ways in which the mapper names what it found: a token, a creator that lacks, a string. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "JsonToken\\.([A-Z_]+)"
              + "|no (int|long|double|boolean|BigInteger|BigDecimal)[/-]"
              + "|(?:String value|empty String) \\(");

  private Failures() {}

  /** For what was no bytes. */
  static InvalidJson of(JacksonException failure) {
    return of(failure, null);
  }

  /**
   * What to say of a failure.
   *
   * @param reached how far the parser had come, for failures that do not say where they are
   */
  static InvalidJson of(JacksonException failure, @Nullable TokenStreamLocation reached) {
    if (failure instanceof DatabindException binding
        && !startsWith(failure, "Trailing token")
        && !startsWith(failure, "No content to map")) {
      return field(binding);
    }
    if (failure instanceof InputCoercionException) {
      String param = param(failure);
      return new InvalidJson.Field(
          param, "Invalid value for " + named(param) + ": the number is out of range.");
    }
    if (failure instanceof DatabindException && startsWith(failure, "No content to map")) {
      return empty();
    }
    TokenStreamLocation given = failure.getLocation();
    TokenStreamLocation at = given == null || given.getLineNr() < 1 ? reached : given;
    int line = at == null ? 1 : Math.max(1, at.getLineNr());
    int column = at == null ? 1 : Math.max(1, at.getColumnNr());
    String what = "The body is not valid JSON: it goes wrong";
    if (failure instanceof StreamConstraintsException) {
      what = constraint(failure);
    } else if (failure instanceof UnexpectedEndOfInputException) {
      what = "The body is not valid JSON: it breaks off";
    } else if (startsWith(failure, "Duplicate Object property")) {
      what = "The body has the same field twice";
    } else if (startsWith(failure, "Trailing token")) {
      what = "The body is not valid JSON: something follows its end";
    }
    return new InvalidJson.Syntax(
        "%s, at line %d, column %d.".formatted(what, line, column), line, column);
  }

  static InvalidJson empty() {
    return new InvalidJson.Syntax("The body is empty, at line 1, column 1: expected JSON.", 1, 1);
  }

  private static boolean startsWith(JacksonException failure, String begin) {
    String message = failure.getOriginalMessage();
    return message != null && message.startsWith(begin);
  }

  private static String constraint(JacksonException failure) {
    String message = String.valueOf(failure.getOriginalMessage());
    if (message.contains("nesting depth")) {
      return "The body is nested too deeply (at most %d levels are allowed)"
          .formatted(Json.MAX_DEPTH);
    }
    for (String part : List.of("Number", "Name", "String")) {
      if (message.startsWith(part)) {
        return "The body has a %s that is too long"
            .formatted(part.equals("Name") ? "field name" : part.toLowerCase(Locale.ROOT));
      }
    }
    return "The body is too long";
  }

  private static InvalidJson field(DatabindException failure) {
    String param = param(failure);
    String named = named(param);
    return switch (failure) {
      case InvalidField own -> new InvalidJson.Field(own.param(param), own.text(param));
      case InvalidNullException missing -> missing(missing, param);
      case InvalidFormatException format
          when format.getValue() instanceof String && values(format.getTargetType()) != null ->
          new InvalidJson.Field(
              param,
              "Invalid value for %s: '%s'. Supported values are: %s."
                  .formatted(named, shown(format.getValue()), values(format.getTargetType())));
      case MismatchedInputException mismatch -> mismatch(mismatch, param, named);
      default -> new InvalidJson.Field(param, "Invalid value for " + named + ".");
    };
  }

  private static String named(String param) {
    return param.isEmpty() ? "the body" : "'" + param + "'";
  }

  /** A null for the field itself is the same as none; one among its entries is not. */
  private static InvalidJson missing(InvalidNullException failure, String param) {
    PropertyName property = failure.getPropertyName();
    String name = property == null ? "" : property.getSimpleName();
    List<JacksonException.Reference> path = failure.getPath();
    boolean entry =
        !path.isEmpty()
            && (!name.equals(path.getLast().getPropertyName())
                || (path.size() > 1 && name.equals(path.get(path.size() - 2).getPropertyName())));
    return new InvalidJson.Field(
        param,
        entry
            ? "Invalid value for '" + param + "': must not be null."
            : "Missing required parameter: '" + param + "'.");
  }

  private static InvalidJson mismatch(
      MismatchedInputException failure, String param, String named) {
    String message = String.valueOf(failure.getOriginalMessage());
    String marker = "Missing required creator property '";
    if (message.startsWith(marker)) {
      String name = message.substring(marker.length(), message.indexOf('\'', marker.length()));
      String full = param.endsWith(name) ? param : join(param, name);
      return new InvalidJson.Field(full, "Missing required parameter: '" + full + "'.");
    }
    Class<?> target = failure.getTargetType();
    return new InvalidJson.Field(
        param, "Invalid type for " + named + ": expected " + kind(target) + got(failure) + ".");
  }

  private static String got(MismatchedInputException failure) {
    Object value = failure instanceof InvalidFormatException format ? format.getValue() : null;
    return switch (value) {
      case String _ -> got(JsonToken.VALUE_STRING);
      case Integer _, Long _, BigInteger _ -> got(JsonToken.VALUE_NUMBER_INT);
      case Number _ -> got(JsonToken.VALUE_NUMBER_FLOAT);
      case Boolean _ -> got(JsonToken.VALUE_TRUE);
      case null, default -> got(token(String.valueOf(failure.getOriginalMessage())));
    };
  }

  /** The end of a message on a wrong type: what came instead. Empty if that is no value. */
  static String got(@Nullable JsonToken token) {
    return switch (token) {
      case VALUE_STRING -> ", but got a string";
      case VALUE_NUMBER_INT -> ", but got an integer";
      case VALUE_NUMBER_FLOAT -> ", but got a number";
      case VALUE_TRUE, VALUE_FALSE -> ", but got a boolean";
      case VALUE_NULL -> ", but got null";
      case START_ARRAY -> ", but got an array";
      case START_OBJECT -> ", but got an object";
      case END_ARRAY, END_OBJECT, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> "";
      case null -> "";
    };
  }

  /** What the mapper names in its own message; the parser has moved on or is closed. */
  private static @Nullable JsonToken token(String message) {
    Matcher named = TOKEN.matcher(message);
    if (!named.find()) {
      return null;
    }
    if (named.group(1) != null) {
      return JsonToken.valueOf(named.group(1));
    }
    return switch (named.group(2)) {
      case "int", "long", "BigInteger" -> JsonToken.VALUE_NUMBER_INT;
      case "double", "BigDecimal" -> JsonToken.VALUE_NUMBER_FLOAT;
      case "boolean" -> JsonToken.VALUE_TRUE;
      case null, default -> JsonToken.VALUE_STRING;
    };
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** The path in the API's form: {@code input[0].content[1].text}. */
  private static String param(JacksonException failure) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : failure.getPath()) {
      if (step.getPropertyName() != null) {
        path.append(path.isEmpty() ? "" : ".").append(shown(step.getPropertyName()));
      } else if (step.getIndex() >= 0) {
        path.append('[').append(step.getIndex()).append(']');
      }
    }
    return path.toString();
  }

  private static String kind(@Nullable Class<?> target) {
    if (target == null) {
      return "something else";
    }
    if (target == String.class || target.isEnum()) {
      return "a string";
    }
    if (target == Boolean.class || target == boolean.class) {
      return "a boolean";
    }
    if (target == Integer.class || target == Long.class || target == int.class) {
      return "an integer";
    }
    if (target == long.class) {
      return "an integer";
    }
    if (Number.class.isAssignableFrom(target) || target == double.class) {
      return "a number";
    }
    if (Collection.class.isAssignableFrom(target) || target.isArray()) {
      return "an array";
    }
    return Map.class.isAssignableFrom(target) || target.isRecord() || target.isInterface()
        ? "an object"
        : "something else";
  }

  private static @Nullable String values(@Nullable Class<?> type) {
    if (type == null || !type.isEnum()) {
      return null;
    }
    return Arrays.stream(type.getEnumConstants())
        .map(Json::toTree)
        .map(node -> "'" + node.asString() + "'")
        .collect(Collectors.joining(", "));
  }

  /** A value as much of it as belongs into a message. */
  static String shown(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
