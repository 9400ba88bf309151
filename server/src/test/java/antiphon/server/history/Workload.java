package antiphon.server.history;

import antiphon.server.history.Observation.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What clients do, each on random nodes, and what they are told. */
final class Workload {

  private static final JsonMapper JSON = new JsonMapper();

  private static final long PATIENCE_FOR_A_FIRST_EVENT = Duration.ofSeconds(1).toNanos();

  private final Client client;
  private final List<String> nodes;
  private final ConcurrentLinkedQueue<Observation> history = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
  private final AtomicLong keys = new AtomicLong();
  private final AtomicInteger serverErrors = new AtomicInteger();

  /**
   * @param nodes their base URLs
   */
  Workload(Client client, List<String> nodes) {
    this.client = client;
    this.nodes = nodes;
  }

  List<Observation> history() {
    return List.copyOf(history);
  }

  /** Every acknowledged response, and how many words it is to have. */
  Map<String, Integer> acknowledged() {
    return Map.copyOf(acknowledged);
  }

  /** How many answers said 500. */
  int serverErrors() {
    return serverErrors.get();
  }

  /** Goes on until the time is over. */
  void run(RandomGenerator random, long until) throws InterruptedException {
    while (System.nanoTime() < until) {
      switch (random.nextInt(10)) {
        case 0 -> foreground(random);
        case 1 -> streamedForeground(random);
        case 2 -> {
          List<String> known = List.copyOf(acknowledged.keySet());
          if (!known.isEmpty()) {
            look(known.get(random.nextInt(known.size())), random);
          }
        }
        default -> background(random, until);
      }
    }
  }

  /** This one is to end, with so many words at most. */
  void acknowledge(String id, int words) {
    acknowledged.put(id, words);
  }

  /** A client was told this. */
  void saw(Observation observation) {
    history.add(observation);
  }

  /** Which response was answered. */
  static String id(Client.Answer answer) {
    return JSON.readTree(answer.body()).path("id").asString();
  }

  /** A node that does not answer is not asked again at once. */
  void rest(RandomGenerator random) throws InterruptedException {
    Thread.sleep(random.nextInt(5, 50));
  }

  String node(RandomGenerator random) {
    return nodes.get(random.nextInt(nodes.size()));
  }

  /** One after the other, and again from the first. */
  String node(int turn) {
    return nodes.get(turn % nodes.size());
  }

  private static int words(RandomGenerator random) {
    return random.nextInt(10) == 0 ? 300 : 1 + random.nextInt(60);
  }

  static String body(int words, String more) {
    return "{\"model\":\"auto\",\"input\":\"count\",\"max_output_tokens\":" + words + more + "}";
  }

  private void background(RandomGenerator random, long until) throws InterruptedException {
    int words = Math.max(16, words(random));
    String key = "key-" + keys.incrementAndGet();
    String body = body(words, ",\"background\":true");
    Optional<String> made = Optional.empty();
    while (made.isEmpty() && System.nanoTime() < until) {
      made = call(Call.CREATE_BACKGROUND, node(random) + "/responses", body, key);
      if (made.isEmpty()) {
        rest(random);
      }
    }
    if (made.isEmpty()) {
      return;
    }
    String id = made.get();
    acknowledged.put(id, words);
    history.add(new Observation.Keyed(id, key));
    if (random.nextInt(4) == 0) {
      call(Call.CREATE_BACKGROUND, node(random) + "/responses", body, key)
          .ifPresent(again -> history.add(new Observation.Keyed(again, key)));
    }
    switch (random.nextInt(3)) {
      case 0 -> follow(id, random, until);
      case 1 -> {
        follow(id, random, System.nanoTime() + random.nextLong(400_000_000L));
        cancel(id, random, until);
      }
      default -> {
        for (int i = 0; i < 5; i++) {
          look(id, random);
        }
      }
    }
  }

  private void foreground(RandomGenerator random) throws InterruptedException {
    int words = Math.max(16, words(random));
    Optional<String> made = call(Call.CREATE, node(random) + "/responses", body(words, ""), null);
    if (made.isEmpty()) {
      rest(random);
      return;
    }
    acknowledged.put(made.get(), words);
  }

  private void streamedForeground(RandomGenerator random) throws InterruptedException {
    int words = Math.max(16, words(random));
    List<String> events = new ArrayList<>();
    client.streamOf(
        node(random) + "/responses",
        body(words, ",\"stream\":true"),
        Duration.ofMillis(100 + random.nextInt(5000)),
        events::add);
    if (!events.isEmpty() && ended(events.getLast())) {
      JsonNode last = JSON.readTree(events.getLast()).path("response");
      String id = last.path("id").asString();
      acknowledged.put(id, words);
      if (!last.path("status").asString().equals("failed")) {
        history.add(new Observation.Streamed(id, -1, events));
      }
    }
  }

  /** Reads a stream in pieces, from one node and then another. */
  private void follow(String id, RandomGenerator random, long until) throws InterruptedException {
    List<String> events = new ArrayList<>();
    long first = random.nextInt(3) == 0 ? random.nextInt(4) : -1;
    long start = System.nanoTime();
    while (System.nanoTime() < until && (events.isEmpty() || !ended(events.getLast()))) {
      long after = first + events.size();
      if (events.isEmpty() && System.nanoTime() - start > PATIENCE_FOR_A_FIRST_EVENT) {
        rest(random);
      }
      int atMost = 1 + random.nextInt(60);
      int before = events.size();
      client.stream(
          node(random) + "/responses/" + id + "?stream=true&starting_after=" + after,
          Duration.ofMillis(200 + random.nextInt(3000)),
          event -> !brokeOff(event) && events.add(event) && events.size() - before < atMost);
    }
    history.add(new Observation.Streamed(id, first, events));
    if (!events.isEmpty() && ended(events.getLast())) {
      history.add(
          new Observation.Saw(
              id, Call.EVENT, start, System.nanoTime(), response(events.getLast())));
      look(id, random);
      look(id, random);
    }
  }

  /** The response inside a terminal event, byte for byte. */
  private static String response(String event) {
    String field = "\"response\":";
    return event.substring(event.indexOf(field) + field.length(), event.length() - 1);
  }

  /**
   * The server says that it cannot go on; that is no event of the log, and has another's number.
   */
  private static boolean brokeOff(String event) {
    return event.startsWith("{\"type\":\"error\"");
  }

  static boolean ended(String event) {
    return event.contains("\"type\":\"response.completed\"")
        || event.contains("\"type\":\"response.cancelled\"")
        || event.contains("\"type\":\"response.failed\"")
        || event.contains("\"type\":\"response.incomplete\"");
  }

  private void cancel(String id, RandomGenerator random, long until) throws InterruptedException {
    boolean answered = false;
    while (!answered && System.nanoTime() < until) {
      answered =
          call(Call.CANCEL, node(random) + "/responses/" + id + "/cancel", null, null).isPresent();
      if (!answered) {
        rest(random);
      }
    }
    look(id, random);
    look(id, random);
  }

  private void look(String id, RandomGenerator random) throws InterruptedException {
    long start = System.nanoTime();
    Optional<Client.Answer> answer = client.get(node(random) + "/responses/" + id);
    answer.ifPresent(got -> saw(Call.GET, start, id, got));
  }

  /** Which response was answered, if one was. */
  private Optional<String> call(Call call, String url, @Nullable String body, @Nullable String key)
      throws InterruptedException {
    long start = System.nanoTime();
    Optional<Client.Answer> answer = client.post(url, body, key);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    Client.Answer got = answer.get();
    if (got.status() != 200) {
      count(got);
      return Optional.empty();
    }
    String id = id(got);
    saw(call, start, id, got);
    return Optional.of(id);
  }

  private void saw(Call call, long start, String id, Client.Answer got) {
    switch (got.status()) {
      case 200 -> history.add(new Observation.Saw(id, call, start, System.nanoTime(), got.body()));
      case 404 -> history.add(new Observation.Missing(id, start));
      default -> count(got);
    }
  }

  private void count(Client.Answer got) {
    if (got.status() == 500) {
      serverErrors.incrementAndGet();
    }
  }
}
