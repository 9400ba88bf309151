package antiphon.protocol.request;

import antiphon.protocol.json.NoNulls;
import antiphon.protocol.json.Required;
import java.util.Map;

/** The body of {@code POST /responses/{response_id}}. */
public record UpdateResponse(@Required @NoNulls Map<String, String> metadata) {}
