import {
  type SandboxClient,
  type SandboxEffect,
  SandboxError,
  type SandboxMessage,
  type SandboxState,
  type SandboxUser,
  type Truth,
} from '../sandbox/client.ts';
import { type Bind, createBind } from './bindings.ts';
import { type EvalCase, InvalidCase } from './cases.ts';
import { type Mark, markOf, type ObservedCall, observe, type Usage } from './observe.ts';
import { processorMs } from './processor-time.ts';
import type { AnswerTime, Step } from './results.ts';
import { type Cast, castOf, hasAction, hasCard, Stage, userOf } from './stage.ts';

/** Everything that was seen from outside while a case ran. */
export interface Transcript {
  messages: SandboxMessage[];
  effects: SandboxEffect[];
  /** Effects that had already happened before the first approving click. */
  effectsBeforeDecision: number;
  calls: ObservedCall[];
  refused: ObservedCall[];
  truths: { query: string; truth: Truth }[];
  /** What other roles were shown when they asked the same. */
  others: { role: string; plain: string }[];
  /** A card to decide was in the thread at some time; settled ones lose their buttons. */
  carded: boolean;
  choices: boolean;
  /** The last question was looked up, or answered with an amount; else the bot asked back or declined. */
  answered: boolean;
  steps: Step[];
  answers: AnswerTime[];
  /** What the model of the bot was asked and answered; all 0 in rules mode. */
  usage: Usage;
  /** The expectation with its $names replaced. */
  expect: EvalCase['expect'];
  ms: number;
  tz: string;
  nowAt: number;
}

/**
 * Plays one case; what other cases left in the same workspace before it is not counted. Throws InvalidCase, before
 * anything is said, where the case names a truth or a record nobody knows.
 */
export async function runCase(
  testCase: EvalCase,
  client: SandboxClient,
  dataDir: string,
): Promise<Transcript> {
  const state = await client.state();
  const { asker } = castOf(state, testCase);
  const { tz } = testCase;
  // Who a case names by their place in the workspace lives where they live.
  if (tz === undefined || tz === asker.tz || testCase.user.nth !== undefined)
    return playCase(testCase, state, client, dataDir);
  await client.putUser({ id: asker.id, tz });
  try {
    return await playCase(testCase, await client.state(), client, dataDir);
  } finally {
    await client.putUser({ id: asker.id, tz: asker.tz });
  }
}

async function playCase(
  testCase: EvalCase,
  state: SandboxState,
  client: SandboxClient,
  dataDir: string,
): Promise<Transcript> {
  const mark = markOf(dataDir);
  const effectsBefore = (await client.effects()).length;
  const bind = createBind(client);
  const cast = castOf(state, testCase);
  for (const step of testCase.setup) {
    if (step.event) await client.event((await bind(step.event)) as { type: string });
    if (step.fault) await client.fault(step.fault as { system: string; kind: string });
    if (step.model) await client.model(step.model);
  }
  await client.wait(60_000);

  const expect = await bindExpectation(testCase.expect, bind);
  await truthsOf(expect, client);
  const stage = new Stage(client, state, cast.asker, testCase.where);
  const startedAt = performance.now();
  const played = await playTurns(testCase, {
    client,
    dataDir,
    stage,
    bind,
    cast,
    effectsBefore,
    pid: state.bot.pid,
  });
  const ms = performance.now() - startedAt;
  const now = (await client.state()).now;
  const truths = await truthsOf(expect, client);
  const messages = await stage.messages();
  const effects = (await client.effects()).slice(effectsBefore);
  const question = testCase.turns.filter((turn) => typeof turn === 'string').at(-1);
  const { calls, refused, usage } = observe(dataDir, mark);
  const lookedUp = played.asked !== null && observe(dataDir, played.asked).calls.length > 0;
  return {
    messages,
    effects,
    effectsBeforeDecision: played.effectsBeforeDecision ?? effects.length,
    calls,
    refused,
    truths,
    others: expect.readers && question ? await askAsOthers(client, state, String(await bind(question))) : [],
    carded: played.carded,
    choices: messages.some((message) => hasAction(message, 'choice.pick')),
    answered: lookedUp || AN_AMOUNT.test(played.steps.at(-1)?.said.join('\n') ?? ''),
    steps: played.steps,
    answers: played.answers,
    usage,
    expect,
    ms,
    tz: cast.asker.tz,
    nowAt: Date.parse(now),
  };
}

const AN_AMOUNT = /[$€£¥]\s?\d/;

interface Scene {
  client: SandboxClient;
  dataDir: string;
  stage: Stage;
  bind: Bind;
  cast: Cast;
  effectsBefore: number;
  pid: number | null;
}

/** Says, clicks and waits, turn by turn, and notes what the bot said after each. */
async function playTurns(testCase: EvalCase, scene: Scene) {
  const { client, dataDir, stage, bind, cast, effectsBefore, pid } = scene;
  const heard = new Map<string, string>();
  const steps: Step[] = [];
  const answers: AnswerTime[] = [];
  let asked: Mark | null = null;
  let effectsBeforeDecision: number | null = null;
  let carded = false;
  for (const turn of testCase.turns) {
    const by = typeof turn === 'object' && 'click' in turn && turn.by ? cast.decider(turn.by) : cast.asker;
    const startedAt = performance.now();
    const cpuBefore = processorMs(pid);
    if (typeof turn === 'string') {
      asked = markOf(dataDir);
      await stage.say(String(await bind(turn)));
    } else if ('advance' in turn) await client.clock({ advance: turn.advance });
    else if ('event' in turn) await client.event((await bind(turn.event)) as { type: string });
    else {
      effectsBeforeDecision ??= (await client.effects()).length - effectsBefore;
      await stage.click(turn.click, by, turn.choice);
    }
    await client.wait(60_000);
    if (typeof turn === 'string') answers.push(timeSince(startedAt, cpuBefore, processorMs(pid)));
    const messages = await stage.messages();
    carded ||= messages.some(hasCard);
    steps.push({ turn: await wordsOf(turn, by, bind), said: newlySaid(messages, heard) });
  }
  return { steps, answers, asked, effectsBeforeDecision, carded };
}

/** Processor time runs on with a new process after a kill: less than nothing means it cannot be told. */
function timeSince(startedAt: number, before: number | null, after: number | null): AnswerTime {
  const cpuMs = before === null || after === null || after < before ? null : after - before;
  return { ms: performance.now() - startedAt, cpuMs };
}

/** What is there now and was not, or not so, when it was last looked. */
function newlySaid(messages: readonly SandboxMessage[], heard: Map<string, string>): string[] {
  return messages.flatMap(({ ts, plain }) => {
    if (heard.get(ts) === plain) return [];
    heard.set(ts, plain);
    return [plain];
  });
}

async function wordsOf(turn: EvalCase['turns'][number], by: SandboxUser, bind: Bind): Promise<string> {
  if (typeof turn === 'string') return `${by.name} (${by.role}): ${await bind(turn)}`;
  if ('advance' in turn) return `time passes: ${turn.advance}`;
  if ('event' in turn) return `in the company: ${JSON.stringify(turn.event)}`;
  return `${by.name} (${by.role}) clicks ${turn.choice ?? turn.click}`;
}

async function truthsOf(
  expect: EvalCase['expect'],
  client: SandboxClient,
): Promise<{ query: string; truth: Truth }[]> {
  return Promise.all(
    (expect.numbers ?? []).map(async ({ truth, at, ...parameters }) => ({
      query: truth,
      truth: await client
        .truth(truth, { ...asQuery(parameters), ...(at && at !== 'now' ? { at } : {}) })
        .catch((error: unknown): never => {
          throw error instanceof SandboxError && error.status < 500 ? new InvalidCase(error.message) : error;
        }),
    })),
  );
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
