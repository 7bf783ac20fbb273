import type { PreviousCall } from '../domain/language/utterance.ts';
import { lateSentences } from '../domain/late-sources.ts';
import { type Report, timesOf } from '../domain/reports/report.ts';
import type { Place, Principal } from '../domain/types.ts';
import type { ToolDone, ToolRunner } from '../tools/tool-call.ts';
import { makeSafe, safeExhibits } from './output-gate.ts';
import type { Answer } from './turn.ts';

/** What a report shows now, asked with its owner's rights through the one runner of tools. */
export async function answerReport(
  report: Report,
  owner: Principal,
  place: Place,
  parts: { runner: Pick<ToolRunner, 'run'>; allowedHosts: readonly string[]; signal: AbortSignal },
): Promise<{ answer: Answer; calls: PreviousCall[] }> {
  const done: ToolDone[] = [];
  for (const { tool, input } of report.calls) {
    const result = await parts.runner.run({ tool, input, principal: owner, place, signal: parts.signal });
    if (!result.ok) throw result.error;
    if (result.kind === 'result') done.push(result);
  }
  const late = lateSentences(
    done.flatMap(({ receipt }) => receipt.freshness),
    owner.tz,
  );
  const doubts = new Set(done.flatMap((one) => one.doubts));
  const title = `**${report.words.charAt(0).toUpperCase()}${report.words.slice(1)}** (${lowerFirst(timesOf(report))}, for ${owner.name})`;
  const text = [title, ...done.map(({ narration }) => narration), ...late, ...doubts].join('\n\n');
  const names = done.flatMap(({ listed }) => listed.map(({ label }) => label));
  const answer: Answer = {
    text: makeSafe(text, parts.allowedHosts, [...new Set([...names, owner.name])]),
    exhibits: safeExhibits(done.flatMap(({ exhibits }) => exhibits)),
    receipts: done.map(({ receipt }) => receipt.queryId),
    choices: [],
    referenceId: null,
    mode: 'rules',
  };
  return { answer, calls: done.map(({ tool, input, listed }) => ({ tool, input, listed })) };
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]+days/.test(text) && !/^Week/.test(text)
    ? text
    : text.charAt(0).toLowerCase() + text.slice(1);
}
