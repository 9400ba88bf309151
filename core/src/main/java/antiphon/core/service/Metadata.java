package antiphon.core.service;

import antiphon.core.create.CreateRules;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Response;
import java.util.Map;

/** The one part of an ended response that may change. */
final class Metadata {

  private Metadata() {}

  static void check(Map<String, String> metadata) {
    CreateRules.metadata(metadata);
  }

  static byte[] replace(byte[] snapshot, Map<String, String> metadata) {
    Response response = Json.readStored(snapshot, Response.class);
    return Json.bytes(response.toBuilder().metadata(metadata).build());
  }
}
