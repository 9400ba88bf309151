package antiphon.engines.embedded.chat;

import java.beans.FeatureDescriptor;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/** The methods of Python's strings and dictionaries that chat templates call. */
final class PythonMethods extends ELResolver {

  @Override
  public @Nullable Object invoke(
      ELContext context,
      @Nullable Object base,
      Object method,
      Class<?> @Nullable [] types,
      @Nullable Object[] given) {
    List<@Nullable Object> arguments = given == null ? List.of() : Arrays.asList(given);
    Object result =
        switch (base) {
          case Map<?, ?> map -> onMap(map, method.toString(), arguments);
          case String text -> onString(text, method.toString(), arguments);
          case null, default -> null;
        };
    if (result == null) {
      return null;
    }
    context.setPropertyResolved(true);
    return result;
  }

  private static @Nullable Object onMap(
      Map<?, ?> map, String method, List<@Nullable Object> arguments) {
    if (!method.equals("get") || arguments.size() != 2) {
      return null;
    }
    Object value = map.get(String.valueOf(arguments.getFirst()));
    return value == null ? Objects.requireNonNullElse(arguments.get(1), "") : value;
  }

  private static @Nullable Object onString(
      String text, String method, List<@Nullable Object> arguments) {
    String first = arguments.isEmpty() ? null : String.valueOf(arguments.getFirst());
    return switch (method) {
      case "strip" -> stripEnd(stripStart(text, first), first);
      case "lstrip" -> stripStart(text, first);
      case "rstrip" -> stripEnd(text, first);
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "title", "capitalize" -> capitalized(text);
      case "startswith" -> text.startsWith(String.valueOf(first));
      case "endswith" -> text.endsWith(String.valueOf(first));
      case "find" -> (long) text.indexOf(String.valueOf(first));
      case "count" -> (long) text.split(Pattern.quote(String.valueOf(first)), -1).length - 1;
      case "split" -> split(text, first);
      case "splitlines" -> text.lines().toList();
      case "replace" ->
          arguments.size() < 2
              ? null
              : text.replace(String.valueOf(first), String.valueOf(arguments.get(1)));
      case "join" -> arguments.getFirst() instanceof Iterable<?> parts ? join(text, parts) : null;
      default -> null;
    };
  }

  private static String join(String separator, Iterable<?> parts) {
    StringBuilder joined = new StringBuilder();
    String before = "";
    for (Object part : parts) {
      joined.append(before).append(part);
      before = separator;
    }
    return joined.toString();
  }

  private static List<String> split(String text, @Nullable String separator) {
    return separator == null
        ? List.of(text.strip().split("\\s+", -1))
        : List.of(text.split(Pattern.quote(separator), -1));
  }

  private static String capitalized(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT)
            + text.substring(1).toLowerCase(Locale.ROOT);
  }

  private static String stripStart(String text, @Nullable String letters) {
    if (letters == null) {
      return text.stripLeading();
    }
    int from = 0;
    while (from < text.length() && letters.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    return text.substring(from);
  }

  private static String stripEnd(String text, @Nullable String letters) {
    if (letters == null) {
      return text.stripTrailing();
    }
    int to = text.length();
    while (to > 0 && letters.indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return text.substring(0, to);
  }

  @Override
  public @Nullable Object getValue(
      ELContext context, @Nullable Object base, @Nullable Object property) {
    return null;
  }

  @Override
  public Class<?> getType(ELContext context, @Nullable Object base, @Nullable Object property) {
    return Object.class;
  }

  @Override
  public void setValue(
      ELContext context, @Nullable Object base, @Nullable Object property, @Nullable Object value) {
    throw new UnsupportedOperationException("A template changes nothing.");
  }

  @Override
  public boolean isReadOnly(ELContext context, @Nullable Object base, @Nullable Object property) {
    return true;
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, @Nullable Object base) {
    return Object.class;
  }

  @Override
  public Iterator<FeatureDescriptor> getFeatureDescriptors(
      ELContext context, @Nullable Object base) {
    return Collections.emptyIterator();
  }
}
