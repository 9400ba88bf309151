package antiphon.core.container;

/**
 * A file in a container.
 *
 * @param id {@code cfile_…}, made of the container and the path: the same as long as it lies there
 * @param path below the container's folder
 * @param bytes its size
 * @param modifiedAt milliseconds since 1970, as the container says
 * @param byUser whether a client has put it there, and not the model
 */
public record ContainerFile(String id, String path, long bytes, long modifiedAt, boolean byUser) {

  /** What file ids begin with. */
  public static final String PREFIX = "cfile";
}
