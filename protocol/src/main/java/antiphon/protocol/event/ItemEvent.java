package antiphon.protocol.event;

/** An event of one output item. */
public sealed interface ItemEvent extends StreamEvent
    permits AgentCallEvent,
        CodeInterpreterCallEvent,
        ContentPartEvent,
        CustomToolCallInputEvent,
        FileSearchCallEvent,
        FunctionCallArgumentsEvent,
        HistoryCallEvent,
        ImageGenerationCallEvent,
        McpCallArgumentsEvent,
        McpCallEvent,
        McpListToolsEvent,
        OutputItemEvent,
        OutputTextEvent,
        ReadFileCallEvent,
        ReasoningSummaryPartEvent,
        ReasoningSummaryTextEvent,
        ReasoningTextEvent,
        RefusalEvent,
        ShellCallEvent,
        SleepCallEvent,
        ToolSearchCallEvent,
        WebSearchCallEvent {

  /** Where the item is in the output. */
  int outputIndex();
}
