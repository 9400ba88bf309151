package antiphon.protocol.request;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.Map;

/** The body of {@code POST /responses/{response_id}}. */
public record UpdateResponse(
    // Spelled out: of two bundled annotations the mapper would heed one.
    @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL, contentNulls = Nulls.FAIL)
        Map<String, String> metadata) {}
