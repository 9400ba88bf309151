package antiphon.tools.mcp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the model calls a server's tool: {@code label__tool}, and where that is no name for a
 * function, or could be another one's, with a hash behind it. It depends on nothing else, so that
 * every node and every later turn knows it again.
 */
final class FunctionNames {

  private static final int LONGEST = 64;
  private static final int HASH = 8;

  private FunctionNames() {}

  static String of(String label, String tool) {
    String plain = label + "__" + tool;
    String clean = plain.replaceAll("[^a-zA-Z0-9_-]", "_");
    boolean clear = clean.equals(plain) && !label.contains("__") && !label.endsWith("_");
    if (clear && !tool.startsWith("_") && clean.length() <= LONGEST) {
      return clean;
    }
    String begin = clean.substring(0, Math.min(clean.length(), LONGEST - HASH - 1));
    return begin + "_" + hash(label + "\n" + tool);
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, HASH / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
