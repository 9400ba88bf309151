/** What every store must do, as tests to be run over each of them. */
@org.jspecify.annotations.NullMarked
package antiphon.testkit.store;
