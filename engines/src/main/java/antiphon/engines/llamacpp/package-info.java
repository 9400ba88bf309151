/** llama.cpp's server as a child of this process: found, started, watched, ended with us. */
@org.jspecify.annotations.NullMarked
package antiphon.engines.llamacpp;
