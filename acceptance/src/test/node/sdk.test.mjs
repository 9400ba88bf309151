// What people do with the JavaScript libraries, over an engine with known answers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import OpenAI from 'openai'
import { zodTextFormat } from 'openai/helpers/zod'
import { z } from 'zod'
import { Agent, OpenAIResponsesModel, run, setTracingDisabled, tool as agentTool } from '@openai/agents'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenResponses } from '@ai-sdk/open-responses'
import { generateText, Output, stepCountIs, streamText, tool } from 'ai'

const base = process.env.ANTIPHON_URL + '/v1'
const key = process.env.ANTIPHON_KEY
const GREETING = 'Hello from the engine.'
const ADA = { name: 'Ada Lovelace', born: 1815 }
const Person = z.object({ name: z.string(), born: z.number() })
const City = z.object({ city: z.string() })

setTracingDisabled(true)
const openai = new OpenAI({ apiKey: key, baseURL: base })

test('openai: text', async () => {
  const response = await openai.responses.create({ model: 'known', input: 'Say hello.' })
  assert.equal(response.output_text, GREETING)
})

test('openai: stream', async () => {
  let text = ''
  for await (const event of await openai.responses.create({ model: 'known', input: 'x', stream: true })) {
    if (event.type === 'response.output_text.delta') text += event.delta
  }
  assert.equal(text, GREETING)
})

test('openai: structured output', async () => {
  const format = zodTextFormat(Person, 'person')
  const response = await openai.responses.parse({ model: 'known', input: 'Who?', text: { format } })
  assert.deepEqual(response.output_parsed, ADA)
})

test('openai: tool loop', async () => {
  const tools = [{
    type: 'function', name: 'weather', strict: true,
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
  }]
  const first = await openai.responses.create({ model: 'known', input: 'Weather?', tools })
  const call = first.output.at(-1)
  assert.deepEqual([call.type, JSON.parse(call.arguments)], ['function_call', { city: 'Paris' }])
  const second = await openai.responses.create({
    model: 'known', tools, previous_response_id: first.id,
    input: [{ type: 'function_call_output', call_id: call.call_id, output: 'sunny' }],
  })
  assert.equal(second.output_text, 'The tool said: sunny.')
})

test('openai: a conversation', async () => {
  const made = await openai.conversations.create({
    items: [{ type: 'message', role: 'user', content: 'My name is Ada.' }], metadata: { topic: 'names' },
  })
  const response = await openai.responses.create({ model: 'known', input: 'Say hello.', conversation: made.id })
  assert.equal(response.conversation.id, made.id)
  const items = []
  for await (const item of openai.conversations.items.list(made.id, { order: 'asc' })) items.push(item)
  assert.deepEqual(items.map((item) => item.role), ['user', 'user', 'assistant'])
  const read = await openai.conversations.items.retrieve(items[0].id, { conversation_id: made.id })
  assert.equal(read.content[0].text, 'My name is Ada.')
  await openai.conversations.items.delete(items[0].id, { conversation_id: made.id })
  await openai.conversations.update(made.id, { metadata: { topic: 'greetings' } })
  assert.deepEqual((await openai.conversations.retrieve(made.id)).metadata, { topic: 'greetings' })
  assert.equal((await openai.conversations.delete(made.id)).deleted, true)
})

test('openai: compaction', async () => {
  const first = await openai.responses.create({ model: 'known', input: 'My name is Ada.' })
  const compacted = await openai.responses.compact({ model: 'known', previous_response_id: first.id })
  assert.equal(compacted.output.at(-1).type, 'compaction')
  const next = await openai.responses.create({
    model: 'known', input: [...compacted.output, { role: 'user', content: 'Say hello.' }],
  })
  assert.equal(next.output_text, GREETING)
})

const agentModel = new OpenAIResponsesModel(openai, 'known')
const weather = agentTool({
  name: 'weather', description: 'The weather in a city.', parameters: City,
  execute: async ({ city }) => `sunny in ${city}`,
})

test('@openai/agents: text', async () => {
  const result = await run(new Agent({ name: 'a', model: agentModel }), 'Say hello.')
  assert.equal(result.finalOutput, GREETING)
})

test('@openai/agents: stream', async () => {
  const result = await run(new Agent({ name: 'a', model: agentModel }), 'Say hello.', { stream: true })
  let text = ''
  for await (const part of result.toTextStream()) text += part
  await result.completed
  assert.equal(text, GREETING)
})

test('@openai/agents: structured output', async () => {
  const result = await run(new Agent({ name: 'a', model: agentModel, outputType: Person }), 'Who?')
  assert.deepEqual(result.finalOutput, ADA)
})

test('@openai/agents: tool loop', async () => {
  const result = await run(new Agent({ name: 'a', model: agentModel, tools: [weather] }), 'Weather?')
  assert.equal(result.finalOutput, 'The tool said: sunny in Paris.')
})

const providers = {
  '@ai-sdk/openai': createOpenAI({ apiKey: key, baseURL: base }).responses('known'),
  '@ai-sdk/open-responses': createOpenResponses({ name: 'antiphon', apiKey: key, url: base + '/responses' })('known'),
}

for (const [name, model] of Object.entries(providers)) {
  test(name + ': text', async () => {
    const { text, usage } = await generateText({ model, prompt: 'Say hello.' })
    assert.equal(text, GREETING)
    assert.equal(usage.inputTokens, 11)
  })

  test(name + ': stream', async () => {
    let text = ''
    for await (const part of streamText({ model, prompt: 'Say hello.' }).textStream) text += part
    assert.equal(text, GREETING)
  })

  test(name + ': structured output', async () => {
    const { output } = await generateText({ model, prompt: 'Who?', output: Output.object({ schema: Person }) })
    assert.deepEqual(output, ADA)
  })

  test(name + ': tool loop', async () => {
    const { text } = await generateText({
      model, prompt: 'Weather in Paris?', stopWhen: stepCountIs(3),
      tools: { weather: tool({ inputSchema: City, execute: async ({ city }) => `sunny in ${city}` }) },
    })
    assert.equal(text, 'The tool said: sunny in Paris.')
  })
}
