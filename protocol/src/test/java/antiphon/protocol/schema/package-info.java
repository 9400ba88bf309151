/** The contract's JSON Schemas: instances made from them, and checks against them. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol.schema;
