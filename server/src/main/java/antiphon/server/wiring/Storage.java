package antiphon.server.wiring;

import antiphon.core.agent.AgentStore;
import antiphon.core.container.ContainerStore;
import antiphon.core.conversation.ConversationStore;
import antiphon.core.prompt.PromptStore;
import antiphon.core.store.KeyStore;
import antiphon.core.store.LocalSignals;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;
import antiphon.core.store.StoreListener;
import antiphon.core.tool.Approvals;
import antiphon.knowledge.blob.FolderBlobs;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.StoreSettings;
import antiphon.store.postgres.PostgresKeyStore;
import antiphon.store.postgres.PostgresOptions;
import antiphon.store.postgres.PostgresSignals;
import antiphon.store.postgres.PostgresStore;
import antiphon.store.redis.RedisSignals;
import antiphon.store.sqlite.SqliteKeyStore;
import antiphon.store.sqlite.SqliteOptions;
import antiphon.store.sqlite.SqliteStore;
import org.jspecify.annotations.Nullable;

/**
 * Everything that outlives a process, and how nodes that share it wake each other.
 *
 * @param responses the responses and their logs
 * @param conversations the conversations, kept with the responses
 * @param keys the API keys
 * @param signals between the nodes
 * @param approvals leave for calls of tools that has been used up
 * @param knowledge files; null where none are kept
 * @param prompts the prompts; null where none are kept
 * @param agents responses that others have begun; null where none are
 * @param containers what is known of containers; null where there are none
 */
public record Storage(
    ResponseStore responses,
    ConversationStore conversations,
    KeyStore keys,
    Signals signals,
    Approvals approvals,
    @Nullable PromptStore prompts,
    @Nullable AgentStore agents,
    @Nullable KnowledgeStorage knowledge,
    @Nullable ContainerStore containers)
    implements AutoCloseable {

  /** Without files and containers; approvals are forgotten with this process. */
  public Storage(
      ResponseStore responses, ConversationStore conversations, KeyStore keys, Signals signals) {
    this(responses, conversations, keys, signals, Approvals.fleeting(), null, null, null, null);
  }

  /**
   * Opens what the settings name.
   *
   * @throws antiphon.core.store.StoreException if it cannot be reached
   * @throws IllegalArgumentException if an address is none; the message holds no password
   */
  public static Storage open(StoreSettings settings, DataFolder folder) {
    return open(settings, folder, StoreListener.NONE);
  }

  /** The same, with somebody who hears of the writes. */
  public static Storage open(StoreSettings settings, DataFolder folder, StoreListener listener) {
    String url = settings.url();
    return url == null ? sqlite(folder, listener) : postgres(url, settings, folder, listener);
  }

  private static Storage sqlite(DataFolder folder, StoreListener listener) {
    SqliteStore store = SqliteStore.open(folder.database(), SqliteOptions.DEFAULT.with(listener));
    try {
      return new Storage(
          store,
          store.conversations(),
          SqliteKeyStore.open(folder.database()),
          new LocalSignals(),
          store.approvals(),
          store.prompts(),
          store.agents(),
          new KnowledgeStorage(
              store.files(),
              new FolderBlobs(folder.files(), store.clock()),
              store.vectors(),
              store.permissions(),
              store.memory(),
              folder.knowledge(),
              false),
          store.containers());
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static Storage postgres(
      String url, StoreSettings settings, DataFolder folder, StoreListener listener) {
    PostgresStore store = PostgresStore.open(PostgresOptions.at(url).with(listener));
    try {
      return new Storage(
          store,
          store.conversations(),
          store.keys(),
          signals(url, settings.signals()),
          store.approvals(),
          store.prompts(),
          store.agents(),
          new KnowledgeStorage(
              store.files(),
              store.blobs(),
              store.vectors(),
              store.permissions(),
              store.memory(),
              folder.knowledge(),
              true),
          store.containers());
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static Signals signals(String store, @Nullable String url) {
    return url == null ? PostgresSignals.open(store) : RedisSignals.open(url);
  }

  /**
   * Opens the keys alone, beside a server that may have the rest open.
   *
   * @throws antiphon.core.store.StoreException if they cannot be reached
   */
  public static KeyStore openKeys(StoreSettings settings, DataFolder folder) {
    String url = settings.url();
    return url == null ? SqliteKeyStore.open(folder.database()) : PostgresKeyStore.open(url);
  }

  @Override
  public void close() {
    signals.close();
    if (knowledge != null) {
      knowledge.close();
    }
    keys.close();
    responses.close();
  }
}
