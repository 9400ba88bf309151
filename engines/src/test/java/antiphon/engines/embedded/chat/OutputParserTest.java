package antiphon.engines.embedded.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OutputParserTest {

  private static final Set<String> TOOLS = Set.of("add", "now");

  /** What is understood, the same kinds joined: {@code W:words T:thought C:name A:arguments .}. */
  private static String understood(List<String> deltas, boolean bareCalls, boolean thinking) {
    OutputParser parser = new OutputParser(TOOLS, bareCalls, thinking, false);
    List<Said> said = new ArrayList<>();
    deltas.forEach(delta -> said.addAll(parser.add(delta, List.of())));
    said.addAll(parser.finish());
    StringBuilder text = new StringBuilder();
    char kind = 0;
    for (Said one : said) {
      String part =
          switch (one) {
            case Said.Words words -> "W" + words.text();
            case Said.Thought(String thought) -> "T" + thought;
            case Said.CallBegins(String name) -> "C" + name;
            case Said.CallArguments(String arguments) -> "A" + arguments;
            case Said.CallEnds _ -> ".";
          };
      boolean same = part.charAt(0) == kind && kind != '.' && kind != 'C';
      kind = part.charAt(0);
      text.append(
          same ? part.substring(1) : (kind == '.' ? "." : " " + kind + ":" + part.substring(1)));
    }
    return text.toString().strip();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Hello                                                                      | W:Hello
          a < b <tool b                                                              | W:a < b <tool b
          <tool_call>{"name":"add","arguments":{"a":1}}</tool_call>                  | C:add A:{"a":1}.
          <tool_call> {"name": "now", "arguments": {} } </tool_call>                 | C:now A:{}.
          Well. <tool_call>{"name":"now","parameters":{}}</tool_call>                | W:Well. C:now A:{}.
          <tool_call>{"arguments":{"a":2},"name":"add"}</tool_call>                  | C:add A:{"a":2}.
          <tool_call>{"name":"add","arguments":"}{"}</tool_call>                     | C:add A:"}{".
          <tool_call>{"name":"add","arguments":{"s":"}\\"<"}}</tool_call> end        | C:add A:{"s":"}\\"<"}. W:end
          <tool_call>{"name":"now","arguments":{}}</tool_call><tool_call>{"name":"add","arguments":{}}</tool_call> | C:now A:{}. C:add A:{}.
          <tool_call>{"name":"now","arguments":{}}                                   | C:now A:{}.
          <tool_call>{"name":"now","arguments":{"a":                                 | C:now A:{"a":.
          <tool_call>{"name":"no","arguments":{}}</tool_call>                        | W:<tool_call>{"name":"no","arguments":{}}</tool_call>
          <tool_call>nonsense</tool_call>                                            | W:<tool_call>nonsense</tool_call>
          <think>I see.</think> So it is                                             | T:I see. W:So it is
          <think>never ends                                                          | T:never ends
          <think>a</think><tool_call>{"name":"now","arguments":{}}</tool_call>       | T:a C:now A:{}.
          """)
  void aTextIsUnderstoodHoweverItIsCut(String text, String expected) {
    assertThat(understood(List.of(text), false, false)).isEqualTo(expected);
    assertThat(understood(text.codePoints().mapToObj(Character::toString).toList(), false, false))
        .isEqualTo(expected);
    for (int cut = 1; cut < text.length(); cut++) {
      assertThat(understood(List.of(text.substring(0, cut), text.substring(cut)), false, false))
          .as("cut at %d", cut)
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"name\": \"add\", \"parameters\": {\"a\": 1}}"})
  void aBareObjectMayBeACall(String text) {
    assertThat(understood(List.of(text), true, false)).isEqualTo("C:add A:{\"a\": 1}.");
    assertThat(understood(List.of(text), false, false)).startsWith("W:");
  }

  @Test
  void aBareObjectThatIsNoCallIsWords() {
    assertThat(understood(List.of("{\"na", "me\": 1} and more"), true, false))
        .isEqualTo("W:{\"name\": 1} and more");
  }

  @Test
  void argumentsArePassedOnWhileTheyCome() {
    OutputParser parser = new OutputParser(TOOLS, false, false, false);
    parser.add("<tool_call>{\"name\":\"add\",\"arguments\":{\"text\":\"", List.of());

    assertThat(parser.add("more", List.of())).containsExactly(new Said.CallArguments("more"));
  }

  @Test
  void withoutToolsNothingIsHeldBack() {
    OutputParser parser = new OutputParser(Set.of(), true, false, false);
    parser.add("x", List.of());

    assertThat(parser.add("<tool_call>", List.of()))
        .containsExactly(new Said.Words("<tool_call>", List.of()));
  }

  @Test
  void aThoughtThatThePromptHasBegunGoesOn() {
    assertThat(understood(List.of("hm</think>", "\n\nYes"), false, true)).isEqualTo("T:hm W:Yes");
  }
}
