package antiphon.core.api;

import antiphon.core.container.ContainerFile;
import antiphon.core.container.ContainerId;
import antiphon.core.container.NewContainer;
import antiphon.core.container.StoredContainer;
import antiphon.core.response.Owner;
import antiphon.core.response.Rejected;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.util.List;

/** The operations on containers. What is not the owner's is {@link Rejected} as not found. */
public interface Containers {

  /** The longest file that is taken, in bytes. */
  long maxFileBytes();

  /**
   * Makes a container.
   *
   * @throws Rejected if the server has none, or something of it cannot be had
   */
  Shown create(Owner owner, NewContainer container) throws InterruptedException;

  /** A container, ended or not. */
  Shown get(ContainerId id);

  /** A page of the owner's. */
  Page<Shown> list(Owner owner, PageRequest page);

  /** Ends it and forgets it, with its files. */
  void delete(ContainerId id);

  /**
   * Begins a file that a client puts in; to be closed.
   *
   * @param name of the file, with folders or without
   */
  Upload upload(ContainerId id, String name);

  /** Copies an uploaded file of the same owner in. */
  ContainerFile copy(ContainerId id, String fileId) throws InterruptedException;

  /** The files in it, up to a bound. */
  List<ContainerFile> files(ContainerId id) throws InterruptedException;

  /** A file. */
  ContainerFile file(ContainerId id, String fileId) throws InterruptedException;

  /**
   * A part of a file's bytes; empty behind its end.
   *
   * @param file of {@link #file}
   */
  byte[] read(ContainerId id, ContainerFile file, long offset) throws InterruptedException;

  /** Deletes a file. */
  void deleteFile(ContainerId id, String fileId) throws InterruptedException;

  /**
   * A container, and whether it can still be used.
   *
   * @param running else it has expired
   */
  record Shown(StoredContainer container, boolean running) {}

  /** A file on its way in. */
  interface Upload extends AutoCloseable {

    /**
     * Takes more bytes.
     *
     * @throws Rejected if there is no room for them
     */
    void write(byte[] bytes, int offset, int length);

    /** All of it has come. */
    ContainerFile finish() throws InterruptedException;

    /** Drops what was not finished. */
    @Override
    void close();
  }
}
