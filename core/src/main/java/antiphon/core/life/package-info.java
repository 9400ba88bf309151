/** What works by itself, and how it begins and ends. */
@org.jspecify.annotations.NullMarked
package antiphon.core.life;
