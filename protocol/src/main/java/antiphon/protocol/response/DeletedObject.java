package antiphon.protocol.response;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * The answer to the deletion of what is no response.
 *
 * @param object the kind that the wire names: {@code file}, {@code vector_store.deleted} …
 */
@JsonPropertyOrder({"id", "object"})
public record DeletedObject(String id, String object, boolean deleted) {}
