package antiphon.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.testkit.store.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What {@code antiphon keys} takes, and what commands say of what they cannot take. */
class KeysCommandTest {

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void keysAreMadeListedAndRevokedInTheDataFolderNamedBehindTheCommand() {
    assertThat(keys("create", "--data", folder.toString(), "--tenant", "acme")).isZero();
    assertThat(out.toString()).startsWith("sk-antiphon-");
    String id = err.toString().split(" ", 2)[0];
    assertThat(keys("list", "--data", folder.toString())).isZero();
    assertThat(out.toString()).contains(id).contains("acme");
    assertThat(keys("revoke", id, "--data", folder.toString())).isZero();
    assertThat(out.toString()).contains(id + " is revoked.");
  }

  @Test
  void theStoreStandsBeforeOrBehindWhatIsToBeDone() throws Exception {
    try (PostgresServer postgres = new PostgresServer(folder.resolve("pg"))) {
      String url = PostgresServer.url(postgres.port(), postgres.database());
      assertThat(keys("create", "--store", url)).as(err.toString()).isZero();
      String id = err.toString().split(" ", 2)[0];
      assertThat(run("keys", "--store", url, "list")).isZero();
      assertThat(out.toString()).contains(id);
      assertThat(keys("revoke", "--store", url, id)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", " acme", "a\u0000b", "a\nb"})
  void aNameThatNoTenantCanHaveIsRefused(String tenant) {
    assertThat(keys("create", "--data", folder.toString(), "--tenant", tenant)).isEqualTo(1);
    assertThat(err.toString()).contains("the tenant must have").hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aKeyMayBeAllowedLess() {
    String where = folder.toString();
    assertThat(
            keys(
                "create",
                "--data",
                where,
                "--scope",
                "responses.read,files.write",
                "--max-tier=flex"))
        .as(err.toString())
        .isZero();
    assertThat(keys("list", "--data", where)).isZero();
    assertThat(out.toString()).contains("may files.write responses.read").contains("up to flex");
    assertThat(keys("create", "--data", where, "--scope", "responses.delete")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no scope 'responses.delete'");
    assertThat(keys("create", "--data", where, "--max-tier", "auto")).isEqualTo(1);
    assertThat(err.toString()).contains("There is no tier 'auto'");
  }

  @Test
  void namesHaveAnEnd() {
    assertThat(keys("create", "--data", folder.toString(), "--tenant", "t".repeat(129)))
        .isEqualTo(1);
    assertThat(keys("create", "--data", folder.toString(), "--label", "l".repeat(257)))
        .isEqualTo(1);
    assertThat(keys("create", "--data", folder.toString(), "--tenant", "t".repeat(128))).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://ann:pa55word@127.0.0.1:1/x",
        "postgresql://127.0.0.1:1/x?user=ann&password=pa55word",
        "postgresql://ann:pa55word/half@127.0.0.1:1/x",
        "postgresql://ann:pa55word",
        "http://ann:pa55word@127.0.0.1:1/x",
      })
  void aPasswordIsNotSaid(String url) {
    assertThat(keys("list", "--store", url)).isEqualTo(1);
    assertThat(run("serve", "--data", folder.toString(), "--store", url, "--engine", "http://x/v1"))
        .isEqualTo(1);
    assertThat(keys("list", "--sttore=" + url)).isEqualTo(2);
    assertThat(out + "" + err).doesNotContain("pa55word").doesNotContain("\tat ");
  }

  @Test
  void theSettingsDoNotSayItEither() throws IOException {
    Path file = folder.resolve("a.yaml");
    Files.writeString(
        file, "server: {port: 'redis://:pa55word@x'}\nstore: {signals: 'redis://:pa55word@x'}\n");
    assertThat(run("config", "check", "--config", file.toString())).isEqualTo(1);
    assertThat(keys("list", "--config", file.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains("server.port")
        .doesNotContain("pa55word")
        .doesNotContain("\tat ");
  }

  @Test
  void aFolderThatCannotBeUsedIsOneLine() throws IOException {
    Path taken = Files.writeString(folder.resolve("taken"), "");
    for (Path impossible : List.of(taken, taken.resolve("below"), Path.of("/proc/none"))) {
      err.getBuffer().setLength(0);
      assertThat(keys("list", "--data", impossible.toString())).isEqualTo(1);
      assertThat(err.toString()).hasLineCount(1).contains(impossible.toString()).contains("--data");
      assertThat(run("serve", "--data", impossible.toString(), "--engine", "http://x/v1"))
          .isEqualTo(1);
      assertThat(err.toString()).hasLineCount(2).doesNotContain("\tat ");
    }
  }

  private int keys(String... arguments) {
    List<String> all = new ArrayList<>(List.of("keys"));
    all.addAll(List.of(arguments));
    return run(all.toArray(String[]::new));
  }

  private int run(String... arguments) {
    CommandLine line = AntiphonCommand.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }
}
