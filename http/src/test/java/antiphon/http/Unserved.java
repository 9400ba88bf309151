package antiphon.http;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import java.lang.reflect.Proxy;

/** A part of the API that has nothing in it, for tests of the others. */
final class Unserved {

  private Unserved() {}

  /** All that it is asked for is a 404; sizes that it tells are 1 KiB. */
  static <T> T of(Class<T> api) {
    return api.cast(
        Proxy.newProxyInstance(
            api.getClassLoader(),
            new Class<?>[] {api},
            (_, method, _) -> {
              if (method.getReturnType() == long.class) {
                return 1024L;
              }
              throw new Rejected(new Problem.NotFound("Nothing is served here.", method.getName()));
            }));
  }
}
