package antiphon.engines.responses;

import antiphon.engines.upstream.UpstreamSettings;

/**
 * An engine that speaks Responses.
 *
 * @param upstream where it is
 * @param encryptedReasoning whether it takes reasoning back only in encrypted form, as hosted APIs
 *     do that do not keep our responses: it is always asked for, and reasoning without it stays
 *     here
 */
public record ResponsesSettings(UpstreamSettings upstream, boolean encryptedReasoning) {

  /** An engine that takes reasoning back as it gave it. */
  public static ResponsesSettings of(UpstreamSettings upstream) {
    return new ResponsesSettings(upstream, false);
  }
}
