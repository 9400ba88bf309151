/** What a model's arguments have to look like. */
@org.jspecify.annotations.NullMarked
package antiphon.tools.schema;
