package antiphon.protocol.conversation;

import antiphon.protocol.item.Item;
import antiphon.protocol.json.NoNulls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /conversations}; all of it may be left out. */
public record CreateConversation(
    @NoNulls @Nullable List<Item> items, @NoNulls @Nullable Map<String, String> metadata) {}
