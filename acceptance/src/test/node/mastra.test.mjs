// What people do with Mastra, over an engine with known answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createOpenAI } from "@ai-sdk/openai";
import { Agent } from "@mastra/core/agent";
import { createTool } from "@mastra/core/tools";
import { z } from "zod";

const greeting = "Hello from the engine.";
const [address] = process.env.ANTIPHON_URL.split(",");
const openai = createOpenAI({ baseURL: `${address}/v1`, apiKey: process.env.ANTIPHON_KEY });

function agent(more = {}) {
  return new Agent({
    id: "a",
    name: "a",
    instructions: "Be brief.",
    model: openai.responses("known"),
    ...more,
  });
}

test("text", async () => {
  const result = await agent().generate("Say hello.");
  assert.equal(result.text, greeting);
});

test("stream", async () => {
  const stream = await agent().stream("Say hello.");
  let text = "";
  for await (const piece of stream.textStream) text += piece;
  assert.equal(text, greeting);
});

test("structured output", async () => {
  const schema = z.object({ name: z.string(), born: z.number() });
  const result = await agent().generate("Who?", { structuredOutput: { schema } });
  assert.deepEqual(result.object, { name: "Ada Lovelace", born: 1815 });
});

test("tool loop", async () => {
  const weather = createTool({
    id: "weather",
    description: "The weather in a city.",
    inputSchema: z.object({ city: z.string() }),
    execute: async () => "sunny",
  });
  const result = await agent({ tools: { weather } }).generate("Weather in Paris?");
  assert.match(result.text, /^The tool said: .*sunny/);
});

test("previous response", async () => {
  const first = await agent().generate("Say hello.");
  const id = first.providerMetadata?.openai?.responseId;
  assert.ok(id, JSON.stringify(first.providerMetadata));
  const second = await agent().generate("Again.", {
    providerOptions: { openai: { previousResponseId: id } },
  });
  assert.equal(second.text, greeting);
});
