package antiphon.testkit.upstream;

import antiphon.core.engine.Turn;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.request.Input;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Turns from the JSON of a request. */
public final class Turns {

  private Turns() {}

  /** The turn that a request to {@code POST /responses} makes. */
  public static Turn of(String json) {
    CreateResponse request = Json.read(json.getBytes(StandardCharsets.UTF_8), CreateResponse.class);
    List<Item> items =
        switch (request.input()) {
          case null -> List.of();
          case Input.Text text -> List.of(Message.user(text.text()));
          case Input.Items given -> given.items();
        };
    return new Turn(request, request.model(), items, null);
  }

  /** A turn of one user's message. */
  public static Turn hello() {
    return of("{\"model\":\"m\",\"input\":\"hello\"}");
  }
}
