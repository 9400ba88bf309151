package antiphon.http.resource;

import antiphon.core.api.Memories;
import antiphon.core.response.Owner;
import antiphon.http.route.Call;
import antiphon.protocol.response.DeletedObject;

/** {@code /history}: what the tool {@code history} finds for the owner who asks. */
public final class HistoryResource {

  private final Memories memories;

  public HistoryResource(Memories memories) {
    this.memories = memories;
  }

  /**
   * The answer to GET.
   *
   * @param exchanges how many are remembered
   */
  public record Remembered(String object, int exchanges) {}

  /** GET. */
  public void get(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), new Remembered("history", memories.size(owner)));
  }

  /** DELETE: all of it, for good. */
  public void delete(Call call, Owner owner) throws InterruptedException {
    var _ = memories.forget(owner);
    Replies.json(call.exchange(), new DeletedObject("history", "history.deleted", true));
  }
}
