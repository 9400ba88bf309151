package antiphon.protocol.content;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** A part of a message, of reasoning, or of what a tool gave back. */
@JsonPropertyOrder({"type"})
public sealed interface ContentPart
    permits InputAudio,
        InputFile,
        InputImage,
        InputText,
        OutputText,
        PlainText,
        ReasoningText,
        Refusal,
        SummaryText,
        UnknownPart {

  /** The kind, as on the wire. */
  @JsonProperty("type")
  String type();
}
