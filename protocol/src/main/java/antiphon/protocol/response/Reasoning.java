package antiphon.protocol.response;

import antiphon.protocol.json.AlwaysWritten;
import org.jspecify.annotations.Nullable;

/** How the model is to think. */
public record Reasoning(
    @AlwaysWritten @Nullable Effort effort, @AlwaysWritten @Nullable SummaryMode summary) {}
