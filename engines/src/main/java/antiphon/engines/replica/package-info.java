/** Several replicas of one engine behind its name. */
@org.jspecify.annotations.NullMarked
package antiphon.engines.replica;
