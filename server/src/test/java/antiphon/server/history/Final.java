package antiphon.server.history;

import java.util.List;

/**
 * A response after all is over.
 *
 * @param words how many words it would have if nobody cancelled it
 * @param bodies what each node answers
 * @param events the whole log
 */
record Final(String id, int words, List<String> bodies, List<String> events) {}
