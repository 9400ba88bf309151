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

  static Rejected cursor(PageRequest page) {
    return Rejected.invalid(
        page.after() != null ? "after" : "before", "The list has no entry with this id.");
  }
}
