/** Prompts: versioned templates, where they are kept, and what becomes of them in a request. */
@NullMarked
package antiphon.core.prompt;

import org.jspecify.annotations.NullMarked;
