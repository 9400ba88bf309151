package antiphon.tools.search;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.DeferredTool;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.NamespaceTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Finding tools by words. */
class ToolIndexTest {

  private static final ToolIndex INDEX = new ToolIndex(tools());

  private static DeferredTool tool(String name, String description, String parameter) {
    FunctionTool function =
        new FunctionTool(
            name,
            description,
            Map.of("properties", Json.toTree(Map.of(parameter, Map.of("type", "string")))),
            null,
            true,
            Map.of());
    return Objects.requireNonNull(DeferredTool.of(function, null));
  }

  private static List<DeferredTool> tools() {
    List<DeferredTool> tools = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      tools.add(tool("report_" + i, "Makes the report number " + i + " of the department.", "day"));
    }
    tools.add(tool("createInvoice", "Bills a customer for what was delivered.", "amount"));
    tools.add(tool("get_weather", "Tells whether it rains.", "city"));
    tools.add(tool("send_mail", "Sends a letter.", "postal_address"));
    FunctionTool inner = new FunctionTool("lookup", "Finds one.", Map.of(), null, true, Map.of());
    NamespaceTool crm =
        new NamespaceTool("crm", "Customer records and contacts.", List.of(inner), Map.of());
    tools.add(Objects.requireNonNull(DeferredTool.of(inner, crm)));
    return tools;
  }

  @ParameterizedTest
  @CsvSource({
    "invoices, createInvoice",
    "bill a customer, createInvoice",
    "get_weather, get_weather",
    "will it be raining, get_weather",
    "postal, send_mail",
    "crm, crm__lookup",
    "contacts of a customer, crm__lookup",
    "crm__lookup, crm__lookup",
    "report number 512, report_512",
  })
  void theToolThatIsMeantComesFirst(String query, String name) {
    assertThat(INDEX.search(query, 5)).first().extracting(DeferredTool::name).isEqualTo(name);
  }

  @Test
  void nothingFitsAndNothingIsAskedFor() {
    assertThat(INDEX.search("xylophone", 5)).isEmpty();
    assertThat(INDEX.search("", 5)).isEmpty();
    assertThat(INDEX.search("report", 7)).hasSize(7);
    assertThat(new ToolIndex(List.of()).search("report", 5)).isEmpty();
  }
}
