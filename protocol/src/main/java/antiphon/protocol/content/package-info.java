/** The parts that messages and reasoning are made of. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol.content;
