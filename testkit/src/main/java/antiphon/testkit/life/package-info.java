/** What holds for whatever works by itself. */
@org.jspecify.annotations.NullMarked
package antiphon.testkit.life;
