package antiphon.protocol.response;

import org.jspecify.annotations.Nullable;

/** What kind of text is wanted. A response always shows both. */
public record TextConfig(@Nullable TextFormat format, @Nullable Verbosity verbosity) {}
