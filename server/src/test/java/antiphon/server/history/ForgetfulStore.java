package antiphon.server.history;

import antiphon.core.response.ResponseId;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.StoredResponse;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A seeded bug that the checker must find: a node that trusts what it read of a response before,
 * one time in three.
 */
final class ForgetfulStore {

  private final ResponseStore store;
  private final Map<ResponseId, Optional<StoredResponse>> seen = new ConcurrentHashMap<>();
  private int asked;

  private ForgetfulStore(ResponseStore store) {
    this.store = store;
  }

  static ResponseStore over(ResponseStore store) {
    ForgetfulStore forgetful = new ForgetfulStore(store);
    return (ResponseStore)
        Proxy.newProxyInstance(
            ResponseStore.class.getClassLoader(),
            new Class<?>[] {ResponseStore.class},
            (_, method, args) -> {
              if (method.getName().equals("find")) {
                return forgetful.find((ResponseId) args[0]);
              }
              try {
                return method.invoke(store, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private synchronized Optional<StoredResponse> find(ResponseId id) {
    Optional<StoredResponse> known = seen.get(id);
    if (known != null && asked++ % 3 == 0) {
      return known;
    }
    Optional<StoredResponse> found = store.find(id);
    seen.put(id, found);
    return found;
  }
}
