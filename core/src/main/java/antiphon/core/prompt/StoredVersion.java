package antiphon.core.prompt;

/**
 * A version of a prompt as it is kept.
 *
 * @param number from 1
 * @param createdAt in milliseconds since 1970
 */
public record StoredVersion(int number, String template, long createdAt) {}
