// OpenAI's JavaScript client, unchanged but for the address.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";

const client = new OpenAI({
  apiKey: process.env.ANTIPHON_KEY,
  baseURL: process.env.ANTIPHON_URL + "/v1",
});

test("text", async () => {
  const response = await client.responses.create({
    model: "auto",
    input: "Say hello.",
    max_output_tokens: 16,
  });
  assert.ok(response.output_text);
});

test("a stream", async () => {
  const kinds = [];
  for await (const event of await client.responses.create({
    model: "auto",
    input: "Say hello.",
    max_output_tokens: 16,
    stream: true,
  })) {
    kinds.push(event.type);
  }
  assert.equal(kinds[0], "response.created");
  assert.match(kinds.at(-1), /response\.(completed|incomplete)/);
});

test("structured output", async () => {
  const Answer = z.object({ yes: z.boolean() });
  const response = await client.responses.parse({
    model: "auto",
    input: "Is water wet?",
    text: { format: zodTextFormat(Answer, "answer") },
    temperature: 0,
    max_output_tokens: 100,
  });
  assert.equal(typeof response.output_parsed.yes, "boolean");
});

test("a background response, resumed and cancelled", async () => {
  const made = await client.responses.create({
    model: "auto",
    input: "Tell me a very long story.",
    temperature: 0,
    background: true,
    max_output_tokens: 2000,
  });
  assert.equal(made.status, "queued");
  let count = 0;
  for await (const event of await client.responses.retrieve(made.id, {
    stream: true,
    starting_after: 1,
  })) {
    assert.equal(event.sequence_number, 2 + count);
    if (++count === 10) break;
  }
  const cancelled = await client.responses.cancel(made.id);
  assert.equal(cancelled.status, "cancelled");
  assert.deepEqual(await client.responses.retrieve(made.id), cancelled);
});

test("deleted is gone", async () => {
  const made = await client.responses.create({
    model: "auto",
    input: "Hi.",
    max_output_tokens: 4,
  });
  await client.responses.delete(made.id);
  await assert.rejects(client.responses.retrieve(made.id), OpenAI.NotFoundError);
});
