package antiphon.server.settings;

/** What a setting may be. */
final class Check {

  private Check() {}

  static void range(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " must be between " + min + " and " + max + ", not " + value);
    }
  }
}
