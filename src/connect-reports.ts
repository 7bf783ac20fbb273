import { createQuestionReader } from './agent/read-question.ts';
import type { AudienceParts } from './agent/report-audience.ts';
import { createReportDesk } from './agent/report-desk.ts';
import type { Ports, SkillRuns } from './domain/ports.ts';
import type { ReportDesk } from './domain/reports/report.ts';
import type { Company, Principal, Scope } from './domain/types.ts';
import type { Clock } from './lib/clock.ts';
import { SystemError } from './lib/errors.ts';
import type { Schedule } from './schedules/define-schedule.ts';
import { type ReportSurface, reports } from './schedules/reports.ts';
import type { Store } from './store/open-store.ts';
import { createReportBook } from './store/reports.ts';
import type { Transcript } from './store/transcript.ts';
import type { Tool } from './tools/define-tool.ts';
import type { ToolRunner } from './tools/tool-call.ts';

/** Slack's side of reports: where they are posted, and who reads there. */
export interface ReportRoomSurface extends ReportSurface, Pick<AudienceParts, 'audience'> {
  channel(teamId: string, reference: string): Promise<{ channelId: string; name: string } | null>;
}

/** Scheduled reports, fitted together. */
export interface ReportRoom {
  desk: ReportDesk;
  schedule: Schedule;
  /** Where they are shown, known once Slack is connected. */
  showIn(surface: ReportRoomSurface): void;
}

export function connectReports(house: {
  store: Store;
  clock: Clock;
  company: Company;
  tools: readonly Tool[];
  transcript: Transcript;
  skills: Pick<SkillRuns, 'skills'>;
  allowedHosts: readonly string[];
  members(teamId: string): Promise<readonly Principal[]>;
  scopesOf(principal: Pick<Principal, 'roles'>): readonly Scope[];
  customers: Ports['customers'];
  /** Made after this: tools make reports, and reports call tools. */
  runner(): Pick<ToolRunner, 'run'>;
}): ReportRoom {
  const { store, clock, runner } = house;
  const book = createReportBook({ store, clock });
  let shown: ReportRoomSurface | null = null;
  const surface = () => {
    if (!shown) throw new SystemError('source_unavailable', 'Slack is not connected yet');
    return shown;
  };
  const parts = {
    ...house,
    book,
    surface,
    runner: { run: (call: Parameters<ToolRunner['run']>[0]) => runner().run(call) },
    audience: (teamId: string, channelId: string) => surface().audience(teamId, channelId),
    channel: (teamId: string, reference: string) => surface().channel(teamId, reference),
  };
  return {
    desk: createReportDesk({ ...parts, read: createQuestionReader(house) }),
    schedule: reports(parts),
    showIn: (where) => {
      shown = where;
    },
  };
}
