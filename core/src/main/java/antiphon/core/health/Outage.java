package antiphon.core.health;

/**
 * Marks exceptions that tell of something outside this program that does not work at the moment:
 * their message says enough, a stack trace nothing more.
 */
public interface Outage {}
