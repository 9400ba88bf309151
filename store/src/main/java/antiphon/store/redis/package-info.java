/** Signals through Redis or Valkey. */
@org.jspecify.annotations.NullMarked
package antiphon.store.redis;
