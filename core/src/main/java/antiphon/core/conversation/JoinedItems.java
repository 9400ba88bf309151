package antiphon.core.conversation;

import antiphon.core.call.ServerCalls;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemReference;
import antiphon.protocol.item.Items;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.ResponseStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * What a response leaves in its conversation when it ends: its input and its output, if it was
 * completed, or ended as incomplete. One that failed or was cancelled leaves nothing: it can be
 * tried again as if it had not been, and leaves no call behind that nobody answers.
 */
public final class JoinedItems {

  private JoinedItems() {}

  /** Whether one that ends so leaves anything. */
  public static boolean joins(ResponseStatus status) {
    return status == ResponseStatus.COMPLETED || status == ResponseStatus.INCOMPLETE;
  }

  /**
   * Its items.
   *
   * @param input its own input items, a JSON array; a reference is to an item that is there already
   * @param snapshot the ended response
   * @param entries its inner log
   */
  public static List<NewItem> of(byte[] input, byte[] snapshot, List<byte[]> entries) {
    List<NewItem> joined = new ArrayList<>();
    for (Item item : Items.list(input)) {
      if (!(item instanceof ItemReference) && item.id() != null) {
        joined.add(NewItem.of(item));
      }
    }
    ServerCalls calls = new ServerCalls();
    calls.replay(entries);
    for (Item item : Json.readStored(snapshot, Output.class).output()) {
      if (item.id() != null) {
        List<Item> told = calls.told(List.of(item));
        NewItem said = NewItem.of(item);
        joined.add(told.equals(List.of(item)) ? said : said.told(told));
      }
    }
    return joined;
  }

  /** What is read of a snapshot; the rest of it is passed over. */
  record Output(List<Item> output) {}
}
