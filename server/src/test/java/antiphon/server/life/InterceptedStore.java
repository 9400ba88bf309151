package antiphon.server.life;

import antiphon.core.store.ResponseStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store with something before, behind or in place of its calls. */
final class InterceptedStore {

  private InterceptedStore() {}

  /** What becomes of a call. */
  interface Interceptor {

    /**
     * @param method which method of the store is called
     * @param plainly the call as it would be
     * @return what the caller gets
     */
    @Nullable Object call(String method, Supplier<@Nullable Object> plainly);
  }

  static ResponseStore of(ResponseStore store, Interceptor interceptor) {
    return (ResponseStore)
        Proxy.newProxyInstance(
            ResponseStore.class.getClassLoader(),
            new Class<?>[] {ResponseStore.class},
            (_, method, arguments) ->
                interceptor.call(method.getName(), () -> plainly(store, method, arguments)));
  }

  private static @Nullable Object plainly(
      ResponseStore store, Method method, Object @Nullable [] arguments) {
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw (RuntimeException) e.getCause();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
