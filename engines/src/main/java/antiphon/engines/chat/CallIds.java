package antiphon.engines.chat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/** The form that an engine demands of the ids of calls. */
public enum CallIds {

  /** Any text. */
  ANY {
    @Override
    String of(String id) {
      return id;
    }
  },

  /** Nine letters and digits: any other id becomes such a one, always the same. */
  NINE {
    @Override
    String of(String id) {
      return NINE_CHARACTERS.matcher(id).matches() ? id : hash(id);
    }
  };

  private static final Pattern NINE_CHARACTERS = Pattern.compile("[a-zA-Z0-9]{9}");
  private static final String CHARACTERS =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /** The id that the engine is told. */
  abstract String of(String id);

  private static String hash(String id) {
    byte[] hash;
    try {
      hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    StringBuilder mapped = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      mapped.append(CHARACTERS.charAt(Byte.toUnsignedInt(hash[i]) % CHARACTERS.length()));
    }
    return mapped.toString();
  }
}
