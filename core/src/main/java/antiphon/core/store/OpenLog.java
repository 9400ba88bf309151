package antiphon.core.store;

import java.util.List;

/**
 * A response that has not ended, with its whole log, inside a transaction.
 *
 * @param response the row
 * @param events all events so far, from number 0
 */
public record OpenLog(StoredResponse response, List<byte[]> events) {}
