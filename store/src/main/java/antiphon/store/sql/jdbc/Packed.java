package antiphon.store.sql.jdbc;

import antiphon.core.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;

/**
 * Values as they are kept: what is larger is packed, as a zero byte, the length (4 bytes,
 * big-endian) and one LZ4 block. JSON of this API repeats itself so much that this takes less time
 * than writing it out would.
 */
public final class Packed {

  private static final byte MARK = 0;
  private static final int HEADER = 1 + Integer.BYTES;

  /** What is smaller, in bytes, stays as it is. */
  private static final int WORTH_PACKING = 512;

  private static final LZ4Compressor COMPRESSOR = LZ4Factory.safeInstance().fastCompressor();
  private static final LZ4SafeDecompressor DECOMPRESSOR =
      LZ4Factory.safeInstance().safeDecompressor();

  private Packed() {}

  /**
   * Packs a value if that makes it smaller.
   *
   * @throws IllegalArgumentException if it begins with a zero byte
   */
  public static byte[] of(byte[] value) {
    if (value.length > 0 && value[0] == MARK) {
      throw new IllegalArgumentException("a value begins with a zero byte");
    }
    if (value.length < WORTH_PACKING) {
      return value;
    }
    byte[] packed = new byte[HEADER + COMPRESSOR.maxCompressedLength(value.length)];
    ByteBuffer.wrap(packed).put(MARK).putInt(value.length);
    int size = HEADER + COMPRESSOR.compress(value, 0, value.length, packed, HEADER);
    return size < value.length ? Arrays.copyOf(packed, size) : value;
  }

  /**
   * The value again.
   *
   * @throws StoreException if it is damaged
   */
  public static byte[] unpack(byte[] kept) {
    return kept.length > 0 && kept[0] == MARK ? read(kept) : kept;
  }

  /** How large the value is, without unpacking it. */
  public static long length(byte[] kept) {
    return kept.length >= HEADER && kept[0] == MARK ? ByteBuffer.wrap(kept).getInt(1) : kept.length;
  }

  /** The same for a column that may be empty. */
  public static byte @Nullable [] unpackNullable(byte @Nullable [] kept) {
    return kept == null ? null : unpack(kept);
  }

  private static byte[] read(byte[] kept) {
    try {
      byte[] value = new byte[ByteBuffer.wrap(kept).getInt(1)];
      int size = DECOMPRESSOR.decompress(kept, HEADER, kept.length - HEADER, value, 0);
      if (size == value.length) {
        return value;
      }
    } catch (LZ4Exception | IndexOutOfBoundsException | NegativeArraySizeException e) {
      throw new StoreException("a value in the store is damaged", e);
    }
    throw new StoreException("a value in the store is damaged");
  }
}
