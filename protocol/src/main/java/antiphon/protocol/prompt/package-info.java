/** Prompts: templates that requests name instead of sending their text. */
@NullMarked
package antiphon.protocol.prompt;

import org.jspecify.annotations.NullMarked;
