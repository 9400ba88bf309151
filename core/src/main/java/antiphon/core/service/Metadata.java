package antiphon.core.service;

import antiphon.core.create.CreateRules;
import antiphon.protocol.json.Json;
import antiphon.protocol.response.Response;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/** The one part of an ended response that may change. */
final class Metadata {

  private static final TypeReference<Map<String, String>> TYPE = new TypeReference<>() {};

  private Metadata() {}

  static void check(Map<String, String> metadata) {
    CreateRules.metadata(metadata);
  }

  /** What is kept beside a response. */
  static Map<String, String> read(byte[] json) {
    return Json.readStored(json, TYPE);
  }

  static byte[] replace(byte[] snapshot, Map<String, String> metadata) {
    Response response = Json.readStored(snapshot, Response.class);
    return Json.bytes(response.toBuilder().metadata(metadata).build());
  }
}
