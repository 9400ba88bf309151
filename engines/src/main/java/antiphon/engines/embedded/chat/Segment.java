package antiphon.engines.embedded.chat;

/**
 * A stretch of a prompt.
 *
 * @param text what it says
 * @param trusted whether it is the template's own, in which control tokens are meant; in anybody
 *     else's text they are mere letters
 */
public record Segment(String text, boolean trusted) {}
