package antiphon.http.resource;

import antiphon.core.api.Memories;
import antiphon.core.response.Owner;
import antiphon.http.route.Call;
import antiphon.protocol.response.DeletedObject;

/** {@code /memory}: what the tool {@code history} finds for the owner who asks. */
public final class MemoryResource {

  private final Memories memories;

  public MemoryResource(Memories memories) {
    this.memories = memories;
  }

  /**
   * The answer to GET.
   *
   * @param exchanges how many are remembered
   */
  public record Memory(String object, int exchanges) {}

  /** GET. */
  public void get(Call call, Owner owner) throws InterruptedException {
    Replies.json(call.exchange(), new Memory("memory", memories.size(owner)));
  }

  /** DELETE: all of it, for good. */
  public void delete(Call call, Owner owner) throws InterruptedException {
    var _ = memories.forget(owner);
    Replies.json(call.exchange(), new DeletedObject("memory", "memory.deleted", true));
  }
}
