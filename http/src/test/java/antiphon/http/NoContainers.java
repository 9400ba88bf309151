package antiphon.http;

import antiphon.core.api.Containers;
import antiphon.core.container.ContainerFile;
import antiphon.core.container.ContainerId;
import antiphon.core.container.NewContainer;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.util.List;

/** Nobody has a container. */
final class NoContainers implements Containers {

  private static Rejected none() {
    return new Rejected(new Problem.NotFound("There is no such container.", "container_id"));
  }

  @Override
  public long maxFileBytes() {
    return 1024;
  }

  @Override
  public Shown create(Owner owner, NewContainer container) {
    throw none();
  }

  @Override
  public Shown get(ContainerId id) {
    throw none();
  }

  @Override
  public Page<Shown> list(Owner owner, PageRequest page) {
    return new Page<>(List.of(), false);
  }

  @Override
  public void delete(ContainerId id) {
    throw none();
  }

  @Override
  public Upload upload(ContainerId id, String name) {
    throw none();
  }

  @Override
  public ContainerFile copy(ContainerId id, String fileId) {
    throw none();
  }

  @Override
  public List<ContainerFile> files(ContainerId id) {
    throw none();
  }

  @Override
  public ContainerFile file(ContainerId id, String fileId) {
    throw none();
  }

  @Override
  public byte[] read(ContainerId id, ContainerFile file, long offset) {
    throw none();
  }

  @Override
  public void deleteFile(ContainerId id, String fileId) {
    throw none();
  }
}
