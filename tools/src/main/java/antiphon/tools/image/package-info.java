/** Images, made by any endpoint that speaks OpenAI's API of them. */
@org.jspecify.annotations.NullMarked
package antiphon.tools.image;
