package antiphon.server.history;

import antiphon.core.response.ResponseId;
import antiphon.core.store.Claim;
import antiphon.core.store.Claimed;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.Ending;
import antiphon.core.store.LocalSignals;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;
import antiphon.core.store.StoredResponse;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Bugs that are seeded into a node, each of which the checker must find. */
enum Bug {
  NONE {
    @Override
    Interceptor interceptor() {
      return (_, _, plainly) -> plainly.get();
    }
  },

  /** Trusts what it read of a response before, one time in three. */
  FORGETFUL {
    @Override
    Interceptor interceptor() {
      Map<Object, Object> seen = new ConcurrentHashMap<>();
      int[] asked = {0};
      return (method, arguments, plainly) -> {
        if (!method.equals("find")) {
          return plainly.get();
        }
        Object known = seen.get(arguments[0]);
        if (known != null && asked[0]++ % 3 == 0) {
          return known;
        }
        Object found = plainly.get();
        seen.put(arguments[0], found);
        return found;
      };
    }
  },

  /** Believes its memory though other nodes share the store, and hears nothing of them. */
  ALONE {
    @Override
    Signals in(Signals signals) {
      return new LocalSignals();
    }

    @Override
    Interceptor interceptor() {
      return (method, _, plainly) -> method.equals("shared") ? false : plainly.get();
    }
  },

  /** Believes a few times that what it has claimed is still to be run, without asking again. */
  TRUSTS_CLAIMS {
    private static final int LIES = 3;

    @Override
    Interceptor interceptor() {
      Map<ResponseId, Iterator<StoredResponse>> claimed = new ConcurrentHashMap<>();
      return (method, arguments, plainly) -> {
        if (method.equals("claim")) {
          Claim claim = (Claim) plainly.get();
          for (Claimed run : claim.claimed()) {
            claimed.put(run.response().id(), Collections.nCopies(LIES, run.response()).iterator());
          }
          return claim;
        }
        // The run itself asks when it can be found; so do readers, before it and after.
        Iterator<StoredResponse> then = method.equals("find") ? claimed.get(arguments[0]) : null;
        if (then != null) {
          synchronized (then) {
            if (then.hasNext()) {
              return Optional.of(then.next());
            }
          }
        }
        return plainly.get();
      };
    }
  },

  /** An end that lost takes itself for the winner, as it would without a guard. */
  UNGUARDED {
    @Override
    Interceptor interceptor() {
      return (method, arguments, plainly) -> {
        if (!method.equals("end")) {
          return plainly.get();
        }
        @SuppressWarnings("unchecked") // the port says so
        CompletableFuture<EndOutcome> end = (CompletableFuture<EndOutcome>) plainly.get();
        Object won = end.thenApply(_ -> EndOutcome.Won.by((Ending) arguments[1]));
        return won;
      };
    }
  };

  /** What a bug makes of a call to the store. */
  interface Interceptor {
    @Nullable Object call(String method, Object[] arguments, Supplier<Object> plainly);
  }

  abstract Interceptor interceptor();

  /** What a node with this bug hears of others. */
  Signals in(Signals signals) {
    return signals;
  }

  /** The store as a node with this bug sees it. */
  final ResponseStore in(ResponseStore store) {
    if (this == NONE) {
      return store;
    }
    Interceptor interceptor = interceptor();
    return (ResponseStore)
        Proxy.newProxyInstance(
            ResponseStore.class.getClassLoader(),
            new Class<?>[] {ResponseStore.class},
            (_, method, arguments) ->
                interceptor.call(
                    method.getName(),
                    arguments == null ? new Object[0] : arguments,
                    () -> {
                      try {
                        return method.invoke(store, arguments);
                      } catch (InvocationTargetException e) {
                        throw (RuntimeException) e.getCause();
                      } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                      }
                    }));
  }
}
