import { createHash } from 'node:crypto';
import { encodeEvent, type EventContent } from '../produce/encounter-event';
import { Random } from '../generate/random';
import { type Code, codes, type Fate, type Fault, faults } from './faults';

/** One event as it is sent. */
export interface Outgoing {
  /** The partition key. */
  readonly key: string;
  readonly text: string;
}

/** One line of the answer key: what was done to an event and what silver must do with it. */
export interface Answer {
  event_id: string;
  encounter_id: string;
  /** Name of the fault, null for a clean event. */
  fault: string | null;
  fate: Fate;
  /** Reasons that a quarantined or superseded event must have among its own, or flags that a repaired one must have. */
  codes: Code[];
  /** SHA-256 of the body as sent, for events that cannot be parsed. */
  body_sha256?: string;
}

interface Prepared extends Outgoing {
  readonly answer: Answer;
  readonly event: EventContent;
  readonly late: boolean;
  /** The same as an event sent before, byte for byte. */
  readonly repeated: boolean;
}

const dirtyStream = 101;
/** Late events wait for the end of the run; beyond this many the oldest is let go, so memory stays bounded. */
const mostLate = 20_000;

/**
 * Injects known faults into a stream of events. The same events, share and seed give the same faults: each event has
 * its own random stream. Every event that goes out has a line in the answer key.
 */
export class DirtySource {
  private ordinal = 0;
  private readonly waiting: Prepared[] = [];
  /** Number of events per fault. */
  readonly counts: Record<string, number> = {};

  /**
   * @param share of the events that get a fault, 0 to 1
   * @param answer takes the lines of the answer key in the order of sending
   */
  constructor(
    private readonly share: number,
    private readonly seed: number,
    private readonly answer: (line: Answer) => void,
  ) {}

  /** What is sent for the events of one encounter, in order. */
  apply(events: readonly EventContent[]): Outgoing[] {
    const prepared = events.flatMap((event) => this.prepare(event));
    settleFates(prepared);
    const out: Outgoing[] = [];
    for (const item of prepared) {
      if (item.late) this.waiting.push(item);
      else out.push(this.send(item));
    }
    while (this.waiting.length > mostLate) out.push(this.send(this.waiting.shift()!));
    return out;
  }

  /** The late events; call once, at the end. */
  rest(): Outgoing[] {
    return this.waiting.splice(0).map((item) => this.send(item));
  }

  private send(item: Prepared): Outgoing {
    this.answer(item.answer);
    return item;
  }

  private prepare(event: EventContent): Prepared[] {
    const random = new Random(this.seed, dirtyStream, this.ordinal++);
    const fault = random.chance(this.share) ? pickFault(random, event) : undefined;
    if (!fault) return [clean(event, null)];
    this.counts[fault.name] = (this.counts[fault.name] ?? 0) + 1;
    switch (fault.delivery) {
      case 'twice':
        return [clean(event, null), { ...clean(event, fault.name), repeated: true }];
      case 'late':
        return [{ ...clean(event, fault.name), late: true }];
      case 'older-after':
        return [clean(event, null), clean(olderVersion(event), fault.name)];
      default:
        return [faulty(event, fault, random)];
    }
  }
}

function clean(event: EventContent, fault: string | null): Prepared {
  const { eventId, text } = encodeEvent(event);
  return {
    key: event.encounter_id,
    text,
    event,
    late: false,
    repeated: false,
    answer: { event_id: eventId, encounter_id: event.encounter_id, fault, fate: 'accepted', codes: [] },
  };
}

function faulty(event: EventContent, fault: Fault, random: Random): Prepared {
  const changed = { ...event, ...fault.change?.(event, random) } as EventContent;
  const { eventId, text } = encodeEvent(changed);
  const body = fault.cut ? fault.cut(text, random) : text;
  return {
    key: event.encounter_id,
    text: body,
    event: changed,
    late: false,
    repeated: false,
    answer: {
      event_id: eventId,
      encounter_id: event.encounter_id,
      fault: fault.name,
      fate: fault.fate,
      codes: fault.code ? [fault.code] : [],
      ...(fault.cut ? { body_sha256: createHash('sha256').update(body).digest('hex') } : {}),
    },
  };
}

function pickFault(random: Random, event: EventContent): Fault {
  for (;;) {
    const fault = random.pick(faults);
    if (fault.applies(event)) return fault;
  }
}

/** The same encounter as it was known an hour before: it has no claim yet. */
function olderVersion(event: EventContent): EventContent {
  const time = new Date(Date.parse(event.event_time) - 3_600_000).toISOString().replace('.000Z', 'Z');
  return { ...event, event_time: time, payer_coverage: 0 };
}

/**
 * Repeated events are superseded. Of the other valid events of an encounter the newest wins (event_time, then completed
 * before started, then arrival); a newer version supersedes the others.
 */
function settleFates(events: readonly Prepared[]): void {
  const supersede = (item: Prepared, code: Code) => Object.assign(item.answer, { fate: 'superseded', codes: [code] });
  for (const item of events) if (item.repeated) supersede(item, codes.duplicateEvent);
  const valid = events.filter((item) => item.answer.fate !== 'quarantined' && !item.repeated);
  const arrival = [...valid.filter((item) => !item.late), ...valid.filter((item) => item.late)];
  let newest: Prepared | undefined;
  for (const item of arrival) if (!newest || isNewer(item.event, newest.event)) newest = item;
  for (const item of valid) if (item !== newest) supersede(item, codes.newerVersion);
}

function isNewer(event: EventContent, than: EventContent): boolean {
  if (event.event_time !== than.event_time) return event.event_time > than.event_time;
  return event.event_type === than.event_type || event.event_type === 'encounter.completed';
}
