package antiphon.core.create;

import antiphon.core.response.Owner;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a model thought, for its client to keep and send back: sealed with a key of the server's and
 * bound to the owner, so that nobody reads it, changes it, or uses it as somebody else.
 */
public final class ReasoningSeal {

  private static final String MARK = "antiphon1.";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey key;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param secret at least 16 bytes that nobody guesses; the same ones open what was sealed
   */
  public ReasoningSeal(byte[] secret) {
    if (secret.length < 16) {
      throw new IllegalArgumentException("a secret needs at least 16 bytes");
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret);
      key = new SecretKeySpec(hash, "AES");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A seal that nothing opens after the end of this process. */
  public static ReasoningSeal fleeting() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return new ReasoningSeal(secret);
  }

  /** Seals. */
  public String seal(Owner owner, Thought thought) {
    return seal(owner, Json.bytes(thought));
  }

  String seal(Owner owner, byte[] json) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, owner, nonce).doFinal(json);
      byte[] whole = ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
      return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("reasoning could not be sealed", e);
    }
  }

  /**
   * Seals any text.
   *
   * @param purpose only who names the same opens it
   */
  String sealText(Owner owner, String purpose, String text) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, owner, nonce);
      cipher.updateAAD(("\0" + purpose).getBytes(StandardCharsets.UTF_8));
      byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
      byte[] whole = ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a text could not be sealed", e);
    }
  }

  /** What was sealed; empty if it was not sealed here, for this owner and purpose. */
  Optional<String> openText(Owner owner, String purpose, String sealed) {
    try {
      byte[] whole = Base64.getUrlDecoder().decode(sealed);
      if (whole.length <= NONCE) {
        return Optional.empty();
      }
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, owner, Arrays.copyOf(whole, NONCE));
      cipher.updateAAD(("\0" + purpose).getBytes(StandardCharsets.UTF_8));
      byte[] text = cipher.doFinal(whole, NONCE, whole.length - NONCE);
      return Optional.of(new String(text, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Whether a text says that it was sealed by a server like this one. */
  static boolean isSealed(@Nullable String text) {
    return text != null && text.startsWith(MARK);
  }

  /** What was sealed; empty if it was not sealed here, for this owner, or was changed. */
  Optional<Thought> open(Owner owner, String sealed) {
    return open(owner, sealed, Thought.class);
  }

  <T> Optional<T> open(Owner owner, String sealed, Class<T> type) {
    try {
      byte[] whole = Base64.getUrlDecoder().decode(sealed.substring(MARK.length()));
      if (whole.length <= NONCE) {
        return Optional.empty();
      }
      byte[] nonce = Arrays.copyOf(whole, NONCE);
      byte[] json =
          cipher(Cipher.DECRYPT_MODE, owner, nonce).doFinal(whole, NONCE, whole.length - NONCE);
      return Optional.of(Json.readStored(json, type));
    } catch (GeneralSecurityException | IllegalArgumentException | InvalidJson _) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, Owner owner, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    String endUser = owner.endUser();
    String bound = owner.tenant() + "\0" + (endUser == null ? "" : endUser);
    cipher.updateAAD(bound.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  /**
   * What is sealed.
   *
   * @param text the reasoning itself, of an engine that tells it
   * @param engine who made {@code content}, and is alone given it
   * @param id the engine's own id of the item
   * @param content the engine's own encrypted reasoning, or other state that it wants back
   */
  public record Thought(
      @Nullable String text,
      @Nullable String engine,
      @Nullable String id,
      @Nullable String content) {}
}
