package antiphon.core.sandbox;

/**
 * A file in a sandbox.
 *
 * @param path below the sandbox's folder
 * @param bytes its size
 * @param modifiedAt milliseconds since 1970, by the sandbox's clock; who is inside can set it
 */
public record SandboxFile(String path, long bytes, long modifiedAt) {}
