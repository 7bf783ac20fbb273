import { type NamedRun, type ScheduleOutlook, scheduleTitle } from '../../domain/schedule/run.ts';
import { clip, LIMITS, type MessageBlock, mrkdwn, section, slackDate } from './blocks.ts';

const MOST_CHARACTERS = 300;

/** Lines in as many sections as Slack needs for them, none cut in the middle. */
export function lineSections(lines: readonly string[]): MessageBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    const joined = `${last}\n${line}`;
    if (last !== undefined && joined.length <= LIMITS.section) texts[texts.length - 1] = joined;
    else texts.push(line);
  }
  return texts.map(section);
}

/** How one schedule stands, in a line, and a line for each thing that is wrong with it. */
export function outlookLines(outlook: ScheduleOutlook): string[] {
  const title = `*${mrkdwn(scheduleTitle(outlook.schedule))}*`;
  if (outlook.problem !== null) return [`• ${title}: ${mrkdwn(outlook.problem)}`];
  const parts = [
    `${mrkdwn(outlook.words)}${outlook.subjects > 1 ? `, for ${outlook.subjects} people` : ''}`,
    ...(outlook.nextDueAt === null ? [] : [`next ${slackDate(outlook.nextDueAt)}`]),
    ...(outlook.running > 0 ? [`${outlook.running} running now`] : []),
    outlook.last === null ? 'not run yet' : lastWords(outlook.last),
  ];
  return [
    `• ${title}: ${parts.join('; ')}`,
    ...outlook.stuck.map(
      (run) => `   ◦ Stuck${forWhom(run)}: running since ${slackDate(run.startedAt ?? run.dueAt)}`,
    ),
    ...outlook.waiting.map((run) => `   ◦ ${failureWords(run)}`),
    ...outlook.dead.map((run) => `   ◦ ${failureWords(run)}`),
  ];
}

/** One turn in a line, for the list of one schedule. */
export function turnLine(run: NamedRun): string {
  const when = `${slackDate(run.dueAt)}${forWhom(run)}`;
  if (run.state === 'dead' || run.state === 'waiting') return `• ${when}: ${failureWords(run)}`;
  const state = { due: 'about to run', running: 'running', done: 'done', skipped: 'skipped' }[run.state];
  return `• ${when}: ${state}${run.summary ? `. ${mrkdwn(clip(run.summary, MOST_CHARACTERS))}` : ''}`;
}

function lastWords(run: NamedRun): string {
  const ended = slackDate(run.finishedAt ?? run.dueAt);
  if (run.state === 'dead') return `last failed ${ended}`;
  return `last done ${ended}${run.summary ? `: ${mrkdwn(clip(run.summary, MOST_CHARACTERS))}` : ''}`;
}

function failureWords(run: NamedRun): string {
  const times = run.failures === 1 ? 'once' : `${run.failures} times`;
  const why = [run.error, run.referenceId ? `Reference ${run.referenceId}.` : null].filter(Boolean).join(' ');
  const whose = `${forWhom(run)} due ${slackDate(run.dueAt)}`;
  if (run.state === 'dead')
    return `Given up${whose} after failing ${times}: ${mrkdwn(clip(why, MOST_CHARACTERS))}`;
  return `Failed ${times}${whose}: ${mrkdwn(clip(why, MOST_CHARACTERS))} Tried again ${slackDate(run.nextAttemptAt ?? run.dueAt)}`;
}

const forWhom = (run: NamedRun): string =>
  run.subjectName === null ? '' : ` for ${mrkdwn(run.subjectName)}`;
