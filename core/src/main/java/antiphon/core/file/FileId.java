package antiphon.core.file;

import antiphon.core.response.Owner;

/**
 * A file's id together with its owner, so that a look-up that forgets the owner does not compile.
 *
 * @param value the id on the wire, {@code file_…}
 */
public record FileId(Owner owner, String value) {

  @Override
  public String toString() {
    return value;
  }
}
