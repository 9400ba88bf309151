package antiphon.core.store;

/**
 * A response that this node now runs.
 *
 * @param response the row, in_progress under its new epoch
 * @param deaths how many nodes have died running it
 */
public record Claimed(StoredResponse response, int deaths) {}
