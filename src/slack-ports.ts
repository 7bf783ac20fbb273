import { z } from 'zod';
import type { RunStatus } from './domain/schedule/run.ts';
import type { Principal } from './domain/types.ts';
import type { Psi } from './psi.ts';
import { createHome } from './slack/home.ts';
import { rememberedPorts } from './slack/remembered.ts';
import type { SlackPorts } from './slack/services.ts';
import { alertsWord } from './slack/words/alerts.ts';
import { approvalsWord } from './slack/words/approvals.ts';
import { briefingWord } from './slack/words/briefing.ts';
import type { Word } from './slack/words/define-word.ts';
import { doctorWord } from './slack/words/doctor.ts';
import { forgetWord } from './slack/words/forget.ts';
import { helpWord } from './slack/words/help.ts';
import { runsWord } from './slack/words/runs.ts';
import { sweepWord } from './slack/words/sweep.ts';
import { usageWord } from './slack/words/usage.ts';
import { inTurn, sayable } from './tools/sayable.ts';

/** What the rest of Psi gives to Slack: its words, App Home, receipts and what is remembered. */
export function slackPorts(
  psi: Psi &
    Pick<SlackPorts, 'onDeadTurn'> & {
      runs: RunStatus;
      members(teamId: string): Promise<readonly Principal[]>;
    },
  mode: () => string,
): SlackPorts {
  const { door, clock, runner } = psi;
  const examples: SlackPorts['examples'] = (reader) => {
    const scopes = psi.scopesOf(reader);
    return inTurn(psi.tools.filter((tool) => scopes.includes(tool.scope))).flatMap((tool) =>
      sayable(tool).slice(0, 1),
    );
  };
  const signal = () => AbortSignal.timeout(20_000);
  const says = inTurn(psi.tools).map((tool) => ({ ...tool, says: sayable(tool) }));
  const words: Word[] = [
    helpWord({ tools: says, scopesOf: psi.scopesOf, words: () => words }),
    doctorWord(psi),
    sweepWord({ sweep: () => psi.sources.sweep(), scopesOf: psi.scopesOf }),
    alertsWord(psi.alerts.desk),
    briefingWord({ ...psi.briefing, clock }),
    approvalsWord({ ...psi, approvals: psi.ports.approvals }),
    runsWord({ ...psi, skills: psi.ports.skills }),
    usageWord({ ...psi, mode, budget: psi.config.modelBudget, company: psi.config.company }),
    forgetWord(),
  ];
  return {
    door,
    examples,
    inputSchemaOf: (name) => {
      const tool = psi.tools.find((candidate) => candidate.name === name);
      return tool ? z.toJSONSchema(tool.input, { io: 'input' }) : {};
    },
    explain: async (queryId, principal, place) => {
      const { before, now, same } = await runner.rerunReceipt(queryId, {
        principal,
        place,
        signal: signal(),
      });
      return {
        receipt: before.receipt,
        narration: before.narration,
        again: { narration: now.narration, same },
      };
    },
    alerts: { desk: psi.alerts.desk, card: psi.alerts.cards.get, get: psi.alerts.book.get },
    home: createHome({
      door,
      briefingOf: psi.briefing.homeOf,
      alerts: psi.alerts.desk,
      facts: psi.ports.facts,
      sources: psi.sources,
      runs: psi.runs,
      quality: psi.quality,
      company: psi.config.company,
      clock,
      logger: psi.logger,
      simulated: psi.simulated,
      mode,
      scopesOf: psi.scopesOf,
      problems: psi.problems,
      examples,
    }),
    takesPart: async (thread) => (await psi.transcript.recent(thread, 1)).length > 0,
    words,
    ...rememberedPorts(psi),
    onDeadTurn: psi.onDeadTurn,
    print: psi.ports.billing.draw,
    briefing: { ...psi.briefing, transcript: psi.transcript },
  };
}
