package antiphon.engines.chat;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.ImageDetail;
import antiphon.protocol.content.InputAudio;
import antiphon.protocol.content.InputFile;
import antiphon.protocol.content.InputImage;
import antiphon.protocol.content.InputText;
import antiphon.protocol.content.OutputText;
import antiphon.protocol.content.PlainText;
import antiphon.protocol.content.ReasoningText;
import antiphon.protocol.content.Refusal;
import antiphon.protocol.content.SummaryText;
import antiphon.protocol.content.UnknownPart;
import antiphon.protocol.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Parts of messages in Chat Completions' form. */
final class ChatParts {

  private ChatParts() {}

  /** One text as a string, which every template takes; anything else as parts. */
  static JsonNode content(List<ContentPart> parts) {
    String single = parts.size() == 1 ? text(parts.getFirst()) : null;
    if (parts.isEmpty() || single != null) {
      return ChatRequests.string(single == null ? "" : single);
    }
    ArrayNode content = ChatRequests.array();
    parts.forEach(part -> content.add(part(part)));
    return content;
  }

  /** The text of a part that is text, else null. */
  static @Nullable String text(ContentPart part) {
    return switch (part) {
      case InputText text -> text.text();
      case OutputText text -> text.text();
      case PlainText text -> text.text();
      case SummaryText text -> text.text();
      case ReasoningText text -> text.text();
      case Refusal refusal -> refusal.refusal();
      case UnknownPart unknown -> unknown(unknown);
      case InputFile file when file.fileData() == null && file.fileUrl() != null -> address(file);
      case InputImage _, InputFile _, InputAudio _ -> null;
    };
  }

  /** Chat Completions takes files as data alone: the model is told of one that is elsewhere. */
  private static String address(InputFile file) {
    String name = file.filename() == null ? "" : " '" + file.filename() + "'";
    return "[A file" + name + ", to be found at " + file.fileUrl() + "]";
  }

  private static String unknown(UnknownPart part) {
    JsonNode text = part.fields().get("text");
    return text != null && text.isString() ? text.asString() : Json.text(part);
  }

  static ObjectNode textPart(String text) {
    return ChatRequests.object().put("type", "text").put("text", text);
  }

  private static ObjectNode part(ContentPart part) {
    String text = text(part);
    if (text != null) {
      return textPart(text);
    }
    return switch (part) {
      case InputImage image -> image(image);
      case InputFile file -> file(file);
      case InputAudio audio -> audio(audio);
      default -> throw new IllegalArgumentException("not refused: part " + part.type());
    };
  }

  private static ObjectNode image(InputImage image) {
    ObjectNode node = ChatRequests.object().put("type", "image_url");
    ObjectNode inner = node.putObject("image_url").put("url", image.imageUrl());
    if (image.detail() != null) {
      // Chat Completions knows no closer look than 'high'.
      boolean closest = image.detail().equals(ImageDetail.ORIGINAL);
      inner.put("detail", (closest ? ImageDetail.HIGH : image.detail()).wire());
    }
    return node;
  }

  private static ObjectNode file(InputFile file) {
    ObjectNode node = ChatRequests.object().put("type", "file");
    ObjectNode inner = node.putObject("file");
    if (file.filename() != null) {
      inner.put("filename", file.filename());
    }
    inner.put("file_data", file.fileData());
    return node;
  }

  private static ObjectNode audio(InputAudio audio) {
    ObjectNode node = ChatRequests.object().put("type", "input_audio");
    node.putObject("input_audio")
        .put("data", audio.inputAudio().data())
        .put("format", audio.inputAudio().format());
    return node;
  }
}
