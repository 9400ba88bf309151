package antiphon.tools.mcp;

import antiphon.core.log.NextEvent;
import antiphon.core.response.Problem;
import antiphon.core.tool.Approvals;
import antiphon.core.tool.CallItem;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolException;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolOutputSink;
import antiphon.core.tool.ToolProgress;
import antiphon.core.tool.ToolSession;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.McpApprovalRequest;
import antiphon.protocol.item.McpCall;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import antiphon.protocol.tool.FunctionTool;
import antiphon.protocol.tool.ToolChoice;
import antiphon.tools.mcp.client.ListedTool;
import antiphon.tools.mcp.client.McpException;
import antiphon.tools.schema.Misfit;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The MCP servers of one run. */
final class McpSession implements ToolSession {

  private final ToolContext context;
  private final List<Remote> remotes;
  private final int maxResult;
  private final Approvals approvals;
  private final Map<String, Approved> due = new ConcurrentHashMap<>();
  private volatile Map<String, Offer> offers = Map.of();

  McpSession(ToolContext context, List<Remote> remotes, int maxResult, Approvals approvals) {
    this.context = context;
    this.remotes = List.copyOf(remotes);
    this.maxResult = maxResult;
    this.approvals = approvals;
  }

  @Override
  public void prepare(List<Item> conversation, ToolOutputSink output)
      throws InterruptedException, ToolException {
    Listing.of(remotes, conversation, output);
    Map<String, Offer> now = new LinkedHashMap<>();
    for (Remote remote : remotes) {
      for (ListedTool tool : remote.tools()) {
        Offer offer = Offer.of(remote, tool);
        now.put(offer.function(), offer);
      }
    }
    offers = now;
    requireForced();
  }

  /** Without its tools a response that must use this server could only disobey. */
  private void requireForced() throws ToolException {
    if (context.request().toolChoice() instanceof ToolChoice.Mcp choice) {
      for (Remote remote : remotes) {
        String error = remote.error();
        if (remote.target().label().equals(choice.serverLabel()) && error != null) {
          throw new ToolException(
              new Problem.Invalid(
                  "The tools of the MCP server '"
                      + choice.serverLabel()
                      + "' are not there: "
                      + error,
                  "tools",
                  "mcp_error"));
        }
      }
    }
  }

  @Override
  public List<FunctionTool> functions() {
    return offers.values().stream().map(Offer::told).toList();
  }

  @Override
  public List<String> chosen(ToolChoice choice) {
    return switch (choice) {
      case ToolChoice.Mcp(String label, String tool) -> names(chosen(label, tool));
      case ToolChoice.Hosted hosted when hosted.type().equals("mcp") -> names(_ -> true);
      case ToolChoice.Allowed allowed ->
          names(offer ->
              allowed.tools().stream()
                  .filter(one -> one.type().equals("mcp"))
                  .anyMatch(one -> chosen(one.serverLabel(), one.name()).test(offer)));
      case ToolChoice.Hosted _, ToolChoice.Mode _, ToolChoice.Function _, ToolChoice.Custom _ ->
          List.of();
    };
  }

  private static Predicate<Offer> chosen(@Nullable String label, @Nullable String tool) {
    return offer ->
        (label == null || offer.remote().target().label().equals(label))
            && (tool == null || offer.tool().name().equals(tool));
  }

  private List<String> names(Predicate<Offer> which) {
    return offers.values().stream().filter(which).map(Offer::function).toList();
  }

  @Override
  public List<DueCall> due(List<Item> conversation) {
    List<DueCall> calls =
        Approved.in(conversation).stream()
            .filter(call -> remotes.stream().anyMatch(r -> r.target().label().equals(call.label())))
            .map(call -> {
              due.put(call.due().callId(), call);
              return call.due();
            })
            .toList();
    return calls;
  }

  @Override
  public CallItem show(String function) {
    Offer offer = offers.get(function);
    if (offer == null) {
      return new McpItems.Calling("", function, null);
    }
    String label = offer.remote().target().label();
    return offer.asks()
        ? new McpItems.Asking(label, offer.tool().name())
        : new McpItems.Calling(label, offer.tool().name(), null);
  }

  @Override
  public CallItem show(DueCall call) {
    Approved approved = due.get(call.callId());
    return approved == null
        ? show(call.function())
        : new McpItems.Calling(approved.label(), approved.tool(), approved.approval());
  }

  @Override
  public boolean repeatable(ToolCall call) {
    Offer offer = offers.get(call.function());
    return offer != null && (Hints.repeatable(offer.tool().annotations()) || asks(offer, call));
  }

  /** A question may be asked again; an approved call has been asked for. */
  private boolean asks(Offer offer, ToolCall call) {
    return offer.asks() && !due.containsKey(call.callId());
  }

  @Override
  public ToolOutcome run(ToolCall call, ToolProgress progress) throws InterruptedException {
    Offer offer = offers.get(call.function());
    Approved approved = due.get(call.callId());
    if (approved != null && !approved.granted()) {
      return ended(call, CallResult.failure(approved.refusal()));
    }
    if (offer == null) {
      return ended(call, CallResult.failure("The server has no such tool any more."));
    }
    ObjectNode arguments = arguments(call);
    String misfit =
        arguments == null ? "no JSON object" : Misfit.of(offer.tool().schema(), arguments);
    if (arguments == null || misfit != null) {
      return ended(
          call,
          CallResult.failure(
              "The arguments do not fit: "
                  + misfit
                  + ". They have to fit this JSON Schema: "
                  + Json.text(offer.tool().schema())));
    }
    if (approved == null && offer.asks()) {
      return new ToolOutcome.AsksClient(
          new McpApprovalRequest(
              call.itemId(),
              call.arguments(),
              offer.tool().name(),
              offer.remote().target().label(),
              Map.of()));
    }
    if (approved != null && !approvals.take(context.response(), approved.approval())) {
      return ended(
          call,
          CallResult.failure("Another response has used this approval: it is good for one call."));
    }
    return ended(call, called(offer, arguments));
  }

  private CallResult called(Offer offer, ObjectNode arguments) throws InterruptedException {
    try {
      JsonNode result = offer.remote().connection().call(offer.tool().name(), arguments);
      return CallResult.of(result, maxResult);
    } catch (McpException e) {
      return CallResult.failure(e.getMessage());
    }
  }

  private static @Nullable ObjectNode arguments(ToolCall call) {
    if (call.arguments().isBlank()) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      JsonNode tree = Json.tree(call.arguments().getBytes(StandardCharsets.UTF_8));
      return tree instanceof ObjectNode object ? object : null;
    } catch (InvalidJson _) {
      return null;
    }
  }

  private ToolOutcome ended(ToolCall call, CallResult result) {
    List<NextEvent> events =
        List.of(
            result.failed()
                ? McpItems.notCalled(call.itemId(), call.outputIndex())
                : McpItems.called(call.itemId(), call.outputIndex()));
    return new ToolOutcome.Done(McpItems.ended(item(call), result), events, result.output());
  }

  private McpCall item(ToolCall call) {
    Approved approved = due.get(call.callId());
    Offer offer = offers.get(call.function());
    String label =
        approved != null ? approved.label() : offer == null ? "" : offer.remote().target().label();
    String tool =
        approved != null ? approved.tool() : offer == null ? call.function() : offer.tool().name();
    return McpItems.call(
        call.itemId(),
        call.arguments(),
        label,
        tool,
        approved == null ? null : approved.approval());
  }

  @Override
  public Item notRun(ToolCall call, String reason) {
    return McpItems.ended(item(call), CallResult.failure(reason));
  }

  @Override
  public void close() {
    remotes.forEach(Remote::close);
  }
}
