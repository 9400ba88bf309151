package antiphon.protocol.json;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;

/** Says what the mapper found in the API's words: which field, and what it should be. */
final class Failures {

  private static final Pattern TOKEN =
      Pattern.compile("JsonToken\\.([A-Z_]+)|(?:String value|empty String) \\(");

  private Failures() {}

  static InvalidJson of(JacksonException failure) {
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
    TokenStreamLocation at = failure.getLocation();
    int line = at == null ? 1 : Math.max(1, at.getLineNr());
    int column = at == null ? 1 : Math.max(1, at.getColumnNr());
    String what = "The body is not valid JSON: it breaks off or goes wrong";
    if (failure instanceof StreamConstraintsException) {
      what = constraint(failure);
    } else if (startsWith(failure, "Duplicate Object property")) {
      what = "The body has the same field twice";
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
    return message.contains("nesting depth")
        ? "The body is nested too deeply (at most %d levels are allowed)".formatted(Json.MAX_DEPTH)
        : "The body has a number or text that is too long";
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
    String token = token(String.valueOf(failure.getOriginalMessage()));
    return switch (value) {
      case String _ -> ", but got a string";
      case Integer _, Long _, BigInteger _ -> ", but got an integer";
      case Number _ -> ", but got a number";
      case Boolean _ -> ", but got a boolean";
      case null, default ->
          switch (token) {
            case "VALUE_STRING" -> ", but got a string";
            case "VALUE_NUMBER_INT" -> ", but got an integer";
            case "VALUE_NUMBER_FLOAT" -> ", but got a number";
            case "VALUE_TRUE", "VALUE_FALSE" -> ", but got a boolean";
            case "VALUE_NULL" -> ", but got null";
            case "START_ARRAY" -> ", but got an array";
            case "START_OBJECT" -> ", but got an object";
            default -> "";
          };
    };
  }

  /** The token that the mapper names in its own message; the parser has moved on or is closed. */
  private static String token(String message) {
    Matcher named = TOKEN.matcher(message);
    if (!named.find()) {
      return "";
    }
    return named.group(1) == null ? "VALUE_STRING" : named.group(1);
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** The path in the API's form: {@code input[0].content[1].text}. */
  private static String param(JacksonException failure) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : failure.getPath()) {
      if (step.getPropertyName() != null) {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
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

  private static String shown(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
