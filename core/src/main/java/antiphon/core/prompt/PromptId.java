package antiphon.core.prompt;

import antiphon.core.response.Owner;

/** The id of a prompt, with its owner. */
public record PromptId(Owner owner, String value) {}
