package antiphon.core.tool;

import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Leave that clients have given for calls. Each is good for one call, in one response. */
public interface Approvals {

  /**
   * Uses leave up, durably.
   *
   * @param response who wants to use it
   * @param approval the id of the request for it, of the same owner
   * @return whether this response has it: now, or since before
   */
  boolean take(ResponseId response, String approval);

  /** Approvals that are forgotten with this process. */
  static Approvals fleeting() {
    record Key(Owner owner, String approval) {}
    Map<Key, String> taken = new ConcurrentHashMap<>();
    return (response, approval) -> {
      String before = taken.putIfAbsent(new Key(response.owner(), approval), response.value());
      return before == null || before.equals(response.value());
    };
  }
}
