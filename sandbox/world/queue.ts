/** Something that will happen to the company. `id` orders what falls due at the same instant. */
export interface Duty {
  id: number;
  at: number;
  kind: DutyKind;
  /** The id of the record concerned, or the number of a signup, a story or an incident. */
  subject: string;
}

export type DutyKind =
  | 'signup'
  | 'story'
  | 'period_end'
  | 'cancel_at'
  | 'discount_end'
  | 'finalize'
  | 'attempt'
  | 'bank_payment'
  | 'write_off'
  | 'cancel_notice'
  | 'upgrade'
  | 'downgrade'
  | 'ticket_open'
  | 'ticket_respond'
  | 'ticket_close'
  | 'refund'
  | 'credit_note'
  | 'dispute'
  | 'incident_start'
  | 'incident_end';

function before(a: Duty, b: Duty): boolean {
  return a.at === b.at ? a.id < b.id : a.at < b.at;
}

/** A binary heap: the earliest first. */
export class DutyQueue {
  private readonly heap: Duty[] = [];

  peek(): Duty | undefined {
    return this.heap[0];
  }

  push(duty: Duty): void {
    let index = this.heap.push(duty) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.heap[parent];
      if (!above || before(above, duty)) break;
      this.heap[index] = above;
      index = parent;
    }
    this.heap[index] = duty;
  }

  pop(): Duty | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (last && this.heap.length > 0) this.sink(last);
    return first;
  }

  private sink(duty: Duty): void {
    let index = 0;
    for (;;) {
      const left = this.heap[2 * index + 1];
      const right = this.heap[2 * index + 2];
      const child = right && left && before(right, left) ? right : left;
      if (!child || before(duty, child)) break;
      this.heap[index] = child;
      index = 2 * index + (child === left ? 1 : 2);
    }
    this.heap[index] = duty;
  }
}
