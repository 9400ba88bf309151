/**
 * What every engine over HTTP shares: calls, time limits, retries, event streams, faults, models.
 */
@org.jspecify.annotations.NullMarked
package antiphon.engines.upstream;
