package antiphon.tools.websearch;

import antiphon.core.engine.Engine;
import antiphon.core.net.AddressGuard;
import antiphon.core.response.Owner;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolRunner;
import antiphon.core.tool.ToolSession;
import antiphon.core.web.DocumentReader;
import antiphon.core.web.PageIndex;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.WebSearchCall;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.Tool;
import antiphon.protocol.tool.WebSearchPreviewTool;
import antiphon.protocol.tool.WebSearchTool;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** {@code web_search} and {@code web_search_preview}: the model asks, a provider answers. */
public final class WebSearchRunner implements ToolRunner {

  private final Web web;
  private final BooleanSupplier served;

  private WebSearchRunner(Web web, BooleanSupplier served) {
    this.web = web;
    this.served = served;
  }

  /**
   * Asks a provider.
   *
   * @param guard keeps pages from places that are not allowed
   * @param documents reads pages that are documents, such as PDF; closed with this; null to refuse
   *     them
   */
  public static WebSearchRunner live(
      WebSearchSettings settings, AddressGuard guard, @Nullable DocumentReader documents) {
    PageReader pages = settings.pages() ? new PageReader(guard, settings.limit(), documents) : null;
    return new WebSearchRunner(new LiveWeb(new SearchClient(settings), pages), () -> true);
  }

  /**
   * Answers from the pages that are kept here, without a network.
   *
   * @param index closed with this
   * @param always whether to serve though nothing has been added
   * @param pages whether the model may open pages
   */
  public static WebSearchRunner offline(PageIndex index, boolean always, boolean pages) {
    return new WebSearchRunner(
        new OfflineWeb(index, pages), always ? () -> true : () -> !index.isEmpty());
  }

  @Override
  public boolean serves(Tool tool) {
    return (tool instanceof WebSearchTool || tool instanceof WebSearchPreviewTool)
        && served.getAsBoolean();
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
    return new WebSearchSession(context, Asked.of(tools.getFirst()), web);
  }

  /** What was found is not kept: a model that needs it searches again. */
  @Override
  public Optional<List<Item>> told(Item item) {
    return item instanceof WebSearchCall ? Optional.of(List.of()) : Optional.empty();
  }

  @Override
  public void close() {
    web.close();
  }
}
