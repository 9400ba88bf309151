package antiphon.core.store;

import java.util.List;

/**
 * A response that has not ended, with its whole log, inside a transaction.
 *
 * @param response the row
 * @param events all events so far, from number 0
 * @param entries all entries of its inner log so far
 */
public record OpenLog(StoredResponse response, List<byte[]> events, List<byte[]> entries) {}
