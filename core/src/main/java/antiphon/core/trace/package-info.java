/** The caller's trace: kept with a response, and handed on to whomever its run asks. */
@NullMarked
package antiphon.core.trace;

import org.jspecify.annotations.NullMarked;
