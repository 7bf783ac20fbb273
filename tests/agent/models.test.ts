import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createModelSwitch } from '../../src/agent/models.ts';
import { startAgent } from './world.ts';

type Reply = (response: ServerResponse) => void;

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** An OpenAI-compatible endpoint that gives its replies one after the other, the last one again and again. */
async function endpoint(...replies: Reply[]): Promise<{ url: string; requests: () => number }> {
  let requests = 0;
  server = createServer((request, response) => {
    request.resume();
    const reply = replies[Math.min(requests, replies.length - 1)];
    requests += 1;
    reply?.(response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/v1`, requests: () => requests };
}

function stream(...deltas: [object, string | null][]): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const [delta, finish_reason] of deltas) {
      const chunk = {
        id: 'c1',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [{ index: 0, delta, finish_reason }],
      };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    }
    response.end('data: [DONE]\n\n');
  };
}

const says = (text: string) => stream([{ role: 'assistant', content: text }, null], [{}, 'stop']);
const calls = (name: string, args: object) =>
  stream(
    [
      {
        role: 'assistant',
        tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name, arguments: '' } }],
      },
      null,
    ],
    [{ tool_calls: [{ index: 0, function: { arguments: JSON.stringify(args) } }] }, null],
    [{}, 'tool_calls'],
  );
const cut: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = {
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { content: 'It is $1' }, finish_reason: null }],
  };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  response.end();
};
const fails =
  (status: number): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end('{"error":{"message":"secret internals","type":"server_error"}}');
  };

function agentAt(baseUrl: string) {
  const models = createModelSwitch({ apiKey: null, baseUrl, model: 'test-model' });
  return startAgent({ model: models.current() });
}

describe('an OpenAI-compatible server', () => {
  it('streams calls and words', async () => {
    const { url } = await endpoint(calls('list_invoices', { state: 'open' }), says('3 invoices are unpaid.'));
    const answer = await agentAt(url).ask("who hasn't paid us?");
    expect(answer).toMatchObject({ text: '3 invoices are unpaid.', mode: 'test-model' });
  });

  it.each([
    ['is too busy', fails(429)],
    ['breaks down', fails(500)],
    ['is cut off', cut],
  ])('that %s once is asked again', async (_, reply) => {
    const { url, requests } = await endpoint(reply, says('Hello.'));
    expect((await agentAt(url).ask('hi there my friend')).text).toBe('Hello.');
    expect(requests()).toBe(2);
  });

  it.each([
    ['is too busy', fails(429)],
    ['breaks down', fails(500)],
    ['is cut off', cut],
  ])('that %s twice is replaced by rules, and nothing raw is shown', async (_, reply) => {
    const { url } = await endpoint(reply);
    const answer = await agentAt(url).ask("who hasn't paid us?");
    expect(answer.text).toContain('3 unpaid invoices');
    expect(answer.text).not.toMatch(/secret|\$1\b(?!,)/);
  });
});

describe('a server that does not take strict schemas', () => {
  it('is asked with plain ones, and with nothing else from then on', async () => {
    const { url, requests } = await endpoint(fails(400), says('Hello.'));
    const agent = agentAt(url);
    expect((await agent.ask('hi there my friend')).text).toBe('Hello.');
    expect(requests()).toBe(2);
    expect((await agent.ask('hi there my friend')).text).toBe('Hello.');
    expect(requests()).toBe(3);
  });
});

describe('the model switch', () => {
  it('is rules mode without key or server, and lets the simulation win', () => {
    const models = createModelSwitch({ apiKey: null, baseUrl: null, model: 'x' });
    expect(models.current()).toBeNull();
    models.useModel('http://127.0.0.1:1/v1');
    expect(models.current()?.name).toBe('simulated');
    models.useModel(null);
    expect(models.current()).toBeNull();
  });
});
