import type { KeyValueStore } from '../core/types.ts';
import { MINUTE } from './calendar.ts';
import { WorldError } from './errors.ts';
import { fxRate } from './fx.ts';
import { type Duty, type DutyKind, DutyQueue } from './queue.ts';
import { mix } from './random.ts';
import type {
  CollectionName,
  Collections,
  PerformanceRow,
  UsagePiece,
  UsageRow,
  World,
  WorldChange,
} from './records.ts';
import { RecordShelves } from './shelves.ts';
import type { SimulatedWorld, Temper, UsageAdjustment } from './simulated-world.ts';
import { beginHistory, dutiesOf, perform } from './simulation.ts';
import { UsageBook } from './usage.ts';
import { WorldMemory } from './world-memory.ts';

interface WorldOptions {
  seed: number;
  /** The instant the history is written up to, epoch ms. */
  now: number;
  /** 1 is about 400 customers over 24 months. */
  scale: number;
  /** What tells the time after that; without one, the world's time is the furthest instant it was advanced to. */
  clock?: { now(): number };
  /** What happened after `now` is kept here and read back at the next start. */
  saved?: KeyValueStore;
}

/** Writes 24 months of history and, where something was saved, all that happened since. */
export function createWorld(options: WorldOptions): SimulatedWorld {
  return new CompanyWorld(options);
}

/** The simulation behind a world made by `createWorld`; throws WorldError for any other. */
export function simulated(world: World): SimulatedWorld {
  if (world instanceof CompanyWorld) return world;
  throw new WorldError('not_simulated', 'this world is not a simulated one');
}

class CompanyWorld implements SimulatedWorld {
  readonly anchor: { seed: number; now: number; scale: number };
  private readonly shelves = new RecordShelves();
  private readonly queue = new DutyQueue();
  private readonly tempers = new Map<string, Temper>();
  private readonly listeners: ((change: WorldChange) => void)[] = [];
  private readonly clock: { now(): number };
  private readonly memory: WorldMemory | null;
  private readonly book: UsageBook;
  private remembering = false;
  private position: number;
  private savedPosition = 0;
  private stepping: number | null = null;
  private lastId = 0;
  private lastDuty = 0;
  private competitorVersion = 1;

  constructor(options: WorldOptions) {
    this.anchor = { seed: options.seed, now: options.now, scale: options.scale };
    this.memory = options.saved ? new WorldMemory(options.saved) : null;
    this.position = options.now;
    this.clock = options.clock ?? { now: () => this.position };
    this.book = new UsageBook(this);
    beginHistory(this);
    this.step(options.now);
    if (this.memory) this.recall(this.memory);
    this.remembering = true;
  }

  now(): number {
    return this.stepping ?? this.clock.now();
  }

  get<C extends CollectionName>(collection: C, id: string): Collections[C] | undefined {
    return this.shelves.get(collection, id);
  }

  all<C extends CollectionName>(collection: C): readonly Collections[C][] {
    return this.shelves.all(collection);
  }

  of<C extends CollectionName>(collection: C, customerId: string): readonly Collections[C][] {
    return this.shelves.of(collection, customerId);
  }

  put<C extends CollectionName>(collection: C, record: Collections[C]): void {
    const before = this.shelves.get(collection, record.id);
    this.shelves.put(collection, record);
    this.book.noticed(collection, record);
    if (this.remembering) this.memory?.record(collection, record);
    for (const duty of dutiesOf(this, collection, record, before)) {
      this.schedule(duty.at, duty.kind, duty.subject);
    }
  }

  emit(change: WorldChange): void {
    for (const listener of this.listeners) listener(change);
  }

  onChange(listener: (change: WorldChange) => void): void {
    this.listeners.push(listener);
  }

  newId(prefix: string): string {
    this.lastId += 1;
    if (this.remembering) this.memory?.number('lastId', this.lastId);
    return `${prefix}_${spell(this.anchor.seed, this.lastId)}`;
  }

  advanceTo(at: number): void {
    if (at <= this.position) return;
    const happened = this.step(at);
    this.position = at;
    // Each tick of the clock comes by here; only those that matter are worth a write.
    if (!happened && at - this.savedPosition < MINUTE) return;
    this.savedPosition = at;
    this.memory?.number('position', at);
  }

  usage(filter: { fromAt: number; toAt: number; customerId?: string }): UsageRow[] {
    return this.book.usage(filter);
  }

  usagePieces(day: number): UsagePiece[] {
    return this.book.pieces(day);
  }

  performance(filter: { fromAt: number; toAt: number }): PerformanceRow[] {
    return this.book.performance(filter);
  }

  fxRate(currency: string, day: string): string {
    return fxRate(this.anchor.seed, currency, day);
  }

  atOnce<T>(run: () => T): T {
    const outer = this.stepping;
    this.stepping = this.now();
    try {
      return run();
    } finally {
      this.stepping = outer;
    }
  }

  schedule(at: number, kind: DutyKind, subject: string): void {
    this.lastDuty += 1;
    const duty = { id: this.lastDuty, at, kind, subject };
    this.queue.push(duty);
    if (this.remembering) this.memory?.dutyAdded(duty);
  }

  setTemper(customerId: string, temper: Temper): void {
    this.tempers.set(customerId, temper);
    if (this.remembering) this.memory?.temper(customerId, temper);
  }

  temperOf(customerId: string): Temper | undefined {
    return this.tempers.get(customerId);
  }

  adjustUsage(adjustment: UsageAdjustment): void {
    this.book.adjust(adjustment);
    this.memory?.adjustment(adjustment);
  }

  competitorPageVersion(): number {
    return this.competitorVersion;
  }

  changeCompetitorPage(): number {
    this.competitorVersion += 1;
    this.memory?.number('competitorVersion', this.competitorVersion);
    return this.competitorVersion;
  }

  /** Whether anything fell due. */
  private step(until: number): boolean {
    let happened = false;
    for (let duty = this.queue.peek(); duty && duty.at <= until; duty = this.queue.peek()) {
      this.queue.pop();
      this.stepping = duty.at;
      try {
        perform(this, duty);
      } finally {
        this.stepping = null;
        if (this.remembering) this.memory?.dutyDone(duty);
      }
      happened = true;
    }
    return happened;
  }

  private recall(memory: WorldMemory): void {
    const saved = memory.recall();
    for (const { customerId, temper } of saved.tempers) this.tempers.set(customerId, temper);
    for (const { collection, record } of saved.records) {
      this.shelves.put(collection, record);
      this.book.noticed(collection, record);
    }
    this.lastId = saved.numbers.get('lastId') ?? this.lastId;
    this.position = saved.numbers.get('position') ?? this.position;
    this.competitorVersion = saved.numbers.get('competitorVersion') ?? this.competitorVersion;
    for (const adjustment of saved.adjustments) this.book.adjust(adjustment);
    this.restoreQueue(saved.dutiesDone, saved.dutiesAdded);
  }

  private restoreQueue(done: ReadonlySet<number>, added: readonly Duty[]): void {
    const kept: Duty[] = [];
    for (let duty = this.queue.pop(); duty; duty = this.queue.pop()) if (!done.has(duty.id)) kept.push(duty);
    for (const duty of kept) this.queue.push(duty);
    for (const duty of added) {
      this.lastDuty = Math.max(this.lastDuty, duty.id);
      if (!done.has(duty.id)) this.queue.push(duty);
    }
  }
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Fourteen characters that no other number of this world spells: six of the scattered number itself, eight of noise. */
function spell(seed: number, number: number): string {
  let text = '';
  // An odd multiplier permutes the 32-bit integers, so different numbers stay different.
  let left = Math.imul(number, 0x9e3779b1) >>> 0;
  for (let i = 0; i < 6; i += 1) {
    text += BASE62[left % 62];
    left = Math.floor(left / 62);
  }
  let noise = mix(seed, number);
  for (let i = 0; i < 8; i += 1) {
    if (i === 4) noise = mix(noise, seed);
    text += BASE62[noise % 62];
    noise = Math.floor(noise / 62);
  }
  return text;
}
