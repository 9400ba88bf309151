package antiphon.store.sql.commit;

import antiphon.core.store.StoreListener;
import antiphon.store.sql.jdbc.Dialect;
import antiphon.store.sql.jdbc.Session;
import antiphon.store.sql.jdbc.Sessions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Executes writes in transactions: a group in one, and if that fails each in one of its own, so
 * that only the culprit fails. What may have been committed though the answer was lost is executed
 * again and recognises itself.
 */
public final class Transactions {

  /** So often is a write tried by itself while its failures pass. */
  private static final int ATTEMPTS = 4;

  /** What became of one transaction. */
  private sealed interface Attempt {}

  private record Committed() implements Attempt {}

  /**
   * Something went wrong in it, the commit perhaps: then it may have been committed all the same.
   */
  private record Failed(Throwable cause) implements Attempt {}

  /** There was no session to be had: nothing has been tried. */
  private record Unreachable(SQLException cause) implements Attempt {}

  private final Sessions sessions;
  private final Dialect dialect;
  private final Grouping grouping;
  private final StoreListener listener;
  private final Reach reach;

  Transactions(
      Sessions sessions, Dialect dialect, Grouping grouping, StoreListener listener, Reach reach) {
    this.sessions = sessions;
    this.dialect = dialect;
    this.grouping = grouping;
    this.listener = listener;
    this.reach = reach;
  }

  /** Executes and commits; afterwards each of them has succeeded or failed. */
  void commit(List<PendingWrite<?>> group) {
    List<PendingWrite<?>> ordered = dialect.locksRows() ? sorted(group) : group;
    switch (attempt(ordered)) {
      case Committed _ -> {}
      case Unreachable(SQLException cause) -> failAll(ordered, cause);
      case Failed(Throwable cause) when ordered.size() == 1 && !mayPass(cause) ->
          failAll(ordered, cause);
      // Each by itself would fail in the same way, one disk's time after the other.
      case Failed(Throwable cause) when !reach.writes() && !mayPass(cause) ->
          failAll(ordered, cause);
      case Failed _ -> commitOneByOne(ordered);
    }
  }

  /**
   * Everybody locks in the same order, so that no two groups wait for each other. A write without a
   * key concerns many rows and stays behind all that came before it.
   */
  private static List<PendingWrite<?>> sorted(List<PendingWrite<?>> group) {
    List<PendingWrite<?>> sorted = new ArrayList<>(group);
    int start = 0;
    for (int i = 0; i <= group.size(); i++) {
      if (i == group.size() || group.get(i).key().isEmpty()) {
        sorted.subList(start, i).sort(Comparator.comparing(PendingWrite::key));
        start = i + 1;
      }
    }
    return sorted;
  }

  private void commitOneByOne(List<PendingWrite<?>> group) {
    for (int i = 0; i < group.size(); i++) {
      switch (attemptAlone(group.get(i))) {
        case Committed _ -> {}
        case Failed(Throwable cause) -> group.get(i).fail(cause);
        case Unreachable(SQLException cause) -> {
          failAll(group.subList(i, group.size()), cause);
          return;
        }
      }
    }
  }

  private Attempt attemptAlone(PendingWrite<?> waiting) {
    Attempt last = attempt(List.of(waiting));
    for (int n = 1; n < ATTEMPTS && last instanceof Failed(var cause) && mayPass(cause); n++) {
      last = attempt(List.of(waiting));
    }
    if (last instanceof Failed(var cause)) {
      blame(cause);
    }
    return last;
  }

  /** Whoever comes next need not try, if it was the database's fault. */
  private void blame(Throwable failure) {
    if (failure instanceof SQLException e && dialect.broken(e)) {
      reach.notWritten(String.valueOf(e.getMessage()));
    }
  }

  private boolean mayPass(Throwable failure) {
    return failure instanceof SQLException e && dialect.mayPass(e);
  }

  private static void failAll(List<PendingWrite<?>> group, Throwable cause) {
    group.forEach(waiting -> waiting.fail(cause));
  }

  private Attempt attempt(List<PendingWrite<?>> group) {
    Session session;
    try {
      session = sessions.take();
    } catch (SQLException e) {
      reach.notReached(String.valueOf(e.getMessage()));
      return new Unreachable(e);
    }
    boolean sound = false;
    long since = System.nanoTime();
    try {
      session.begin();
      grouping.execute(session, group, listener);
      listener.committing(group.size());
      session.commit();
      listener.committed(group.size(), System.nanoTime() - since);
      sound = true;
      reach.answered();
      return new Committed();
    } catch (Throwable e) {
      if (!mayPass(e)) {
        blame(e);
      }
      sound = rolledBack(session);
      listener.failed(group.size(), e);
      return new Failed(e);
    } finally {
      sessions.give(session, sound);
    }
  }

  private static boolean rolledBack(Session session) {
    try {
      session.rollback();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }
}
