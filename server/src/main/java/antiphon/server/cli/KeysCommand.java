package antiphon.server.cli;

import antiphon.core.api.Keys;
import antiphon.core.key.KeyRights;
import antiphon.core.service.KeyService;
import antiphon.core.store.ApiKey;
import antiphon.core.store.KeyStore;
import antiphon.core.store.StoreException;
import antiphon.protocol.response.ServiceTier;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.SettingsFile;
import antiphon.server.settings.StoreSettings;
import antiphon.server.wiring.Storage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Makes, lists and revokes API keys; works while the server runs. */
@Command(
    name = "keys",
    description = "Makes, lists and revokes API keys.",
    mixinStandardHelpOptions = true,
    subcommands = {KeysCommand.Create.class, KeysCommand.ListAll.class, KeysCommand.Revoke.class})
@SuppressWarnings("NullAway.Init")
final class KeysCommand implements Runnable {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The data folder.")
  private @Nullable Path data;

  @Option(
      names = "--store",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "As for 'antiphon serve'.")
  private @Nullable String store;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "As for 'antiphon serve'.")
  private @Nullable Path config;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new picocli.CommandLine.ParameterException(
        spec.commandLine(), "Say what to do with keys: create, list or revoke.");
  }

  private interface Work {
    int with(Keys keys);
  }

  private int open(Work work) {
    StoreSettings kept = settings();
    DataFolder folder = DataFolder.of(data, System.getenv());
    if (kept.url() == null) {
      folder.create();
    }
    try (KeyStore opened = Storage.openKeys(kept, folder)) {
      return work.with(new KeyService(opened, InstantSource.system()));
    } catch (StoreException | IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  private StoreSettings settings() {
    try {
      return SettingsFile.read(config, System.getenv()).keptIn(store, null).store();
    } catch (IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  @Command(name = "create", description = "Makes a key and shows it, this once.")
  @SuppressWarnings("NullAway.Init")
  static final class Create implements java.util.concurrent.Callable<Integer> {
    @ParentCommand private KeysCommand parent;
    @Spec private CommandSpec spec;

    @Option(names = "--tenant", defaultValue = "default", description = "Whose key it is.")
    private String tenant;

    @Option(names = "--label", defaultValue = "", description = "A note for people.")
    private String label;

    @Option(
        names = "--scope",
        paramLabel = "RESOURCE.ACCESS",
        split = ",",
        description =
            "What the key may do, responses.read or files.write for instance, several with commas; "
                + "to write is to read as well. Without it: everything.")
    private List<String> scopes = List.of();

    @Option(
        names = "--max-tier",
        paramLabel = "TIER",
        defaultValue = "priority",
        description = "The highest service tier: priority (the usual one), default or flex.")
    private String tier;

    @Override
    public Integer call() {
      return parent.open(keys -> {
        Keys.NewKey made = keys.create(tenant, label, rights());
        PrintWriter out = spec.commandLine().getOut();
        out.println(made.key());
        spec.commandLine()
            .getErr()
            .println(made.stored().id() + " for tenant " + tenant + "; it is not shown again.");
        return 0;
      });
    }

    private KeyRights rights() {
      ServiceTier highest =
          Arrays.stream(ServiceTier.values())
              .filter(one -> one != ServiceTier.AUTO && one.wire().equals(tier))
              .findFirst()
              .orElseThrow(
                  () -> new UserError("There is no tier '" + tier + "': priority, default, flex."));
      return new KeyRights(KeyRights.scopes(String.join(" ", scopes)), highest);
    }
  }

  @Command(name = "list", description = "Lists all keys.")
  @SuppressWarnings("NullAway.Init")
  static final class ListAll implements java.util.concurrent.Callable<Integer> {
    @ParentCommand private KeysCommand parent;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      return parent.open(keys -> {
        keys.list().forEach(key -> spec.commandLine().getOut().println(line(key)));
        return 0;
      });
    }

    private static String line(ApiKey key) {
      KeyRights rights = key.rights();
      return "%s  %-16s  …%-4s  made %s%s%s%s  %s"
          .formatted(
              key.id(),
              key.tenant(),
              key.hint(),
              Instant.ofEpochMilli(key.createdAt()),
              key.revokedAt() == null ? "" : "  revoked " + Instant.ofEpochMilli(key.revokedAt()),
              rights.scopes().isEmpty() ? "" : "  may " + rights.written(),
              rights.maxTier() == ServiceTier.PRIORITY ? "" : "  up to " + rights.maxTier().wire(),
              key.label());
    }
  }

  @Command(name = "revoke", description = "Revokes a key from now on.")
  @SuppressWarnings("NullAway.Init")
  static final class Revoke implements java.util.concurrent.Callable<Integer> {
    @ParentCommand private KeysCommand parent;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "KEY_ID", description = "As 'antiphon keys list' shows it.")
    private String id;

    @Override
    public Integer call() {
      return parent.open(keys -> {
        if (!keys.revoke(id)) {
          throw new UserError("There is no working key with the id " + id + ".");
        }
        spec.commandLine().getOut().println(id + " is revoked.");
        return 0;
      });
    }
  }
}
