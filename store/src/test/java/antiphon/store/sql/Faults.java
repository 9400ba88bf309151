package antiphon.store.sql;

import antiphon.store.sql.jdbc.Dialect;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.function.UnaryOperator;

/** Comes between a store and its database: makes commits fail, and changes statements. */
public final class Faults {

  private Faults() {}

  /** Something that goes wrong, perhaps. */
  @FunctionalInterface
  public interface Fault {
    /** Throws, if it goes wrong now. */
    void strike() throws SQLException;
  }

  /** Statements are not what they are thought to be. */
  public static UnaryOperator<Dialect> statements(UnaryOperator<String> change) {
    return dialect ->
        between(
            dialect,
            (method, outcome) ->
                method.equals("translate")
                    ? change.apply((String) outcome.call())
                    : outcome.call());
  }

  /** What may go wrong before a commit and after it. */
  public static UnaryOperator<Dialect> commits(Fault before, Fault after) {
    return dialect ->
        between(
            dialect,
            (method, outcome) -> {
              boolean commit = method.equals("commit");
              if (commit) {
                before.strike();
              }
              Object done = outcome.call();
              if (commit) {
                after.strike();
              }
              return done;
            });
  }

  private interface Outcome {
    Object call() throws Throwable;
  }

  private interface Between {
    Object call(String method, Outcome outcome) throws Throwable;
  }

  private static Dialect between(Dialect dialect, Between between) {
    return (Dialect)
        Proxy.newProxyInstance(
            Dialect.class.getClassLoader(),
            new Class<?>[] {Dialect.class},
            (_, method, arguments) ->
                between.call(
                    method.getName(),
                    () -> {
                      try {
                        return method.invoke(dialect, arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    }));
  }
}
