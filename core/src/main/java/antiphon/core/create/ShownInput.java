package antiphon.core.create;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.ImageDetail;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.InputText;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.content.PlainText;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.Role;
import java.util.List;
import java.util.Map;

/** Input items as clients read them, where requests may be shorter. */
public final class ShownInput {

  private ShownInput() {}

  /** The item with its content in parts, its status, and the detail of its images. */
  public static Item of(Item item) {
    Item whole = item instanceof Message message ? message(message) : item;
    return whole.status() == null ? whole.withStatus(ItemStatus.COMPLETED) : whole;
  }

  private static Message message(Message message) {
    Role role = message.role();
    List<ContentPart> parts =
        switch (message.content()) {
          case MessageContent.Text text -> List.of(text(role, text.text()));
          case MessageContent.Parts given ->
              given.parts().stream().map(part -> part(role, part)).toList();
        };
    return message.withContent(parts);
  }

  private static ContentPart part(Role role, ContentPart part) {
    return switch (part) {
      case PlainText plain -> text(role, plain.text());
      case InputImage image when image.detail() == null ->
          new InputImage(ImageDetail.AUTO, image.fileId(), image.imageUrl(), image.extra());
      case ContentPart other -> other;
    };
  }

  private static ContentPart text(Role role, String text) {
    return role == Role.ASSISTANT ? OutputText.of(text) : new InputText(text, Map.of());
  }
}
