package antiphon.engines.embedded.grammar;

import static antiphon.engines.embedded.grammar.Grammar.all;
import static antiphon.engines.embedded.grammar.Grammar.any;
import static antiphon.engines.embedded.grammar.Grammar.literal;
import static antiphon.engines.embedded.grammar.Grammar.optional;
import static antiphon.engines.embedded.grammar.Grammar.repeat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers between bounds, digit by digit. Not every such number, but no other. */
final class Numbers {

  /** Where there is no bound: as far as a double holds every integer. */
  private static final BigDecimal FAR = new BigDecimal("999999999999999");

  private static final int MOST_SCALE = 12;
  private static final int MORE_DIGITS = 6;

  /**
   * The bounds of a schema.
   *
   * @param least null for none
   * @param most null for none
   * @param aboveLeast whether {@code least} itself is excluded
   * @param belowMost whether {@code most} itself is excluded
   */
  record Bounds(
      @Nullable BigDecimal least,
      @Nullable BigDecimal most,
      boolean aboveLeast,
      boolean belowMost) {

    boolean none() {
      return least == null && most == null;
    }

    private BigDecimal low() {
      BigDecimal far = most == null ? FAR.negate() : most.min(BigDecimal.ZERO).subtract(FAR);
      return least == null ? far : least;
    }

    private BigDecimal high() {
      BigDecimal far = least == null ? FAR : least.max(BigDecimal.ZERO).add(FAR);
      return most == null ? far : most;
    }
  }

  private Numbers() {}

  /**
   * Integers.
   *
   * @throws UnsupportedSchemaException if there is none between the bounds
   */
  static Grammar integers(Bounds bounds) throws UnsupportedSchemaException {
    if (bounds.none()) {
      return Json.INTEGER;
    }
    return between(bounds, 0, 0, "integer");
  }

  /**
   * Numbers of any kind.
   *
   * @throws UnsupportedSchemaException if there is none between the bounds that can be written out
   */
  static Grammar numbers(Bounds bounds) throws UnsupportedSchemaException {
    if (bounds.none()) {
      return Json.NUMBER;
    }
    int scale =
        Math.max(
            bounds.least() == null ? 0 : bounds.least().stripTrailingZeros().scale(),
            bounds.most() == null ? 0 : bounds.most().stripTrailingZeros().scale());
    int finer = bounds.aboveLeast() || bounds.belowMost() ? 2 : 0;
    return between(bounds, Math.max(0, scale) + finer, MORE_DIGITS, "number");
  }

  private static Grammar between(Bounds bounds, int scale, int moreDigits, String what)
      throws UnsupportedSchemaException {
    if (scale > MOST_SCALE || tooLong(bounds.least()) || tooLong(bounds.most())) {
      throw new UnsupportedSchemaException("The bounds of a " + what + " have too many digits.");
    }
    BigInteger low = scaled(bounds.low(), scale, RoundingMode.CEILING, bounds.aboveLeast());
    BigInteger high = scaled(bounds.high(), scale, RoundingMode.FLOOR, bounds.belowMost());
    List<Grammar> choices = new ArrayList<>();
    if (high.signum() >= 0 && low.compareTo(high) <= 0) {
      choices.add(magnitudes(low.max(BigInteger.ZERO), high, scale, moreDigits));
    }
    if (low.signum() < 0 && low.compareTo(high) <= 0) {
      BigInteger least = high.negate().max(BigInteger.ONE);
      choices.add(all(literal("-"), magnitudes(least, low.negate(), scale, moreDigits)));
    }
    if (choices.isEmpty()) {
      throw new UnsupportedSchemaException("No " + what + " lies between the bounds.");
    }
    return any(choices);
  }

  private static boolean tooLong(@Nullable BigDecimal bound) {
    return bound != null && (bound.precision() > 40 || Math.abs((long) bound.scale()) > 40);
  }

  private static BigInteger scaled(
      BigDecimal bound, int scale, RoundingMode inward, boolean excluded) {
    BigDecimal moved = bound.movePointRight(scale);
    BigInteger nearest = moved.setScale(0, inward).toBigIntegerExact();
    boolean step = excluded && new BigDecimal(nearest).compareTo(moved) == 0;
    int direction = inward == RoundingMode.CEILING ? 1 : -1;
    return step ? nearest.add(BigInteger.valueOf(direction)) : nearest;
  }

  /** Numbers without a sign from {@code low} to {@code high}, both times ten to the scale. */
  private static Grammar magnitudes(BigInteger low, BigInteger high, int scale, int moreDigits) {
    List<Grammar> choices = new ArrayList<>();
    choices.add(exact(low, high, scale));
    if (moreDigits > 0 && low.compareTo(high) < 0) {
      Grammar more = repeat(Json.DIGIT, 1, moreDigits);
      Grammar tail = scale == 0 ? all(literal("."), more) : more;
      choices.add(all(exact(low, high.subtract(BigInteger.ONE), scale), tail));
    }
    return any(choices);
  }

  private static Grammar exact(BigInteger low, BigInteger high, int scale) {
    List<Grammar> choices = new ArrayList<>();
    int shortest = Math.max(scale + 1, low.toString().length());
    for (int length = shortest; length <= Math.max(shortest, high.toString().length()); length++) {
      BigInteger first = length == shortest ? low : BigInteger.TEN.pow(length - 1);
      BigInteger last = BigInteger.TEN.pow(length).subtract(BigInteger.ONE).min(high);
      if (first.compareTo(last) <= 0) {
        choices.add(digits(padded(first, length), padded(last, length), length - scale));
      }
    }
    return any(choices);
  }

  private static String padded(BigInteger value, int length) {
    String digits = value.toString();
    return "0".repeat(length - digits.length()) + digits;
  }

  /** Digits from {@code low} to {@code high}, which are of one length, with a point after some. */
  private static Grammar digits(String low, String high, int point) {
    if (low.isEmpty()) {
      return Grammar.EMPTY;
    }
    Grammar dot = point == 0 ? literal(".") : Grammar.EMPTY;
    String lowRest = low.substring(1);
    String highRest = high.substring(1);
    char first = low.charAt(0);
    char last = high.charAt(0);
    if (first == last) {
      return all(dot, Grammar.bytes(first, first), digits(lowRest, highRest, point - 1));
    }
    String zeros = "0".repeat(lowRest.length());
    String nines = "9".repeat(lowRest.length());
    List<Grammar> choices = new ArrayList<>();
    if (!lowRest.equals(zeros)) {
      choices.add(all(Grammar.bytes(first, first), digits(lowRest, nines, point - 1)));
      first++;
    }
    if (!highRest.equals(nines)) {
      choices.add(all(Grammar.bytes(last, last), digits(zeros, highRest, point - 1)));
      last--;
    }
    if (first <= last) {
      choices.add(all(Grammar.bytes(first, last), free(lowRest.length(), point - 1)));
    }
    return all(dot, any(choices));
  }

  private static Grammar free(int count, int point) {
    if (point < 0 || point >= count) {
      return repeat(Json.DIGIT, count, count);
    }
    return all(
        repeat(Json.DIGIT, point, point),
        literal("."),
        repeat(Json.DIGIT, count - point, count - point));
  }

  /** Numbers with at most so many digits after the point. */
  static Grammar decimals(int digits) {
    return all(
        Json.INTEGER, optional(all(literal("."), repeat(Json.DIGIT, 1, Math.max(1, digits)))));
  }
}
