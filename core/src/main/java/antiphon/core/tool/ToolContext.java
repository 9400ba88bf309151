package antiphon.core.tool;

import antiphon.core.response.ResponseId;
import antiphon.protocol.request.CreateResponse;

/**
 * For whom tools run.
 *
 * @param response the response, and with it its owner
 * @param request the request with all defaults; its input is not to be read
 * @param background whether nobody waits for it
 */
public record ToolContext(ResponseId response, CreateResponse request, boolean background) {}
