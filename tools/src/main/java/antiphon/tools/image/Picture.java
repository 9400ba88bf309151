package antiphon.tools.image;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.item.ImageGenerationCall;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.Message;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A picture that can be worked on.
 *
 * @param mediaType such as {@code image/png}
 * @param base64 its bytes
 */
record Picture(String mediaType, String base64) {

  private static final Pattern DATA =
      Pattern.compile("data:(image/(?:png|jpeg|webp));base64,([A-Za-z0-9+/]+={0,2})");

  private static final int MOST = 4;

  /** The picture of a data URL; empty if it is none. */
  static Optional<Picture> of(@Nullable String url) {
    if (url == null || !url.startsWith("data:")) {
      return Optional.empty();
    }
    Matcher data = DATA.matcher(url);
    return data.matches()
        ? Optional.of(new Picture(data.group(1), data.group(2)))
        : Optional.empty();
  }

  /** The newest pictures of a conversation that are there as bytes, in their order. */
  static List<Picture> in(List<Item> conversation) {
    List<Picture> found = new ArrayList<>();
    for (Item item : conversation) {
      switch (item) {
        case Message message when message.content() instanceof MessageContent.Parts(var parts) ->
            add(parts, found);
        case ImageGenerationCall made when made.result() != null && !made.result().isEmpty() ->
            found.add(new Picture("image/" + format(made), made.result()));
        default -> {}
      }
    }
    return List.copyOf(found.subList(Math.max(0, found.size() - MOST), found.size()));
  }

  private static String format(ImageGenerationCall made) {
    return made.outputFormat() == null ? "png" : made.outputFormat();
  }

  private static void add(List<ContentPart> parts, List<Picture> found) {
    for (ContentPart part : parts) {
      if (part instanceof InputImage image) {
        of(image.imageUrl()).ifPresent(found::add);
      }
    }
  }

  byte[] bytes() {
    return Base64.getDecoder().decode(base64);
  }

  /** A name that its kind can be told from. */
  String fileName(String stem) {
    return stem + "." + mediaType.substring("image/".length());
  }
}
