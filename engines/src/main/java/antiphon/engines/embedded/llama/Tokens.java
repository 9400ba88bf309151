package antiphon.engines.embedded.llama;

import java.util.Arrays;
import java.util.List;

/** A run of tokens that does not change. */
public final class Tokens {

  private static final Tokens NONE = new Tokens(new int[0]);

  private final int[] numbers;

  private Tokens(int[] numbers) {
    this.numbers = numbers;
  }

  public static Tokens of(int... numbers) {
    return numbers.length == 0 ? NONE : new Tokens(numbers.clone());
  }

  /** All of these, one run after the other. */
  public static Tokens concat(List<Tokens> runs) {
    int[] all = new int[runs.stream().mapToInt(Tokens::size).sum()];
    int at = 0;
    for (Tokens run : runs) {
      System.arraycopy(run.numbers, 0, all, at, run.numbers.length);
      at += run.numbers.length;
    }
    return new Tokens(all);
  }

  public int size() {
    return numbers.length;
  }

  public int get(int index) {
    return numbers[index];
  }

  /** A fresh copy. */
  public int[] toArray() {
    return numbers.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tokens tokens && Arrays.equals(numbers, tokens.numbers);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers);
  }

  @Override
  public String toString() {
    return Arrays.toString(numbers);
  }
}
