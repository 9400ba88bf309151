package antiphon.core.container;

import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Keeps what is known of containers, for all nodes. Calls block, and throw {@link
 * antiphon.core.store.StoreException} if the store cannot be reached.
 */
public interface ContainerStore {

  /** Writes a container; writing the same id again changes nothing. */
  void add(StoredContainer container);

  /** The container, ended or not. */
  Optional<StoredContainer> find(ContainerId id);

  /**
   * A page of an owner's containers, by the moment they were made.
   *
   * @return empty if {@code after} or {@code before} names none of the owner's
   */
  Optional<Page<StoredContainer>> list(Owner owner, PageRequest page);

  /** It is used now. */
  void touch(ContainerId id);

  /**
   * It has ended before its time.
   *
   * @return false if there is none, or it had ended before
   */
  boolean end(ContainerId id, String why);

  /**
   * Forgets it.
   *
   * @return false if there is none
   */
  boolean delete(ContainerId id);

  /** A node promises to be there for its containers for this long from now. */
  void renew(String node, Duration lease);

  /** A node stops: all its containers end. */
  void leave(String node, String why);

  /**
   * Forgets containers that can be used no more and were not for this long.
   *
   * @return how many
   */
  int purge(Duration kept, int limit);

  /** The time that containers are dated and expire by. */
  InstantSource clock();
}
