package antiphon.protocol.json;

import antiphon.protocol.content.ContentPart;
import antiphon.protocol.content.ContentPartReader;
import antiphon.protocol.content.MessageContent;
import antiphon.protocol.event.StreamEvent;
import antiphon.protocol.event.StreamEventReader;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemReader;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.request.Input;
import antiphon.protocol.response.Instructions;
import antiphon.protocol.response.TextFormat;
import antiphon.protocol.response.TextFormatReader;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.ToolChoice;
import antiphon.protocol.tool.ToolChoiceReader;
import antiphon.protocol.tool.ToolReader;
import java.util.List;
import tools.jackson.databind.module.SimpleModule;

/** The readers, and writers, of everything that comes in several forms. */
final class WireModule extends SimpleModule {

  private static final long serialVersionUID = 1L;

  WireModule() {
    super("wire");
    addDeserializer(Double.class, new FiniteNumber(false));
    addDeserializer(Double.TYPE, new FiniteNumber(true));
    addDeserializer(Item.class, new ItemReader());
    addDeserializer(ContentPart.class, new ContentPartReader());
    addDeserializer(Tool.class, new ToolReader());
    addDeserializer(ToolChoice.class, new ToolChoiceReader());
    addDeserializer(TextFormat.class, new TextFormatReader());
    addDeserializer(StreamEvent.class, new StreamEventReader());
    addDeserializer(
        MessageContent.class,
        new TextOrListReader<MessageContent, ContentPart>(
            MessageContent.Text::new, ContentPart.class, MessageContent.Parts::new));
    addDeserializer(
        ToolOutput.class,
        new TextOrListReader<ToolOutput, ContentPart>(
            ToolOutput.Text::new, ContentPart.class, ToolOutput.Parts::new));
    addDeserializer(
        Input.class,
        new TextOrListReader<Input, Item>(Input.Text::new, Item.class, Input.Items::new));
    addDeserializer(
        Instructions.class,
        new TextOrListReader<Instructions, Item>(
            Instructions.Text::new, Item.class, Instructions.Items::new));
    addDeserializer(
        CreateResponse.Stop.class,
        new TextOrListReader<CreateResponse.Stop, String>(
            text -> new CreateResponse.Stop(List.of(text)),
            String.class,
            CreateResponse.Stop::new));
    addSerializer(MessageContent.Parts.class, new ListWriter<>(MessageContent.Parts::parts));
    addSerializer(ToolOutput.Parts.class, new ListWriter<>(ToolOutput.Parts::parts));
    addSerializer(Input.Items.class, new ListWriter<>(Input.Items::items));
    addSerializer(Instructions.Items.class, new ListWriter<>(Instructions.Items::items));
    addSerializer(CreateResponse.Stop.class, new ListWriter<>(CreateResponse.Stop::texts));
  }
}
