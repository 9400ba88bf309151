package antiphon.core.store;

import java.util.List;

/**
 * A response that has not ended, with its whole log, inside a transaction.
 *
 * @param response the row, without its input
 * @param events all events so far, from number 0; read a few at a time while they are gone through,
 *     so that a long log is never in memory as a whole. Good until the transaction ends
 * @param entries all entries of its inner log so far
 */
public record OpenLog(StoredResponse response, Iterable<byte[]> events, List<byte[]> entries) {}
