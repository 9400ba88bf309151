package antiphon.http.wire;

import java.util.List;
import java.util.Locale;

/** What a request's headers say of its body. */
public final class Bodies {

  private Bodies() {}

  /**
   * The body of a request that must be JSON.
   *
   * @throws Refused with 415 if its type or encoding is another, 400 if there is none
   */
  public static byte[] json(Exchange exchange) {
    List<String> encodings = exchange.headers("content-encoding");
    if (encodings.stream().anyMatch(encoding -> !encoding.equalsIgnoreCase("identity"))) {
      throw new Refused(
          415, "The body must not be compressed.", "unsupported_content_encoding");
    }
    if (exchange.body().length == 0) {
      throw new Refused(400, "The request needs a JSON body.", "missing_body");
    }
    List<String> types = exchange.headers("content-type");
    if (types.size() != 1 || !isJson(types.getFirst())) {
      throw new Refused(
          415, "The content type must be application/json.", "unsupported_media_type");
    }
    return exchange.body();
  }

  private static boolean isJson(String contentType) {
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
    if (!parts[0].strip().equals("application/json")) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return false;
      }
    }
    return true;
  }
}
