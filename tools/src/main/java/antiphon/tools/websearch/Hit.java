package antiphon.tools.websearch;

/**
 * A page that was found.
 *
 * @param text what the provider shows of it
 */
record Hit(String url, String title, String text) {}
