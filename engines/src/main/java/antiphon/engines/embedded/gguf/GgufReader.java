package antiphon.engines.embedded.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Walks a GGUF file from its first byte to the end of its tensor list. Format versions 2 and 3. */
final class GgufReader {

  private static final int MAGIC = 0x46554747;
  private static final int MAX_KEY_BYTES = 65_535;
  private static final int MAX_DIMENSIONS = 4;
  private static final int ARRAY_HEAD = 512;
  private static final int STRING = 8;

  private static final ValueLayout.OfShort SHORT = little(ValueLayout.JAVA_SHORT_UNALIGNED);
  private static final ValueLayout.OfInt INT = little(ValueLayout.JAVA_INT_UNALIGNED);
  private static final ValueLayout.OfLong LONG = little(ValueLayout.JAVA_LONG_UNALIGNED);
  private static final ValueLayout.OfFloat FLOAT = little(ValueLayout.JAVA_FLOAT_UNALIGNED);
  private static final ValueLayout.OfDouble DOUBLE = little(ValueLayout.JAVA_DOUBLE_UNALIGNED);

  private final Path file;
  private final MemorySegment data;
  private long at;

  private GgufReader(Path file, MemorySegment data) {
    this.file = file;
    this.data = data;
  }

  static Gguf read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new GgufException("There is no model file " + file + ".");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      if (channel.size() < 24) {
        throw new GgufException(
            file + " is no GGUF model: it has " + channel.size() + " bytes, less than a header.");
      }
      MemorySegment data = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      GgufReader reader = new GgufReader(file, data);
      try {
        return reader.read();
      } catch (IndexOutOfBoundsException _) {
        throw reader.broken("it ends in the middle of its header: the file is not whole");
      } catch (ArithmeticException _) {
        throw reader.broken("its header holds impossible sizes");
      }
    }
  }

  private Gguf read() throws GgufException {
    if (nextInt() != MAGIC) {
      throw broken("it does not begin with the letters GGUF");
    }
    int version = nextInt();
    if (version != 2 && version != 3) {
      throw broken(
          Integer.reverseBytes(version) <= 3
              ? "it was written for big-endian machines"
              : "its format version " + Integer.toUnsignedString(version) + " is not 2 or 3");
    }
    long tensors = nextCount("tensors", 24);
    long pairs = nextCount("metadata pairs", 13);
    Map<String, GgufValue> metadata = new HashMap<>();
    for (long i = 0; i < pairs; i++) {
      String key = nextKey();
      if (metadata.put(key, nextValue(nextInt(), 0)) != null) {
        throw broken("its metadata has the key " + key + " twice");
      }
    }
    Gguf gguf = new Gguf(file, data.byteSize(), version, tensors, metadata);
    checkTensors(gguf);
    GgufCheck.check(gguf);
    return gguf;
  }

  private void checkTensors(Gguf gguf) throws GgufException {
    long alignment = gguf.whole("general.alignment").orElse(32);
    if (alignment < 1 || alignment > 1 << 20 || Long.bitCount(alignment) != 1) {
      throw broken("its alignment " + alignment + " is not a power of two");
    }
    Set<String> names = new HashSet<>();
    long end = 0;
    for (long i = 0; i < gguf.tensors(); i++) {
      String name = nextKey();
      if (!names.add(name)) {
        throw broken("it has the tensor " + name + " twice");
      }
      long bytes = tensorBytes(name);
      long offset = nextLong();
      if (offset < 0 || offset % alignment != 0) {
        throw broken("the tensor " + name + " begins at an impossible place");
      }
      end = Math.max(end, Math.addExact(offset, bytes));
    }
    long whole = Math.addExact(-Math.floorDiv(-at, alignment) * alignment, end);
    if (whole > data.byteSize()) {
      throw broken(
          "it is cut short: its tensors need " + whole + " bytes, it has " + data.byteSize());
    }
  }

  private long tensorBytes(String name) throws GgufException {
    int dimensions = nextInt();
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw broken("the tensor " + name + " has " + dimensions + " dimensions");
    }
    long row = nextLong();
    long rows = 1;
    for (int i = 1; i < dimensions; i++) {
      long size = nextLong();
      rows = size < 1 ? -1 : Math.multiplyExact(rows, size);
      if (rows < 1) {
        throw broken("the tensor " + name + " has an empty dimension");
      }
    }
    int number = nextInt();
    TensorType type =
        TensorType.of(number)
            .orElseThrow(() -> broken("the tensor " + name + " is of unknown type " + number));
    if (row < 1) {
      throw broken("the tensor " + name + " has an empty dimension");
    }
    return type.bytes(row, rows)
        .orElseThrow(() -> broken("the rows of tensor " + name + " are not whole blocks"));
  }

  private GgufValue nextValue(int type, int depth) throws GgufException {
    return switch (type) {
      case 0 -> new GgufValue.Whole(Byte.toUnsignedLong(nextByte()));
      case 1 -> new GgufValue.Whole(nextByte());
      case 2 -> new GgufValue.Whole(Short.toUnsignedLong(nextShort()));
      case 3 -> new GgufValue.Whole(nextShort());
      case 4 -> new GgufValue.Whole(Integer.toUnsignedLong(nextInt()));
      case 5 -> new GgufValue.Whole(nextInt());
      case 6 -> new GgufValue.Real(data.get(FLOAT, step(Float.BYTES)));
      case 7 -> new GgufValue.Flag(nextByte() != 0);
      case STRING -> new GgufValue.Text(nextString(data.byteSize()));
      case 9 -> nextArray(depth);
      case 10, 11 -> new GgufValue.Whole(nextLong());
      case 12 -> new GgufValue.Real(data.get(DOUBLE, step(Double.BYTES)));
      default -> throw broken("its metadata has a value of unknown type " + type);
    };
  }

  private GgufValue nextArray(int depth) throws GgufException {
    if (depth > 4) {
      throw broken("its metadata nests arrays too deeply");
    }
    int type = nextInt();
    long length = nextCount("array elements", 1);
    List<GgufValue> head = new ArrayList<>();
    for (long i = 0; i < length; i++) {
      if (type == STRING && i >= ARRAY_HEAD) {
        step(nextLength(data.byteSize()));
      } else {
        GgufValue value = nextValue(type, depth + 1);
        if (i < ARRAY_HEAD) {
          head.add(value);
        }
      }
    }
    return new GgufValue.Many(length, head);
  }

  private long nextCount(String what, int leastBytesEach) throws GgufException {
    long count = nextLong();
    if (count < 0 || count > (data.byteSize() - at) / leastBytesEach) {
      throw broken(
          "it claims " + Long.toUnsignedString(count) + " " + what + ", more than fit into it");
    }
    return count;
  }

  private String nextKey() throws GgufException {
    return nextString(MAX_KEY_BYTES);
  }

  private String nextString(long limit) throws GgufException {
    long length = nextLength(limit);
    byte[] bytes = data.asSlice(step(length), length).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private long nextLength(long limit) throws GgufException {
    long length = nextLong();
    if (length < 0 || length > limit || length > data.byteSize() - at) {
      throw broken(
          "it claims a string of " + Long.toUnsignedString(length) + " bytes, more than fit");
    }
    return length;
  }

  private byte nextByte() {
    return data.get(ValueLayout.JAVA_BYTE, step(Byte.BYTES));
  }

  private short nextShort() {
    return data.get(SHORT, step(Short.BYTES));
  }

  private int nextInt() {
    return data.get(INT, step(Integer.BYTES));
  }

  private long nextLong() {
    return data.get(LONG, step(Long.BYTES));
  }

  private long step(long bytes) {
    long before = at;
    at = Math.addExact(at, bytes);
    return before;
  }

  private GgufException broken(String why) {
    return new GgufException(file + " is no GGUF model that can be used: " + why + ".");
  }

  @SuppressWarnings("unchecked")
  private static <L extends ValueLayout> L little(L layout) {
    return (L) layout.withOrder(ByteOrder.LITTLE_ENDIAN);
  }
}
