package antiphon.http.resource;

import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.http.route.Query;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.ListPage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Pages of lists: what is asked for, and how they are written. */
final class Lists {

  private static final long DEFAULT_LIMIT = 20;
  private static final long MAX_LIMIT = 100;

  /** For what is written around the entries of a page, in bytes. */
  private static final int ROOM = 1024;

  private Lists() {}

  /** Reads {@code limit}, {@code order}, {@code after} and {@code before}; newest first. */
  static PageRequest page(Query query) {
    return page(query, true);
  }

  /** The same, newest first or oldest first unless the query says otherwise. */
  static PageRequest page(Query query, boolean newestFirst) {
    long limit = query.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    boolean descending = query.choice("order", newestFirst, "desc", "asc");
    return new PageRequest((int) limit, descending, query.text("after"), query.text("before"));
  }

  /** A page of items. */
  static ListPage<Item> items(Page<Item> page) {
    List<Item> data = page.data();
    String first = data.isEmpty() ? "" : data.getFirst().idOrEmpty();
    String last = data.isEmpty() ? "" : data.getLast().idOrEmpty();
    return new ListPage<>(data, page.hasMore(), first, last);
  }

  /** A page of objects that are JSON already, each with an {@code id}. */
  static byte[] objects(Page<byte[]> page) {
    List<byte[]> data = page.data();
    int length = data.stream().mapToInt(entry -> entry.length + 1).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + ROOM);
    ascii(out, "{\"object\":\"list\",\"data\":[");
    for (int i = 0; i < data.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(data.get(i));
    }
    ascii(out, "],\"has_more\":" + page.hasMore() + ",\"first_id\":");
    out.writeBytes(Json.bytes(data.isEmpty() ? "" : Json.field(data.getFirst(), "id")));
    ascii(out, ",\"last_id\":");
    out.writeBytes(Json.bytes(data.isEmpty() ? "" : Json.field(data.getLast(), "id")));
    out.write('}');
    return out.toByteArray();
  }

  private static void ascii(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
