package antiphon.core.create;

import antiphon.core.response.Rejected;
import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputFile;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.item.ComputerCallOutput;
import antiphon.protocol.item.CustomToolCallOutput;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.ToolOutput;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where pictures and files may come from. An engine fetches what it is told to: with {@code file:}
 * it would read its own machine's files for whoever asks.
 */
final class UrlRules {

  private static final Set<String> SCHEMES = Set.of("http", "https", "data");

  private UrlRules() {}

  /**
   * Refuses an item with an address that is not http, https or data.
   *
   * @param param names the item
   */
  static void check(String param, Item item) {
    switch (item) {
      case Message message when message.content() instanceof MessageContent.Parts(var parts) ->
          parts(param + ".content", parts);
      case FunctionCallOutput output -> output(param, output.output());
      case CustomToolCallOutput output -> output(param, output.output());
      case ComputerCallOutput output ->
          url(param + ".output.image_url", output.output().imageUrl());
      default -> {}
    }
  }

  private static void output(String param, ToolOutput output) {
    if (output instanceof ToolOutput.Parts(List<ContentPart> parts)) {
      parts(param + ".output", parts);
    }
  }

  private static void parts(String param, List<ContentPart> parts) {
    for (int i = 0; i < parts.size(); i++) {
      String at = param + "[" + i + "]";
      switch (parts.get(i)) {
        case InputImage image -> url(at + ".image_url", image.imageUrl());
        case InputFile file -> url(at + ".file_url", file.fileUrl());
        default -> {}
      }
    }
  }

  private static void url(String param, @Nullable String url) {
    if (url == null) {
      return;
    }
    int colon = url.indexOf(':');
    if (colon < 0
        || SCHEMES.stream().noneMatch(known -> known.equalsIgnoreCase(url.substring(0, colon)))) {
      throw Rejected.invalid(param, "Invalid '" + param + "': must be an http, https or data URL.");
    }
  }
}
