/** The shape of the house: what may touch what. */
@org.jspecify.annotations.NullMarked
package antiphon.architecture;
