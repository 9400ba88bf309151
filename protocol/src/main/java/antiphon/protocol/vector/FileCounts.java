package antiphon.protocol.vector;

/** How many files there are, by what became of them. */
public record FileCounts(int inProgress, int completed, int failed, int cancelled, int total) {}
