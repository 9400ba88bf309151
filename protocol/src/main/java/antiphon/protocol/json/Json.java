package antiphon.protocol.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads and writes the wire format. One mapper for all of it: snake_case names, absent instead of
 * null, no conversion between numbers, strings and booleans.
 */
public final class Json {

  /** Deeper nesting is refused; no real request comes near it. */
  public static final int MAX_DEPTH = 128;

  /** So many values, names aside, may a body have that a stranger sent. */
  public static final int MAX_VALUES = 500_000;

  /** So many entries may a list have that is a field of the body itself. */
  public static final int MAX_ENTRIES = 10_000;

  private static final int MAX_STRING = 64 * 1024 * 1024;
  private static final JsonFactory FACTORY =
      factory().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** For counting: a name that is there twice is found when the values are read. */
  private static final JsonMapper COUNTING = JsonMapper.builder(factory().build()).build();

  private static final JsonMapper MAPPER = build();
  private static final ObjectReader TREES = MAPPER.reader();
  private static final ObjectReader LENIENT = MAPPER.reader().withAttribute(Lenient.class, true);

  private Json() {}

  private static JsonFactoryBuilder factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxStringLength(MAX_STRING)
                .build())
        // JSON is UTF-8; a guess at UTF-16 would let in what the check of UTF-8 keeps out.
        .disable(TokenStreamFactory.Feature.CHARSET_DETECTION);
  }

  private static JsonMapper build() {
    JsonMapper.Builder builder =
        JsonMapper.builder(FACTORY)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(_ ->
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            // Null is the same as nothing for fields of any form too; else it would be a node.
            .withConfigOverride(
                JsonNode.class,
                form -> form.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.SKIP)))
            .withConfigOverride(
                List.class,
                list -> list.setNullHandling(JsonSetter.Value.forContentNulls(Nulls.FAIL)))
            .nodeFactory(new FiniteNumber.Nodes())
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .addModule(new WireModule());
    for (CoercionInputShape shape :
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
      builder.withCoercionConfig(
          LogicalType.Textual, config -> config.setCoercion(shape, CoercionAction.Fail));
    }
    builder.withCoercionConfig(
        LogicalType.Enum,
        config ->
            config
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail));
    return builder.build();
  }

  /** The mapper itself, for streaming work that these methods do not cover. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /** A value as UTF-8 JSON on one line. */
  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /** A value as JSON on one line. */
  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * Reads a value.
   *
   * @throws InvalidJson if it is no JSON, or not this kind of value; nothing else is thrown
   */
  public static <T> T read(byte[] json, Class<T> type) {
    ObjectReader reader = MAPPER.readerFor(type);
    return parsed(checked(json), reader::<T>readValue);
  }

  /** Reads a generic value, see {@link #read(byte[], Class)}. */
  public static <T> T read(byte[] json, TypeReference<T> type) {
    ObjectReader reader = MAPPER.readerFor(type);
    return parsed(checked(json), reader::<T>readValue);
  }

  /**
   * What strangers send is looked through before anything is made of it; first for what it has too
   * much of, which is often seen at its beginning.
   */
  private static byte[] checked(byte[] json) {
    if (json.length >= Counts.FROM) {
      int begin = Utf8.begin(json);
      try (JsonParser parser = COUNTING.createParser(json, begin, json.length - begin)) {
        Counts.check(parser);
      } catch (JacksonException _) {
        // It is no JSON, or no UTF-8: what comes next says which.
      }
    }
    Utf8.check(json);
    return json;
  }

  private static <T> T parsed(byte[] json, Function<JsonParser, T> reading) {
    int begin = Utf8.begin(json);
    try (JsonParser parser = MAPPER.createParser(json, begin, json.length - begin)) {
      try {
        return required(reading.apply(parser));
      } catch (JacksonException e) {
        throw Failures.of(e, parser.currentLocation());
      }
    }
  }

  /**
   * Reads what this server or an engine wrote: kinds of items, parts and events that this version
   * does not know are kept as they are instead of being refused.
   */
  public static <T> T readStored(byte[] json, Class<T> type) {
    ObjectReader reader = LENIENT.forType(type);
    return parsed(json, reader::<T>readValue);
  }

  /** Reads a generic value, see {@link #readStored(byte[], Class)}. */
  public static <T> T readStored(byte[] json, TypeReference<T> type) {
    ObjectReader reader = LENIENT.forType(type);
    return parsed(json, reader::<T>readValue);
  }

  static boolean lenient(DeserializationContext context) {
    return context.getAttribute(Lenient.class) != null;
  }

  /** The name of the attribute that tells readers to keep what they do not know. */
  private static final class Lenient {}

  /** Reads any JSON, see {@link #read(byte[], Class)}. */
  public static JsonNode tree(byte[] json) {
    return parsed(checked(json), Json::anything);
  }

  private static JsonNode anything(JsonParser parser) {
    JsonNode tree = TREES.readTree(parser);
    if (tree == null || tree.isMissingNode()) {
      throw Failures.empty();
    }
    return tree;
  }

  /** Reads a value from JSON that has been read already, see {@link #read(byte[], Class)}. */
  public static <T> T convert(JsonNode node, Class<T> type) {
    try {
      return required(MAPPER.treeToValue(node, type));
    } catch (JacksonException e) {
      throw Failures.of(e);
    }
  }

  /** Converts what this server or an engine wrote, see {@link #readStored(byte[], Class)}. */
  public static <T> T convertStored(JsonNode node, Class<T> type) {
    try {
      return required(LENIENT.forType(type).readValue(node));
    } catch (JacksonException e) {
      throw Failures.of(e);
    }
  }

  /** A value as a tree. */
  public static JsonNode toTree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /**
   * A text field of an object, without reading the rest.
   *
   * @throws InvalidJson if there is no such field
   */
  public static String field(byte[] json, String name) {
    try (JsonParser parser = MAPPER.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean wanted = name.equals(parser.currentName());
        parser.nextToken();
        if (wanted) {
          return parser.getString();
        }
        parser.skipChildren();
      }
    } catch (JacksonException e) {
      throw Failures.of(e);
    }
    throw new InvalidJson.Field(name, "Missing required parameter: '" + name + "'.");
  }

  private static <T> T required(T value) {
    if (value == null) {
      throw new InvalidJson.Field("", "The body must not be null.");
    }
    return value;
  }
}
