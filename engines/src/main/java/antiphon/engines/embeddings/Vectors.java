package antiphon.engines.embeddings;

import antiphon.core.engine.EngineException;
import antiphon.engines.upstream.Faults;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Reads the vectors of one answer: by their index, as numbers or in Base64, made one long. */
final class Vectors {

  private final Faults faults;
  private final int wanted;

  /**
   * @param wanted how many there must be
   */
  Vectors(Faults faults, int wanted) {
    this.faults = faults;
    this.wanted = wanted;
  }

  List<float[]> of(JsonNode answer) throws EngineException {
    JsonNode data = answer.path("data");
    if (!data.isArray() || data.size() != wanted) {
      throw faults.broken("gave " + data.size() + " vectors for " + wanted + " texts");
    }
    SortedMap<Integer, float[]> found = new TreeMap<>();
    for (int i = 0; i < wanted; i++) {
      JsonNode one = data.get(i);
      int index = one.path("index").asInt(i);
      float[] vector = normal(numbers(one.path("embedding")));
      if (index < 0 || index >= wanted || found.putIfAbsent(index, vector) != null) {
        throw faults.broken("gave its vectors wrong numbers");
      }
    }
    return new ArrayList<>(found.values());
  }

  private float[] numbers(JsonNode embedding) throws EngineException {
    float[] numbers =
        switch (embedding.getNodeType()) {
          case STRING -> decoded(embedding.asString());
          case ARRAY -> listed(embedding);
          default -> new float[0];
        };
    if (numbers.length == 0) {
      throw faults.broken("gave a vector without numbers");
    }
    return numbers;
  }

  private float[] listed(JsonNode embedding) throws EngineException {
    float[] numbers = new float[embedding.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode one = embedding.get(i);
      if (!one.isNumber()) {
        throw faults.broken("gave a vector that is no list of numbers");
      }
      numbers[i] = (float) one.asDouble(Double.NaN);
    }
    return numbers;
  }

  /** Little-endian floats, as OpenAI's API has them. */
  private float[] decoded(String base64) throws EngineException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      throw faults.broken("gave a vector that is no Base64");
    }
    if (bytes.length % Float.BYTES != 0) {
      throw faults.broken("gave a vector that ends within a number");
    }
    float[] numbers = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
    return numbers;
  }

  private float[] normal(float[] vector) throws EngineException {
    double square = 0;
    for (float x : vector) {
      square += (double) x * x;
    }
    if (!Double.isFinite(square)) {
      throw faults.broken("gave a vector with a number that is none");
    }
    double length = Math.sqrt(square);
    for (int i = 0; i < vector.length && length > 0; i++) {
      vector[i] = (float) (vector[i] / length);
    }
    return vector;
  }
}
