package antiphon.protocol.conversation;

import antiphon.protocol.item.Item;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;

/** The body of {@code POST /conversations/{conversation_id}/items}. */
public record CreateItems(
    // Spelled out: of two bundled annotations the mapper would heed one.
    @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL, contentNulls = Nulls.FAIL)
        List<Item> items) {}
