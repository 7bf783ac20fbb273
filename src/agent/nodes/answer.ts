import { plainCell } from '../../domain/language/safe-text.ts';
import { SECRET_REMOVED } from '../../domain/language/secrets.ts';
import { lateSentences } from '../../domain/late-sources.ts';
import { exponentOf } from '../../domain/money/exponents.ts';
import type { Json } from '../../domain/types.ts';
import type { Choice } from '../../lib/errors.ts';
import { mayPropose } from '../../tools/define-tool.ts';
import { remember } from '../memory.ts';
import { checkProse, type GateSources, makeSafe, safeChoices, safeExhibits } from '../output-gate.ts';
import { callsOf, type PlannedCall } from '../rules/decision.ts';
import { doubtIn } from '../rules/doubt.ts';
import type { NodeContext, TurnRuntime } from '../runtime.ts';
import type { CallRecord, State, Update, WireMessage } from '../state.ts';
import type { Answer } from '../turn.ts';
import { decision } from './plan.ts';

const ABOUT_SECRETS =
  'Your message carried what looks like a password, key or token. I removed it unread and unstored; it still stands in Slack, so delete it there and replace it.';

/** Composes the answer; what a model wrote is held against this turn's data before anybody sees it. */
export async function answer(state: State, { deps, runtimeOf }: NodeContext): Promise<Update> {
  const runtime = runtimeOf(state.turnId);
  const prose = modelProse(state);
  let text = prose ?? plainText(state);
  if (prose !== null) {
    const verdict = checkProse(prose, evidenceOf(state, runtime, deps));
    if (!verdict.ok && !state.corrected) return sendBack(state, verdict.problems);
    const rescue = verdict.ok ? null : readByRules(state, deps, runtime);
    if (rescue) return rescue;
    if (!verdict.ok) text = plainText(state) || UNBACKED;
  } else if (isFruitless(state)) {
    const rescue = readByRules(state, deps, runtime);
    if (rescue) return rescue;
  }
  const done = state.records.filter((record) => record.status === 'done');
  const late = lateSentences(
    done.flatMap((record) => record.freshness),
    runtime.request.principal.tz,
  );
  const doubts = new Set(done.flatMap((record) => record.doubts));
  const pasted = state.utterance?.text.includes(SECRET_REMOVED) ? ABOUT_SECRETS : null;
  const said = [text, ...late, ...doubts, state.notice, pasted].filter(Boolean).join('\n\n');
  const safe = makeSafe(said, deps.allowedHosts, namesIn(state));
  const receipts = done.filter((record) => isLookUp(record, deps) && record.queryId !== null);
  const understood = prose === null ? understoodAs(state) : null;
  const finished: Answer = {
    text: safe || (state.mode === 'rules' ? NOTHING : SILENT),
    exhibits: safeExhibits(shown(done).flatMap((record) => record.exhibits)),
    receipts: receipts.flatMap((record) => record.queryId ?? []),
    ...(receipts.length > 1 ? { receiptNames: receipts.map(({ output }) => subjectOf(output)) } : {}),
    ...(understood ? { understood: plainCell(understood) } : {}),
    choices: safeChoices(choicesOf(state)),
    referenceId: state.trouble?.referenceId ?? failureOf(state)?.referenceId ?? null,
    mode: state.mode,
  };
  await deps.transcript.put(runtime.request.place, {
    turnId: state.turnId,
    role: 'assistant',
    userId: null,
    content: remember(finished, done, {
      offers: state.offers,
      proposals: state.records.flatMap((record) => record.approvalId ?? []),
      refused: state.records.filter(({ status }) => status === 'failed').map(asked),
      usage: runtime.usage,
      promptHash: runtime.promptHash,
    }),
    at: deps.clock.now(),
  });
  for (const chunk of chunksOf(finished.text)) runtime.emit({ type: 'text', text: chunk });
  runtime.emit({ type: 'answer', answer: finished });
  return { draft: finished.text, requested: [] };
}

const asked = ({ tool, input }: CallRecord) => ({ tool, input });

/** A number can be asked again; what was set or forgotten cannot. */
function isLookUp({ tool }: CallRecord, { tools }: NodeContext['deps']): boolean {
  return tools.find(({ name }) => name === tool)?.effect === 'read';
}

/** Customers as the records of this turn, and the words of the question, name them. */
function namesIn({ records, utterance }: State): string[] {
  const named = utterance?.customers.flatMap(({ candidates }) => candidates.map(({ name }) => name)) ?? [];
  const listed = records.flatMap((record) => record.listed.map(({ label }) => label));
  return [...new Set([...named, ...listed, ...records.flatMap(({ output }) => customerNames(output))])];
}

function customerNames(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(customerNames);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' && /^(?:customer|customerName|name)$/.test(key)
      ? [inner]
      : customerNames(inner),
  );
}

/** Calls that all failed, and no words to go with them. */
function isFruitless({ mode, trouble, records, draft }: State): boolean {
  const failed = records.every((record) => record.status === 'failed');
  return mode !== 'rules' && !trouble && failed && draft.trim() === '';
}

/** A model of which nothing can be used gives way to the rules, where they read a question in the message. */
function readByRules(state: State, deps: NodeContext['deps'], runtime: TurnRuntime): Update | null {
  if (!runtime.model) return null;
  const read = decision(state, deps, runtime);
  const calls = callsOf(read);
  const acts = calls.some((call) => deps.tools.some((tool) => tool.name === call.tool && mayPropose(tool)));
  if (calls.length === 0 || acts) return null;
  const has = (call: PlannedCall) =>
    state.records.some(
      ({ status, tool, input }) =>
        status === 'done' && tool === call.tool && JSON.stringify(input) === JSON.stringify(call.input),
    );
  if (calls.every(has)) return null;
  runtime.model = null;
  const notice = 'The language model gave no answer that our data backs, so I read this in rules mode.';
  const question: WireMessage = { role: 'user', text: state.utterance?.text ?? '' };
  const messages = [...state.messages, question];
  return { corrected: true, draft: '', requested: [], records: [], mode: 'rules', notice, messages };
}

const UNBACKED =
  'I could not back the numbers of that answer with our data, so I am not posting it. Name the number you want and I will look it up.';
const NOTHING = 'I have nothing to say to that. Say "help" to see what I can answer.';
const SILENT = 'The language model gave no answer to that. Say "help" to see what I can answer.';

/** What the model wrote, where that is what decides; null where the words are our own. */
function modelProse(state: State): string | null {
  const proposed = state.records.some((record) => record.status === 'proposed');
  // Words beside calls are thinking aloud ("let me look"), not an answer.
  const unfinished = state.requested.length > 0;
  if (state.mode === 'rules' || state.trouble || proposed || unfinished || state.draft.trim() === '')
    return null;
  return state.draft;
}

/** The answer without any model: narrations, refusals, and how the question was understood. */
function plainText(state: State): string {
  if (state.trouble) return state.trouble.message;
  const told = state.records.filter((record) => record.status !== 'failed').map((record) => record.narration);
  const failures = failuresToTell(state, told.length > 0);
  const draft = state.mode === 'rules' ? [state.draft.trim()] : [];
  return [...new Set([...draft, ...told, ...failures])].filter(Boolean).join('\n\n');
}

/** How rules mode read the question that it answered; a proposal's card says it better itself. */
function understoodAs({ trouble, interpretation, records }: State): string | null {
  return trouble || !records.some(({ status }) => status === 'done') ? null : interpretation;
}

/** "MRR by plan" of a number's output; empty where it names no subject. */
function subjectOf(output: Json): string {
  if (output === null || typeof output !== 'object' || Array.isArray(output)) return '';
  const { title, breakdown } = output;
  if (typeof title !== 'string') return '';
  const by =
    breakdown !== null && typeof breakdown === 'object' && !Array.isArray(breakdown) && breakdown?.by;
  return typeof by === 'string' ? `${title} by ${by}` : title;
}

/** A part of a message that failed is told beside those that did not; of a model's tries only the last counts. */
function failuresToTell(state: State, anyTold: boolean): string[] {
  const failed = state.records.flatMap((record) => record.failure ?? []);
  const last = failed.slice(-1);
  const told = state.mode === 'rules' ? failed : anyTold ? [] : last;
  return told.flatMap(({ message, hint, referenceId }) => [
    `${message}${hint ? ` ${hint}` : ''}`,
    ...(referenceId ? [`Reference: ${referenceId}`] : []),
  ]);
}

function failureOf(state: State): CallRecord['failure'] {
  return state.records.findLast((record) => record.failure !== null)?.failure ?? null;
}

/** Several exhibits of one look-up repeated would only be noise. */
function shown(records: readonly CallRecord[]): CallRecord[] {
  const seen = new Set<string>();
  return records.filter((record) => {
    const key = `${record.tool} ${JSON.stringify(record.input)}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function choicesOf(state: State): Choice[] {
  if (state.choices.length > 0) return state.choices;
  const answered = state.records.some((record) => record.status !== 'failed');
  return answered ? [] : (failureOf(state)?.choices ?? []);
}

function evidenceOf(state: State, runtime: TurnRuntime, deps: NodeContext['deps']): GateSources {
  const done = state.records.filter((record) => record.status === 'done');
  const cells = done.flatMap((record) =>
    record.exhibits.flatMap((exhibit) => {
      if (exhibit.kind === 'table') return exhibit.rows.flat();
      return exhibit.kind === 'fields' ? exhibit.fields.map((field) => field.value) : [];
    }),
  );
  const words = state.utterance?.text ?? '';
  const claims = done.map(({ output }) => claimIn(output)).filter((claim) => claim !== null);
  // Who doubts a number brings one of their own: it may be quoted, not taken over.
  const doubted = claims.length > 0 || (state.utterance !== null && doubtIn(state.utterance) !== null);
  // The longer of the two first: the figure may be part of the difference.
  const theirs = claims.flat().sort((a, b) => b.length - a.length);
  const ours = (text: string) => theirs.reduce((rest, part) => rest.replaceAll(part, ' '), text);
  return {
    theirs: doubted ? [words, ...claims.map(([, difference = '']) => difference)] : [],
    texts: [
      doubted ? '' : words,
      runtime.request.quoted?.text ?? '',
      ...done.map((record) => ours(record.narration)),
      ...cells,
    ],
    data: done.filter((record) => !record.untrusted).map((record) => withoutClaim(record.output)),
    tz: runtime.request.principal.tz,
    nowAt: deps.clock.now(),
    exponentOf,
  };
}

/** The figure of somebody else that an answer was held against, and how far off it is: in the output, and not ours. */
function claimIn(output: Json): string[] | null {
  if (output === null || typeof output !== 'object' || Array.isArray(output)) return null;
  const { claim } = output;
  if (claim === undefined || claim === null || typeof claim !== 'object' || Array.isArray(claim)) return null;
  const { text, difference } = claim;
  return [text, difference].filter((part) => typeof part === 'string' && part !== '').map(String);
}

function withoutClaim(output: Json): Json {
  if (output === null || typeof output !== 'object' || Array.isArray(output)) return output;
  const { claim: _, ...rest } = output;
  return rest;
}

function sendBack(state: State, problems: readonly string[]): Update {
  const text = `Your answer was not posted: ${problems.join('; ')}. Write it again using only figures that stand in the tool results of this turn.`;
  const correction: WireMessage = { role: 'user', text };
  return { corrected: true, draft: '', requested: [], messages: [...state.messages, correction] };
}

/** Paragraph by paragraph, as it is streamed. */
function chunksOf(text: string): string[] {
  return text.split(/(?<=\n\n)/).filter((chunk) => chunk !== '');
}
