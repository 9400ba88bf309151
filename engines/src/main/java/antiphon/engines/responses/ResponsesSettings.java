package antiphon.engines.responses;

import antiphon.engines.upstream.UpstreamSettings;
import antiphon.protocol.tool.Tool;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * An engine that speaks Responses.
 *
 * @param upstream where it is
 * @param encryptedReasoning whether it takes reasoning back only in encrypted form, as hosted APIs
 *     do that do not keep our responses: it is always asked for, and reasoning without it stays
 *     here
 * @param hostedTools the types of tools that it runs itself
 * @param omit fields that are never sent, a path with dots where they are within others
 * @param rename fields that it calls by another name
 * @param extraBody sent with every request, unless the request's own {@code extra_body} has it
 */
public record ResponsesSettings(
    UpstreamSettings upstream,
    boolean encryptedReasoning,
    Set<String> hostedTools,
    Set<String> omit,
    Map<String, String> rename,
    Map<String, JsonNode> extraBody) {

  public ResponsesSettings {
    hostedTools = Set.copyOf(hostedTools);
    omit = Set.copyOf(omit);
    rename = Map.copyOf(rename);
    extraBody = Map.copyOf(extraBody);
  }

  /** Without tools and fields of its own. */
  public ResponsesSettings(UpstreamSettings upstream, boolean encryptedReasoning) {
    this(upstream, encryptedReasoning, Set.of(), Set.of(), Map.of(), Map.of());
  }

  /** Whether it runs this tool itself. */
  boolean runs(Tool tool) {
    return hostedTools.contains(tool.type());
  }

  /** An engine that takes reasoning back as it gave it. */
  public static ResponsesSettings of(UpstreamSettings upstream) {
    return new ResponsesSettings(upstream, false);
  }
}
