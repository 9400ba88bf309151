package antiphon.server.history;

import antiphon.server.history.Observation.Call;
import antiphon.server.history.Observation.Keyed;
import antiphon.server.history.Observation.Missing;
import antiphon.server.history.Observation.Saw;
import antiphon.server.history.Observation.Streamed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds what clients saw against the promises of docs/guarantees.md. */
final class Checker {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> TERMINAL =
      Set.of("completed", "failed", "incomplete", "cancelled");

  private final List<String> violations = new ArrayList<>();

  private Checker() {}

  /**
   * Checks a history.
   *
   * @return what is wrong, in words; empty if nothing is
   */
  static List<String> check(List<Observation> history, List<Final> finals) {
    Checker checker = new Checker();
    Map<String, List<Observation>> byId = new HashMap<>();
    for (Observation observation : history) {
      byId.computeIfAbsent(observation.id(), _ -> new ArrayList<>()).add(observation);
    }
    checker.keys(history);
    for (Final end : finals) {
      checker.end(end);
      checker.reads(end, byId.getOrDefault(end.id(), List.of()));
      checker.streams(end, byId.getOrDefault(end.id(), List.of()));
    }
    return checker.violations;
  }

  /** Whether nothing that was answered of one response contradicts what was answered before. */
  static boolean agree(List<Saw> answers) {
    for (Saw earlier : answers) {
      boolean over = over(earlier);
      for (Saw later : answers) {
        if (later.start() > earlier.end() && goesBack(earlier, later, over)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean over(Saw saw) {
    return TERMINAL.contains(JSON.readTree(saw.body()).path("status").asString());
  }

  private void violated(String id, String promise, Object details) {
    violations.add(id + ": " + promise + ": " + details);
  }

  private void keys(List<Observation> history) {
    Map<String, String> made = new HashMap<>();
    for (Observation observation : history) {
      if (observation instanceof Keyed(String id, String key)) {
        String other = made.putIfAbsent(key, id);
        if (other != null && !other.equals(id)) {
          violated(id, "one key made two responses", other);
        }
      }
    }
  }

  /** All nodes agree on one terminal response, and its log is whole. */
  private void end(Final end) {
    String body = end.bodies().getFirst();
    if (end.bodies().stream().distinct().count() != 1) {
      violated(end.id(), "nodes disagree", end.bodies());
    }
    JsonNode response = JSON.readTree(body);
    String status = response.path("status").asString();
    if (!TERMINAL.contains(status)) {
      violated(end.id(), "it never ended", status);
      return;
    }
    String text = response.path("output_text").asString("");
    String whole = CountingEngine.text(end.words());
    boolean right = status.equals("completed") ? text.equals(whole) : whole.startsWith(text);
    if (!right) {
      violated(end.id(), "the text is wrong", text);
    }
    for (int i = 0; i < end.events().size(); i++) {
      if (JSON.readTree(end.events().get(i)).path("sequence_number").asInt(-1) != i) {
        violated(end.id(), "event " + i + " has another number", end.events().get(i));
      }
    }
    if (end.events().isEmpty() || !end.events().getLast().contains(body)) {
      violated(end.id(), "the last event is not the response", end.events());
    }
  }

  /** What was answered is never contradicted by an answer to a later call. */
  private void reads(Final end, List<Observation> observations) {
    List<Saw> reads = new ArrayList<>();
    for (Observation observation : observations) {
      switch (observation) {
        case Saw saw -> reads.add(saw);
        case Missing _ -> violated(end.id(), "an acknowledged response was not found", "");
        case Streamed _, Keyed _ -> {}
      }
    }
    reads.sort(Comparator.comparingLong(Saw::end));
    String last = end.bodies().getFirst();
    for (Saw saw : reads) {
      boolean over = over(saw);
      if (over && !saw.body().equals(last)) {
        violated(end.id(), "it ended twice: " + saw.call() + " said", saw.body() + " and " + last);
      }
      if (!over
          && (saw.call() == Call.CANCEL || saw.call() == Call.CREATE || saw.call() == Call.EVENT)) {
        violated(end.id(), saw.call() + " answered before the end", saw.body());
      }
      for (Saw later : reads) {
        if (later.start() > saw.end() && goesBack(saw, later, over)) {
          violated(end.id(), "a later read went back", saw.body() + " then " + later.body());
        }
      }
    }
  }

  private static boolean goesBack(Saw earlier, Saw later, boolean over) {
    if (over) {
      return !later.body().equals(earlier.body());
    }
    if (JSON.readTree(earlier.body()).path("background").asBoolean()) {
      return !text(later).startsWith(text(earlier));
    }
    return false;
  }

  private static String text(Saw saw) {
    return JSON.readTree(saw.body()).path("output_text").asString("");
  }

  /**
   * What a reader got, with however many interruptions, is a piece of the log. One that began
   * behind its end has rightly got nothing.
   */
  private void streams(Final end, List<Observation> observations) {
    for (Observation observation : observations) {
      if (observation instanceof Streamed(String id, long after, List<String> events)) {
        int from = Math.toIntExact(after + 1);
        int to = from + events.size();
        boolean beyond = to > end.events().size();
        if (!events.isEmpty() && (beyond || !end.events().subList(from, to).equals(events))) {
          violated(id, "a stream differs from the log", events + " and " + end.events());
        }
      }
    }
  }
}
