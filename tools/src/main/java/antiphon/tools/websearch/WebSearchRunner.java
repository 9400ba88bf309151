package antiphon.tools.websearch;

import antiphon.core.engine.Engine;
import antiphon.core.net.AddressGuard;
import antiphon.core.response.Owner;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolRunner;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.WebSearchCall;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.WebSearchPreviewTool;
import antiphon.protocol.tool.WebSearchTool;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code web_search} and {@code web_search_preview}: the model asks, a provider answers. */
public final class WebSearchRunner implements ToolRunner {

  private final SearchClient client;
  private final @Nullable PageReader pages;

  /**
   * @param guard keeps pages from places that are not allowed
   */
  public WebSearchRunner(WebSearchSettings settings, AddressGuard guard) {
    client = new SearchClient(settings);
    pages = settings.pages() ? new PageReader(guard, settings.limit()) : null;
  }

  @Override
  public boolean serves(Tool tool) {
    return tool instanceof WebSearchTool || tool instanceof WebSearchPreviewTool;
  }

  @Override
  public Optional<Engine.Refusal> refuses(Owner owner, CreateResponse request, int index) {
    List<Tool> tools = request.tools() == null ? List.of() : request.tools();
    Asked.Mistake mistake = Asked.mistake(tools.get(index));
    if (mistake == null) {
      return Optional.empty();
    }
    String param = "tools[" + index + "]." + mistake.field();
    return Optional.of(new Engine.Refusal(param, "Invalid '" + param + "': " + mistake.what()));
  }

  @Override
  public ToolSession open(ToolContext context, List<Tool> tools) {
    return new WebSearchSession(context, Asked.of(tools.getFirst()), client, pages);
  }

  /** What was found is not kept: a model that needs it searches again. */
  @Override
  public Optional<List<Item>> told(Item item) {
    return item instanceof WebSearchCall ? Optional.of(List.of()) : Optional.empty();
  }

  @Override
  public void close() {
    client.close();
    if (pages != null) {
      pages.close();
    }
  }
}
