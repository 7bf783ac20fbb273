import type { SandboxClient, SandboxEffect, SandboxMessage, SandboxState, Truth } from '../sandbox/client.ts';
import { type Bind, createBind } from './bindings.ts';
import type { EvalCase } from './cases.ts';
import { markOf, type ObservedCall, observe, type Usage } from './observe.ts';
import { castOf, hasAction, hasCard, Stage, userOf } from './stage.ts';

/** Everything that was seen from outside while a case ran. */
export interface Transcript {
  messages: SandboxMessage[];
  effects: SandboxEffect[];
  /** Effects that had already happened before the first approving click. */
  effectsBeforeDecision: number;
  calls: ObservedCall[];
  truths: { query: string; truth: Truth }[];
  /** What other roles were shown when they asked the same. */
  others: { role: string; plain: string }[];
  /** A card to decide was in the thread at some time; settled ones lose their buttons. */
  carded: boolean;
  choices: boolean;
  /** What the model of the bot was asked and answered; all 0 in rules mode. */
  usage: Usage;
  /** The expectation with its $names replaced. */
  expect: EvalCase['expect'];
  ms: number;
  tz: string;
  nowAt: number;
}

/** Plays one case; what other cases left in the same workspace before it is not counted. */
export async function runCase(
  testCase: EvalCase,
  client: SandboxClient,
  dataDir: string,
): Promise<Transcript> {
  const state = await client.state();
  const mark = markOf(dataDir);
  const effectsBefore = (await client.effects()).length;
  const bind = createBind(client);
  const { asker, decider } = castOf(state, testCase);
  for (const step of testCase.setup) {
    if (step.event) await client.event((await bind(step.event)) as { type: string });
    if (step.fault) await client.fault(step.fault as { system: string; kind: string });
    if (step.model) await client.model(step.model);
  }
  await client.wait();

  const expect = await bindExpectation(testCase.expect, bind);
  const stage = new Stage(client, state, asker, testCase.where);
  const startedAt = performance.now();
  let effectsBeforeDecision: number | null = null;
  let carded = false;
  for (const turn of testCase.turns) {
    if (typeof turn === 'string') await stage.say(String(await bind(turn)));
    else if ('advance' in turn) await client.clock({ advance: turn.advance });
    else if ('event' in turn) await client.event((await bind(turn.event)) as { type: string });
    else {
      effectsBeforeDecision ??= (await client.effects()).length - effectsBefore;
      await stage.click(turn.click, turn.by ? decider(turn.by) : asker, turn.choice);
    }
    await client.wait(60_000);
    carded ||= (await stage.messages()).some(hasCard);
  }
  const ms = performance.now() - startedAt;
  const now = (await client.state()).now;
  const truths = await Promise.all(
    (expect.numbers ?? []).map(async ({ truth, at, ...parameters }) => ({
      query: truth,
      truth: await client.truth(truth, { ...asQuery(parameters), ...(at && at !== 'now' ? { at } : {}) }),
    })),
  );
  const messages = await stage.messages();
  const effects = (await client.effects()).slice(effectsBefore);
  const question = testCase.turns.filter((turn) => typeof turn === 'string').at(-1);
  const { calls, usage } = observe(dataDir, mark);
  return {
    messages,
    effects,
    effectsBeforeDecision: effectsBeforeDecision ?? effects.length,
    calls,
    truths,
    others: expect.readers && question ? await askAsOthers(client, state, String(await bind(question))) : [],
    carded,
    choices: messages.some((message) => hasAction(message, 'choice.pick')),
    usage,
    expect,
    ms,
    tz: asker.tz,
    nowAt: Date.parse(now),
  };
}

async function bindExpectation(expect: EvalCase['expect'], bind: Bind): Promise<EvalCase['expect']> {
  const { must, must_not, ...rest } = expect;
  const patterns = (list: readonly string[]) => Promise.all(list.map(bind.pattern));
  return {
    ...((await bind(rest)) as EvalCase['expect']),
    ...(must ? { must: await patterns(must) } : {}),
    ...(must_not ? { must_not: await patterns(must_not) } : {}),
  };
}

async function askAsOthers(client: SandboxClient, state: SandboxState, question: string) {
  const roles = [...new Set(state.users.map((user) => user.role))];
  const others: { role: string; plain: string }[] = [];
  for (const role of roles) {
    const user = userOf(state, role);
    const posted = await client.say({ user: user.id, dm: true, text: question });
    await client.wait();
    const messages = await client.messages({
      channel: posted.channel,
      thread_ts: posted.ts,
      viewer: user.id,
    });
    const plain = messages
      .filter((message) => message.is_bot)
      .map((message) => message.plain)
      .join('\n');
    others.push({ role, plain });
  }
  return others;
}

function asQuery(parameters: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
}
