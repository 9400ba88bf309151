/** Agents of the configuration, which a model gives work to. */
@org.jspecify.annotations.NullMarked
package antiphon.tools.agent;
