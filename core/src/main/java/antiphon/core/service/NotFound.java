package antiphon.core.service;

import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.store.PageRequest;

/** The same 404 for what is not there, was deleted, or is somebody else's. */
final class NotFound {

  private NotFound() {}

  static Rejected response(String id) {
    return new Rejected(
        new Problem.NotFound("Response with id '" + id + "' not found.", "response_id"));
  }

  static Rejected file(String id) {
    return new Rejected(new Problem.NotFound("No such File object: " + shown(id), "file_id"));
  }

  static Rejected vectorStore(String id) {
    return new Rejected(
        new Problem.NotFound("No such VectorStore object: " + shown(id), "vector_store_id"));
  }

  static Rejected permission(String user) {
    return new Rejected(
        new Problem.NotFound("No permission was granted to: " + shown(user), "user_id"));
  }

  static Rejected fileBatch(String id) {
    return new Rejected(new Problem.NotFound("No such FileBatch object: " + shown(id), "batch_id"));
  }

  /** A text from the client, short enough to be sent back. */
  private static String shown(String id) {
    return id.length() <= 100 ? id : id.substring(0, 100) + "…";
  }

  static Rejected conversation(String id) {
    return new Rejected(
        new Problem.NotFound("Conversation with id '" + id + "' not found.", "conversation_id"));
  }

  static Rejected item(String id) {
    return new Rejected(
        new Problem.NotFound("Item with id '" + shown(id) + "' not found.", "item_id"));
  }

  static Rejected cursor(PageRequest page) {
    return Rejected.invalid(
        page.after() != null ? "after" : "before", "The list has no entry with this id.");
  }
}
