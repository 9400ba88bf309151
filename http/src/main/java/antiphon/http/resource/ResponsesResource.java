package antiphon.http.resource;

import antiphon.core.api.Created;
import antiphon.core.api.EventReader;
import antiphon.core.api.Responses;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.http.wire.Bodies;
import antiphon.http.wire.Errors;
import antiphon.http.wire.Exchange;
import antiphon.http.wire.HttpSettings;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.request.UpdateResponse;
import antiphon.protocol.response.Deleted;
import antiphon.protocol.response.ListPage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code /responses}. */
public final class ResponsesResource {

  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 100;
  private static final Set<String> INCLUDES =
      Arrays.stream(CreateResponse.Include.values())
          .map(CreateResponse.Include::wire)
          .collect(Collectors.toUnmodifiableSet());

  private final HttpSettings settings;
  private final Responses responses;

  public ResponsesResource(HttpSettings settings, Responses responses) {
    this.settings = settings;
    this.responses = responses;
  }

  /** {@code POST /responses}. */
  public void create(Exchange exchange) throws InterruptedException {
    CreateResponse request = Json.read(Bodies.json(exchange), CreateResponse.class);
    boolean stream = Boolean.TRUE.equals(request.stream());
    switch (responses.create(exchange.owner(), request)) {
      case Created.Queued queued when stream -> exchange.events(settings).copy(queued.events());
      case Created.Queued queued -> exchange.json(200, queued.snapshot());
      case Created.Running running -> {
        exchange.onGone(running::clientGone);
        if (stream) {
          exchange.events(settings).copy(running.events());
        } else {
          answer(exchange, running.await());
        }
      }
    }
  }

  private static void answer(Exchange exchange, Created.Finished finished) {
    if (finished.problem() == null) {
      exchange.json(200, finished.snapshot());
    } else {
      Errors.answer(exchange, finished.problem());
    }
  }

  /** {@code GET /responses/{response_id}}, as it is or as a stream of its events. */
  public void get(Exchange exchange) throws InterruptedException {
    ResponseId id = id(exchange);
    includes(exchange);
    boolean stream = exchange.query().flag("stream");
    long after = exchange.query().number("starting_after", -1, -1, Long.MAX_VALUE);
    var _ = exchange.query().flag("include_obfuscation");
    if (stream) {
      EventReader events = responses.events(id, after);
      exchange.events(settings).copy(events);
    } else {
      exchange.json(200, responses.get(id));
    }
  }

  /** {@code POST /responses/{response_id}/cancel}; a body, if any, says nothing. */
  public void cancel(Exchange exchange) throws InterruptedException {
    exchange.json(200, responses.cancel(id(exchange)));
  }

  /** {@code POST /responses/{response_id}}: the metadata. */
  public void update(Exchange exchange) throws InterruptedException {
    ResponseId id = id(exchange);
    UpdateResponse request = Json.read(Bodies.json(exchange), UpdateResponse.class);
    exchange.json(200, responses.update(id, request.metadata()));
  }

  /** {@code DELETE /responses/{response_id}}. */
  public void delete(Exchange exchange) throws InterruptedException {
    ResponseId id = id(exchange);
    responses.delete(id);
    exchange.json(200, Json.bytes(new Deleted(id.value(), true)));
  }

  /** {@code GET /responses}. */
  public void list(Exchange exchange) {
    Page<byte[]> page = responses.list(exchange.owner(), page(exchange));
    exchange.json(200, list(page));
  }

  /** {@code GET /responses/{response_id}/input_items}. */
  public void inputItems(Exchange exchange) {
    ResponseId id = id(exchange);
    includes(exchange);
    Page<Item> page = responses.inputItems(id, page(exchange));
    String first = page.data().isEmpty() ? "" : page.data().getFirst().idOrEmpty();
    String last = page.data().isEmpty() ? "" : page.data().getLast().idOrEmpty();
    exchange.json(200, Json.bytes(new ListPage<>(page.data(), page.hasMore(), first, last)));
  }

  private static ResponseId id(Exchange exchange) {
    String value = exchange.param("response_id");
    if (!ResponseId.PATTERN.matcher(value).matches()) {
      throw Rejected.invalid(
          "response_id",
          "Invalid 'response_id': must match " + ResponseId.PATTERN.pattern() + ".");
    }
    return new ResponseId(exchange.owner(), value);
  }

  private static void includes(Exchange exchange) {
    List<String> given = exchange.query().all("include");
    for (int i = 0; i < given.size(); i++) {
      if (!INCLUDES.contains(given.get(i))) {
        throw Rejected.invalid(
            "include[" + i + "]",
            "Invalid value for 'include[%d]': '%s'. Supported values are: %s."
                .formatted(i, given.get(i), String.join(", ", INCLUDES.stream().sorted().toList())));
      }
    }
  }

  private static PageRequest page(Exchange exchange) {
    int limit = (int) exchange.query().number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    String order = exchange.query().one("order");
    boolean descending =
        switch (order) {
          case null -> true;
          case "desc" -> true;
          case "asc" -> false;
          default -> throw Rejected.invalid("order", "Invalid 'order': must be 'asc' or 'desc'.");
        };
    return new PageRequest(
        limit, descending, exchange.query().one("after"), exchange.query().one("before"));
  }

  /** Snapshots are put together as they are: reading them only to write them again is no use. */
  private static byte[] list(Page<byte[]> page) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ascii(out, "{\"object\":\"list\",\"data\":[");
    for (int i = 0; i < page.data().size(); i++) {
      ascii(out, i == 0 ? "" : ",");
      out.writeBytes(page.data().get(i));
    }
    boolean empty = page.data().isEmpty();
    String first = empty ? "" : Json.field(page.data().getFirst(), "id");
    String last = empty ? "" : Json.field(page.data().getLast(), "id");
    ascii(
        out,
        "],\"has_more\":%s,\"first_id\":%s,\"last_id\":%s}"
            .formatted(page.hasMore(), Json.text(first), Json.text(last)));
    return out.toByteArray();
  }

  private static void ascii(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
