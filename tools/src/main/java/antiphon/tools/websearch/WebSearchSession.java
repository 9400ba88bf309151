package antiphon.tools.websearch;

import antiphon.core.log.NextEvent;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.Citation;
import antiphon.core.tool.CitationFilter;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolProgress;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.event.WebSearchCallEvent;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.WebSearchCall;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.ToolChoice;
import antiphon.tools.schema.Arguments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The searches of one run. */
final class WebSearchSession implements ToolSession {

  private static final FunctionTool SEARCH =
      Arguments.function(
          Act.SEARCH,
          "Searches the web and returns pages, the best first. Cite each page that you use by its"
              + " mark, right behind the sentence that rests on it.",
          """
          {"type":"object","properties":{
            "query":{"type":"string","description":"What to look for, as one would type it."}},
           "required":["query"],"additionalProperties":false}\
          """);

  private static final FunctionTool OPEN =
      Arguments.function(
          Act.OPEN,
          "Reads a page of the web as text.",
          """
          {"type":"object","properties":{"url":{"type":"string"}},
           "required":["url"],"additionalProperties":false}\
          """);

  private static final FunctionTool FIND =
      Arguments.function(
          Act.FIND,
          "Finds a text in a page of the web and returns the lines around each place.",
          """
          {"type":"object","properties":{"url":{"type":"string"},
            "pattern":{"type":"string","description":"The text; its case does not matter."}},
           "required":["url","pattern"],"additionalProperties":false}\
          """);

  private static final int MOST_PLACES = 20;

  private final ToolContext context;
  private final Asked asked;
  private final Web web;
  private final Sources sources = new Sources();

  WebSearchSession(ToolContext context, Asked asked, Web web) {
    this.context = context;
    this.asked = asked;
    this.web = web;
  }

  @Override
  public List<FunctionTool> functions() {
    return web.opens() ? List.of(SEARCH, OPEN, FIND) : List.of(SEARCH);
  }

  @Override
  public List<String> chosen(ToolChoice choice) {
    return choice instanceof ToolChoice.Hosted hosted && hosted.type().startsWith("web_search")
        ? List.of(Act.SEARCH)
        : List.of();
  }

  @Override
  public void shown(List<Item> items) {
    sources.recall(items);
  }

  @Override
  public boolean cites() {
    return true;
  }

  @Override
  public Optional<Citation> citation(String mark) {
    return sources.citation(mark);
  }

  @Override
  public CallItem show(String function) {
    return new CallItem() {
      @Override
      public String prefix() {
        return "ws";
      }

      // MKA1's client takes no item without its action.
      @Override
      public boolean early() {
        return false;
      }

      @Override
      public Item begun(String itemId, String callId, String arguments) {
        return item(itemId, Act.of(function, arguments), ItemStatus.IN_PROGRESS, Map.of());
      }

      @Override
      public List<NextEvent> added(String itemId, int index) {
        return List.of(seq -> new WebSearchCallEvent.InProgress(seq, itemId, index, null));
      }
    };
  }

  private static Item item(
      String id, Act act, ItemStatus status, Map<String, JsonNode> moreOfAction) {
    return new WebSearchCall(id, act.action(moreOfAction), status, Map.of());
  }

  /** It changes nothing. */
  @Override
  public boolean repeatable(ToolCall call) {
    return true;
  }

  @Override
  public ToolOutcome run(ToolCall call, ToolProgress progress) throws InterruptedException {
    Act act = Act.of(call.function(), call.arguments());
    progress.show(seq -> new WebSearchCallEvent.Searching(seq, call.itemId(), call.outputIndex()));
    try {
      return switch (act) {
        case Act.Search(String query) -> search(call, act, query);
        case Act.Open(String url) -> done(call, act, opened(read(url)), Map.of());
        case Act.Find(String url, String pattern) ->
            done(call, act, found(read(url), pattern), Map.of());
      };
    } catch (WebException e) {
      return ToolOutcome.Done.of(
          item(call.itemId(), act, ItemStatus.FAILED, Map.of()),
          completed(call),
          String.valueOf(e.getMessage()));
    }
  }

  private ToolOutcome search(ToolCall call, Act act, String query)
      throws WebException, InterruptedException {
    if (query.isEmpty()) {
      throw new WebException("The call needs 'query': a text that is not empty.");
    }
    List<Hit> hits =
        web.search(new Query(query, asked.results(), asked.allowed(), asked.location()));
    List<Map<String, String>> urls = new ArrayList<>();
    StringBuilder text = new StringBuilder(hits.isEmpty() ? "Nothing was found." : "");
    for (Hit hit : hits) {
      urls.add(Map.of("type", "url", "url", hit.url()));
      text.append(sources.head(hit.url(), hit.title())).append('\n');
      text.append(Sources.plain(cut(hit.text(), asked.chars() / asked.results()))).append("\n\n");
    }
    if (!hits.isEmpty()) {
      text.insert(
          0,
          "Pages, the best first. Behind each sentence that rests on one write its mark, such as "
              + CitationFilter.OPEN
              + "w1"
              + CitationFilter.CLOSE
              + ".\n\n");
    }
    List<CreateResponse.Include> include = context.request().include();
    boolean shown = include != null && include.contains(CreateResponse.Include.WEB_SEARCH_SOURCES);
    Map<String, JsonNode> more = new HashMap<>();
    // OpenAI's newer form of the query, beside the one that both know.
    more.put("queries", Json.toTree(List.of(query)));
    if (shown) {
      more.put("sources", Json.toTree(urls));
    }
    return done(call, act, text.toString(), more);
  }

  private PageReader.Page read(String url) throws WebException, InterruptedException {
    return web.read(url, asked.allowed());
  }

  private String opened(PageReader.Page page) {
    String text = Sources.plain(page.text());
    String more =
        text.length() > asked.chars()
            ? "\n(The page goes on: " + text.length() + " characters in all.)"
            : "";
    return sources.head(page.url(), page.title()) + "\n" + cut(text, asked.chars()) + more;
  }

  private String found(PageReader.Page page, String pattern) throws WebException {
    if (pattern.isEmpty()) {
      throw new WebException("The call needs 'pattern': a text that is not empty.");
    }
    List<String> lines = page.text().lines().toList();
    String wanted = pattern.toLowerCase(Locale.ROOT);
    StringBuilder text = new StringBuilder();
    int places = 0;
    for (int i = 0; i < lines.size() && places < MOST_PLACES; i++) {
      if (lines.get(i).toLowerCase(Locale.ROOT).contains(wanted)) {
        places++;
        List<String> around = lines.subList(Math.max(0, i - 1), Math.min(lines.size(), i + 2));
        text.append(Sources.plain(String.join("\n", around))).append("\n---\n");
      }
    }
    return sources.head(page.url(), page.title())
        + "\n"
        + (places == 0 ? "The text is not in the page." : cut(text.toString(), asked.chars()));
  }

  private static ToolOutcome done(
      ToolCall call, Act act, String text, Map<String, JsonNode> moreOfAction) {
    Item item = item(call.itemId(), act, ItemStatus.COMPLETED, moreOfAction);
    return ToolOutcome.Done.of(item, completed(call), text);
  }

  private static List<NextEvent> completed(ToolCall call) {
    return List.of(
        seq -> new WebSearchCallEvent.Completed(seq, call.itemId(), call.outputIndex(), null));
  }

  private static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most) : text;
  }

  @Override
  public Item notRun(ToolCall call, String reason) {
    Act act = Act.of(call.function(), call.arguments());
    return item(call.itemId(), act, ItemStatus.INCOMPLETE, Map.of());
  }
}
