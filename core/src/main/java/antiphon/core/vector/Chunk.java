package antiphon.core.vector;

import org.jspecify.annotations.Nullable;

/**
 * A part of a file's text.
 *
 * @param number its place in the file, from 0
 * @param heading the headings above it, from the outermost on; empty if there are none
 * @param page that it begins on, from 1; null for what has no pages
 * @param vector what it means; of length 1
 */
public record Chunk(
    int number, String text, String heading, @Nullable Integer page, float[] vector) {}
