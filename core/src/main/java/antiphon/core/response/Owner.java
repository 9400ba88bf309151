package antiphon.core.response;

import org.jspecify.annotations.Nullable;

/**
 * Who a response belongs to: an account and, where the call was made on behalf of one, its end
 * user.
 *
 * <p>A call without {@code X-On-Behalf-Of} is the account's own and does not see what was made on
 * behalf of its users, nor the other way round.
 *
 * @param tenant the account, as the API key names it
 * @param endUser the external user id, compared exactly; null for the account's own calls
 */
public record Owner(String tenant, @Nullable String endUser) {

  /** The longest external user id accepted, in characters. */
  public static final int MAX_END_USER = 256;

  /** The longest name of an account, in characters. */
  public static final int MAX_TENANT = 128;

  public Owner {
    if (tenant.isEmpty()) {
      throw new IllegalArgumentException("tenant is empty");
    }
    if (endUser != null && endUser.isEmpty()) {
      throw new IllegalArgumentException("an empty end user is an absent one: use null");
    }
  }

  /** The account's own, without an end user. */
  public static Owner account(String tenant) {
    return new Owner(tenant, null);
  }
}
