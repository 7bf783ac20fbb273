import type { SkillRunSummary, SkillRuns } from '../../domain/ports.ts';
import type { RunStatus } from '../../domain/schedule/run.ts';
import { scheduleTitle } from '../../domain/schedule/run.ts';
import type { Principal, Scope } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { header, mrkdwn, slackDate } from '../views/blocks.ts';
import { lineSections, outlookLines, turnLine } from '../views/run-lines.ts';
import { defineWord, type Word, type WordAnswer } from './define-word.ts';

/** What runs by the clock and which skills are at work; with a name, the last turns of one. */
export function runsWord(parts: {
  runs: RunStatus;
  skills: Pick<SkillRuns, 'list'>;
  scopesOf(reader: Principal): readonly Scope[];
}): Word {
  return defineWord({
    word: 'runs',
    usage: 'runs - what runs by the clock, and how it went',
    run: async ({ reader, rest }) => {
      if (!parts.scopesOf(reader).includes('metrics:read'))
        throw new UserError('not_allowed', 'Your role does not include what runs by the clock.');
      return rest.trim() === '' ? overview(parts) : turnsOf(parts.runs, rest.trim());
    },
  });
}

async function overview(parts: { runs: RunStatus; skills: Pick<SkillRuns, 'list'> }): Promise<WordAnswer> {
  const outlooks = await parts.runs.next();
  const skillRuns = await parts.skills.list({ limit: 10 });
  const blocks = [
    header('What runs by the clock'),
    ...lineSections(outlooks.flatMap(outlookLines)),
    ...(skillRuns.length > 0 ? [header('Skills'), ...lineSections(alike(skillRuns).map(skillLine))] : []),
  ];
  const wrong = outlooks.reduce(
    (sum, each) => sum + each.dead.length + each.waiting.length + each.stuck.length,
    0,
  );
  const text = `${outlooks.length} schedules, ${wrong === 0 ? 'all well' : `${wrong} turns need a look`}.`;
  return { text, blocks };
}

async function turnsOf(runs: RunStatus, asked: string): Promise<WordAnswer> {
  const known = (await runs.next()).map((outlook) => outlook.schedule);
  const name = asked.toLowerCase().replaceAll(' ', '-');
  if (!known.includes(name)) {
    throw new UserError(
      'not_found',
      `Nothing called "${asked}" runs by the clock.`,
      `There is ${known.join(', ')}.`,
    );
  }
  const turns = await runs.recent({ schedule: name, limit: 10 });
  const title = `${scheduleTitle(name)}: the last turns`;
  return {
    text: title,
    blocks: [
      header(title),
      ...lineSections(turns.length > 0 ? turns.map(turnLine) : ['It has not run yet.']),
    ],
  };
}

/** Runs of one skill that stand and came out alike, told once: six briefings in one morning are one line. */
function alike(runs: readonly SkillRunSummary[]): SkillRunSummary[][] {
  const groups = new Map<string, SkillRunSummary[]>();
  for (const run of runs) {
    const minute = Math.floor((run.endedAt ?? run.startedAt) / 60_000);
    const key = JSON.stringify([run.skill, run.state, run.step, run.summary, minute]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

const MOST_NAMED = 3;

function skillLine(runs: readonly SkillRunSummary[]): string {
  const [run] = runs;
  if (!run) return '';
  const step = run.step === null || run.endedAt !== null ? '' : ` at ${mrkdwn(run.step)}`;
  const when = run.endedAt === null ? `since ${slackDate(run.startedAt)}` : slackDate(run.endedAt);
  const came = run.summary ? `: ${mrkdwn(run.summary.split('\n')[0] ?? '')}` : '';
  return `• *${mrkdwn(scheduleTitle(run.skill))}*${forWhom(runs.map(({ starterName }) => starterName))}, ${run.state}${step} ${when}${came}`;
}

/** What a schedule has started is for nobody in particular. */
function forWhom(starters: readonly string[]): string {
  const names = [...new Set(starters)].filter((name) => !/^the .* schedule$/.test(name));
  const named = names.slice(0, MOST_NAMED);
  const more = names.length - named.length;
  const last = more > 0 ? `${more} more` : (named.pop() ?? '');
  return names.length === 0 ? '' : ` for ${mrkdwn([named.join(', '), last].filter(Boolean).join(' and '))}`;
}
