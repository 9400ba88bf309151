/** The engine in this process: a model file, run by llama.cpp, behind the engine port. */
@org.jspecify.annotations.NullMarked
package antiphon.engines.embedded;
