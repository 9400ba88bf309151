package antiphon.core.tool;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.tool.CitationFilter.Said;
import antiphon.protocol.content.Annotation;
import antiphon.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However a text is cut into pieces, the same comes of it. */
final class CitationFilterTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Cats sleep 【f1】. | Cats sleep. | f1:0-10",
        "Cats sleep.【f1】 Ships sail. 【f2】 | Cats sleep. Ships sail. | f1:0-11 f2:12-23",
        "Both 【f1, f2】 and 【f1†cats.md】 | Both and | f1:0-4 f2:0-4 f1:0-8",
        "Unknown 【f99】 goes | Unknown goes |",
        "Text 【like this】 stays | Text 【like this】 stays |",
        "Half 【f1 | Half |",
        "Double 【【f1】 | Double 【 | f1:0-8",
        "𝒞 counts one 【f2】 | 𝒞 counts one | f2:0-12",
        "First.~Second 【f1】 | First.~Second | f1:7-13",
        "Plain text | Plain text |",
      })
  void marksBecomeAnnotations(String said, String text, String notes) {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      CitationFilter filter = filter();
      StringBuilder written = new StringBuilder();
      List<String> annotations = new ArrayList<>();
      String whole = said.replace('~', '\n');
      int at = 0;
      while (at < whole.length()) {
        int end = Math.min(whole.length(), at + 1 + random.nextInt(4));
        gather(filter.take(whole.substring(at, end), List.of()), written, annotations);
        at = end;
      }
      gather(filter.finish(), written, annotations);
      assertThat(written.toString().strip()).as("seed %s", seed).isEqualTo(text.replace('~', '\n'));
      assertThat(String.join(" ", annotations)).isEqualTo(notes == null ? "" : notes);
    }
  }

  @Test
  void whatIsNoMarkIsNotHeldBackForEver() {
    CitationFilter filter = filter();
    StringBuilder written = new StringBuilder();
    gather(filter.take("【" + "x".repeat(1000), List.of()), written, new ArrayList<>());
    assertThat(written).hasSizeGreaterThan(900);
  }

  private static CitationFilter filter() {
    return new CitationFilter(mark ->
        mark.equals("f1") || mark.equals("f2")
            ? Optional.of((start, end) ->
                new Annotation(
                    "file_citation", Map.of("at", Json.toTree(mark + ":" + start + "-" + end))))
            : Optional.empty());
  }

  private static void gather(List<Said> said, StringBuilder text, List<String> annotations) {
    for (Said one : said) {
      switch (one) {
        case Said.Text(String more, var _) -> text.append(more);
        case Said.Note(Annotation note) ->
            annotations.add(String.valueOf(note.extra().get("at")).replace("\"", ""));
      }
    }
  }
}
