package antiphon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tests that are written in Python, with the Python clients.
 *
 * @param module this module's folder
 * @param clients what they need
 * @param addresses of the server, or of several nodes parted by commas
 * @param more for their environment
 */
record PythonTests(Path module, Clients clients, String addresses, Map<String, String> more) {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  PythonTests(Path module, Clients clients, String addresses) {
    this(module, clients, addresses, Map.of());
  }

  /** The same, told one thing more. */
  PythonTests with(String name, String value) {
    Map<String, String> all = new HashMap<>(more);
    all.put(name, value);
    return new PythonTests(module, clients, addresses, all);
  }

  /** Runs files of tests, which must pass. */
  void run(String... files) {
    List<String> command =
        new ArrayList<>(
            List.of(
                clients.pythonCommand().toString(),
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "--maxfail=5"));
    command.addAll(List.of(files));
    Programs.Result result =
        Programs.run(module.resolve("src/test/python"), environment(), LIMIT, command);
    System.out.println(result.output());
    assertThat(result.exit()).as(result.output()).isZero();
  }

  /** What tests in any language are told. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("ANTIPHON_URL", addresses);
    environment.put("ANTIPHON_KEY", RunningServer.KEY);
    environment.put(
        "ANTIPHON_SCHEMA", module.resolve("src/test/resources/contract/schema.json").toString());
    environment.put(
        "ANTIPHON_OPEN_RESPONSES",
        module.resolve("src/test/resources/openresponses/openapi.json").toString());
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    return environment;
  }
}
