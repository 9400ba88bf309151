package antiphon.engines.embedded.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.engines.embedded.TestModel;
import antiphon.engines.embedded.llama.LlamaModel;
import antiphon.engines.embedded.llama.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

final class GrammarConstraintTest {

  private static final byte[] NOTHING = {};

  private final LlamaModel model = TestModel.model();
  private final Vocabulary vocabulary = model.vocabulary();
  private final TokenIndex index = new TokenIndex(vocabulary);

  private int token(String text) {
    var tokens = model.tokenize(text);
    assertThat(tokens.size()).as(text).isEqualTo(1);
    return tokens.get(0);
  }

  @Test
  void askingOneByOneAndAllAtOnceGiveTheSame() throws UnsupportedSchemaException {
    GrammarConstraint constraint =
        new GrammarConstraint(Json.OBJECT, index, "{\"a\": \"b".getBytes(StandardCharsets.UTF_8));
    BitSet allowed = constraint.allowed();

    for (int token = 0; token < vocabulary.size(); token++) {
      assertThat(constraint.allows(token)).as("token %d", token).isEqualTo(allowed.get(token));
    }
    assertThat(allowed.cardinality()).isBetween(10_000, vocabulary.size() - 1);
  }

  @Test
  void theTurnMayEndOnlyWhenTheTextIsWhole() throws UnsupportedSchemaException {
    GrammarConstraint constraint = new GrammarConstraint(Json.BOOLEAN, index, NOTHING);
    int end = vocabulary.eos();

    assertThat(constraint.allows(end)).isFalse();
    assertThat(constraint.allows(token("the"))).isFalse();
    assertThat(constraint.allows(token("true"))).isTrue();
    constraint.accept(token("true"));
    assertThat(constraint.finished()).isTrue();
    assertThat(constraint.allows(end)).isTrue();
    assertThat(constraint.allowed().cardinality()).isPositive();
  }

  @Test
  void controlTokensAreNeverPartOfAText() throws UnsupportedSchemaException {
    GrammarConstraint constraint = new GrammarConstraint(Json.STRING, index, new byte[] {'"'});

    assertThat(constraint.allows(vocabulary.bos())).isFalse();
  }

  @Test
  void aTextToGoOnWithMustFit() {
    assertThatThrownBy(() -> new GrammarConstraint(Json.OBJECT, index, new byte[] {'['}))
        .isInstanceOf(UnsupportedSchemaException.class);
  }

  @Test
  void aTriggerLeavesTheTextFreeUntilTheMark() throws UnsupportedSchemaException {
    TriggeredConstraint constraint = new TriggeredConstraint("<go>", Json.BOOLEAN, index, false);
    write(constraint, "Free text <g");
    write(constraint, "a> <go");
    assertThat(constraint.allows(token("the"))).isTrue();
    write(constraint, ">");

    assertThat(constraint.allows(token("the"))).isFalse();
    assertThat(constraint.allows(vocabulary.eos())).isFalse();
    write(constraint, "true");
    assertThat(constraint.allows(token("the"))).isTrue();
    assertThat(constraint.finished()).isFalse();
  }

  @Test
  void aTriggerThatCountsOnceEndsTheText() {
    TriggeredConstraint constraint = new TriggeredConstraint("<go>", Json.BOOLEAN, index, true);

    write(constraint, "<go>false");

    assertThat(constraint.finished()).isTrue();
  }

  private void write(TriggeredConstraint constraint, String text) {
    for (int token : model.tokenize(text).toArray()) {
      constraint.accept(token);
    }
  }
}
