package antiphon.engines.embedded.grammar;

import static antiphon.engines.embedded.grammar.Walk.accepts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class JsonSchemaGrammarTest {

  private static JsonNode json(String text) {
    return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static Grammar grammar(String schema) throws UnsupportedSchemaException {
    return JsonSchemaGrammar.compile(json(schema), true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'type':'boolean'}                              | true          | 1
          {'type':'null'}                                 | null          | 0
          {'type':'integer'}                              | -120          | 1.5
          {'type':'number'}                               | -1.5e10       | .5
          {'type':'string'}                               | "a\\u00e9\\n" | "a
          {'type':['string','null']}                      | null          | 1
          {'enum':['a',1]}                                | "a"           | "b"
          {'const':{'a':1}}                               | {"a":1}       | {"a":2}
          {'type':'string','maxLength':2}                 | "éé"          | "abc"
          {'type':'string','minLength':2}                 | "ab"          | "a"
          {'type':'string','pattern':'^a+$'}              | "aa"          | "ab"
          {'type':'string','format':'date'}               | "2024-02-28"  | "2024-02-30"
          {'type':'string','format':'note'}               | "anything"    | 1
          {'type':'array','items':{'type':'integer'}}     | [1, 2]        | ["a"]
          {'type':'array','maxItems':1}                   | [1]           | [1,2]
          {'type':'array','minItems':1}                   | [1]           | []
          {'type':'array','prefixItems':[{'const':1}]}    | [1]           | [2]
          {'type':'object'}                               | {"x": [1,{}]} | []
          {'type':'object','additionalProperties':false}  | {}            | {"a":1}
          {'anyOf':[{'const':1},{'type':'null'}]}         | null          | 2
          {'allOf':[{'type':'integer'},{'minimum':3}]}    | 3             | 2
          {'$ref':'#/$defs/a','$defs':{'a':{'const':1}}}  | 1             | 2
          {'minimum':3,'maximum':12,'type':'integer'}     | 12            | 13
          {'exclusiveMinimum':0,'type':'integer'}         | 1             | 0
          {'minimum':-5,'maximum':-2,'type':'integer'}    | -5            | -6
          {'minimum':0.2,'maximum':0.8,'type':'number'}   | 0.25          | 0.81
          {'minimum':0,'maximum':1,'type':'number'}       | 0.999         | 1.1
          {'multipleOf':0.01,'type':'number'}             | 3.14          | 3.141
          true                                            | {"a":null}    | nul
          """)
  void aSchemaHasItsValuesAndNoOthers(String schema, String valid, String invalid)
      throws UnsupportedSchemaException {
    Grammar grammar = grammar(schema);

    assertThat(accepts(grammar, valid)).as(valid).isTrue();
    assertThat(accepts(grammar, invalid)).as(invalid).isFalse();
  }

  @Test
  void propertiesComeInOrderAndTheOptionalOnesMayBeLeftOut() throws UnsupportedSchemaException {
    Grammar grammar =
        grammar(
            "{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'integer'},"
                + "'c':{'type':'integer'}},'required':['b'],'additionalProperties':false}");

    assertThat(accepts(grammar, "{\"a\": 1, \"b\": 2, \"c\": 3}")).isTrue();
    assertThat(accepts(grammar, "{\n  \"b\": 2\n}")).isTrue();
    assertThat(accepts(grammar, "{\"b\":2,\"c\":3}")).isTrue();
    assertThat(accepts(grammar, "{\"a\":1}")).isFalse();
    assertThat(accepts(grammar, "{\"a\":1,}")).isFalse();
    assertThat(accepts(grammar, "{,\"b\":1}")).isFalse();
    assertThat(accepts(grammar, "{\"b\":2,\"d\":3}")).isFalse();
  }

  @Test
  void furtherPropertiesDoNotBearTheNamesOfTheKnownOnes() throws UnsupportedSchemaException {
    Grammar grammar =
        grammar(
            "{'type':'object','properties':{'ab':{'type':'integer'}},"
                + "'additionalProperties':{'type':'boolean'}}");

    assertThat(accepts(grammar, "{\"ab\":1,\"a\":true,\"abc\":false,\"\":true}")).isTrue();
    assertThat(accepts(grammar, "{\"ab\":true}")).isFalse();
  }

  @Test
  void aSchemaMayContainItself() throws UnsupportedSchemaException {
    Grammar grammar =
        grammar(
            "{'type':'object','properties':{'next':{'anyOf':[{'$ref':'#'},{'type':'null'}]}},"
                + "'required':['next'],'additionalProperties':false}");

    assertThat(accepts(grammar, "{\"next\":{\"next\":{\"next\":null}}}")).isTrue();
    assertThat(accepts(grammar, "{\"next\":{}}")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'$ref':'#'}",
        "{'$ref':'#/no'}",
        "{'$ref':'http://example.org/x'}",
        "{'anyOf':[{'$ref':'#'},{'$ref':'#'}]}",
        "{'type':'object','anyOf':[{'$ref':'#'},{'$ref':'#'}]}",
        "{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']}",
        "{'not':{'type':'null'}}",
        "{'type':'array','uniqueItems':true}",
        "{'type':'string','pattern':'(?=a)b'}",
        "{'type':'string','pattern':'(a'}",
        "{'type':'string','pattern':'(a*)*'}",
        "{'type':'string','pattern':'a{5000000}'}",
        "{'type':'wrong'}",
        "{'type':7}",
        "{'enum':[]}",
        "{'minimum':3,'maximum':2,'type':'integer'}",
        "{'minLength':3,'maxLength':2,'type':'string'}",
        "{'minItems':-1,'type':'array'}",
        "{'allOf':[{'type':'integer'},{'type':'string'}]}",
        "false",
        "3",
        "[]"
      })
  void whatCannotBeFollowedIsRefused(String schema) {
    assertThatThrownBy(() -> grammar(schema))
        .isInstanceOf(UnsupportedSchemaException.class)
        .message()
        .isNotBlank();
  }

  @Test
  void deepAndLargeSchemasAreRefused() {
    String deep = "{'type':'array','items':".repeat(120) + "true" + "}".repeat(120);

    assertThatThrownBy(() -> grammar(deep)).isInstanceOf(UnsupportedSchemaException.class);
  }

  @Test
  void leniencyPassesOverWhatCannotBeEnforced() throws UnsupportedSchemaException {
    JsonNode schema =
        json("{'type':'string','pattern':'(?=a)b','not':{'const':'x'},'multipleOf':7}");

    assertThat(accepts(JsonSchemaGrammar.compile(schema, false), "\"b\"")).isTrue();
  }

  @Test
  void aToolCallNamesAToolAndItsArguments() throws UnsupportedSchemaException {
    Grammar grammar =
        JsonSchemaGrammar.toolCall(
            Map.of("add", json("{'type':'object','properties':{'n':{'type':'integer'}}}")),
            "<call>",
            "</call>");

    assertThat(accepts(grammar, "<call>\n{\"name\": \"add\", \"arguments\": {\"n\": 1}}\n</call>"))
        .isTrue();
    assertThat(accepts(grammar, "<call>{\"name\":\"sub\",\"arguments\":{}}</call>")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyTextOfARandomSchemaSatisfiesIt(long seed) throws UnsupportedSchemaException {
    SplittableRandom random = new SplittableRandom(seed);
    int ended = 0;
    for (int round = 0; round < 60; round++) {
      JsonNode schema = new RandomSchema(random).sensible(3);
      Optional<String> text = Walk.random(JsonSchemaGrammar.compile(schema, true), random, 600);
      if (text.isPresent()) {
        ended++;
        JsonNode value = Json.tree(text.get().getBytes(StandardCharsets.UTF_8));
        assertThat(new Validator(schema).valid(value))
            .as("seed %d, schema %s, text %s", seed, schema, text.get())
            .isTrue();
      }
    }
    assertThat(ended).isGreaterThan(40);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void wildSchemasCompileOrAreRefusedButNeverBreakAnything(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int compiled = 0;
    for (int round = 0; round < 300; round++) {
      JsonNode schema = new RandomSchema(random).wild(3);
      try {
        Walk.random(JsonSchemaGrammar.compile(schema, random.nextBoolean()), random, 100);
        compiled++;
      } catch (UnsupportedSchemaException e) {
        assertThat(e).as("seed %d, schema %s", seed, schema).message().isNotBlank();
      } catch (InvalidJson e) {
        throw new AssertionError("seed " + seed + ", schema " + schema, e);
      }
    }
    assertThat(compiled).isBetween(30, 290);
  }
}
