/** Just enough of the AMQP 1.0 type system to cut batches and to add annotations without decoding messages. */

import { writeUint64BE } from './uint64';

/** Section codes (AMQP 1.0, part 3, 3.2). */
const deliveryAnnotations = 0x71;
const messageAnnotations = 0x72;
const data = 0x75;
const firstSection = 0x70;
const lastSection = 0x78;

/** Where the message annotations of a message are, or belong. */
export interface MessageLayout {
  /** Start of the message annotations section, or of the place where one belongs. */
  at: number;
  /** Where the message goes on after that section. */
  rest: number;
  /** The encoded entries of that section, and how many items (keys and values) they are. */
  entriesFrom: number;
  items: number;
  partitionKey?: string;
}

/** The end of the encoded value at `at`. @throws RangeError for what is no AMQP value, or ends behind `end`. */
function skipValue(bytes: Buffer, at: number, end: number): number {
  let position = at;
  // A described value: 0x00, descriptor, value. Descriptors here are plain values.
  if (bytes[position] === 0x00) {
    if (bytes[position + 1] === 0x00) throw malformed();
    position = skipValue(bytes, position + 1, end);
    if (bytes[position] === 0x00) throw malformed();
  }
  const code = position < end ? bytes[position]! : -1;
  let next: number;
  switch (code >> 4) {
    case 0x4:
      next = position + 1;
      break;
    case 0x5:
    case 0x6:
    case 0x7:
    case 0x8:
    case 0x9:
      next = position + 1 + (1 << ((code >> 4) - 5));
      break;
    case 0xa:
    case 0xc:
    case 0xe:
      next = position + 2 <= end ? position + 2 + bytes[position + 1]! : end + 1;
      break;
    case 0xb:
    case 0xd:
    case 0xf:
      next = position + 5 <= end ? position + 5 + bytes.readUInt32BE(position + 1) : end + 1;
      break;
    default:
      throw malformed();
  }
  if (next > end) throw malformed();
  return next;
}

interface Section {
  code: number;
  value: number;
  end: number;
}

function sectionAt(bytes: Buffer, at: number): Section {
  let code: number;
  let value: number;
  if (bytes[at] === 0x00 && bytes[at + 1] === 0x53 && at + 3 <= bytes.length) [code, value] = [bytes[at + 2]!, at + 3];
  else if (bytes[at] === 0x00 && bytes[at + 1] === 0x80 && at + 10 <= bytes.length)
    [code, value] = [Number(bytes.readBigUInt64BE(at + 2)), at + 10];
  else throw malformed();
  if (code < firstSection || code > lastSection) throw malformed();
  return { code, value, end: skipValue(bytes, value, bytes.length) };
}

/** The messages in a batch (message format 0x80013700): one per data section. @throws RangeError when malformed. */
export function splitBatch(batch: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < batch.length; ) {
    const section = sectionAt(batch, at);
    if (section.code === data) messages.push(binary(batch, section));
    at = section.end;
  }
  return messages;
}

function binary(bytes: Buffer, section: Section): Buffer {
  const code = bytes[section.value];
  if (code !== 0xa0 && code !== 0xb0) throw malformed();
  return bytes.subarray(section.value + (code === 0xa0 ? 2 : 5), section.end);
}

/** Walks all sections of a message. @throws RangeError when it is malformed: it is then never stored. */
export function parseMessage(message: Buffer): MessageLayout {
  if (!message.length) throw malformed();
  let layout: MessageLayout | undefined;
  let before = 0;
  for (let at = 0; at < message.length; ) {
    const section = sectionAt(message, at);
    if (section.code === messageAnnotations && !layout) layout = readAnnotations(message, at, section);
    if (section.code <= deliveryAnnotations) before = section.end;
    at = section.end;
  }
  return layout ?? { at: before, rest: before, entriesFrom: before, items: 0 };
}

function readAnnotations(message: Buffer, at: number, section: Section): MessageLayout {
  const code = message[section.value];
  const small = code === 0xc1;
  if (!small && code !== 0xd1) throw malformed();
  const entriesFrom = section.value + (small ? 3 : 9);
  if (entriesFrom > section.end) throw malformed();
  const items = small ? message[section.value + 2]! : message.readUInt32BE(section.value + 5);
  let partitionKey: string | undefined;
  let found = 0;
  for (let key = entriesFrom; key < section.end; found += 2) {
    const value = skipValue(message, key, section.end);
    const next = skipValue(message, value, section.end);
    if (message[key] === 0xa3 && message.toString('latin1', key + 2, value) === 'x-opt-partition-key')
      partitionKey = textAt(message, value, next) ?? partitionKey;
    key = next;
  }
  if (found !== items) throw malformed();
  return { at, rest: section.end, entriesFrom, items, partitionKey };
}

function textAt(bytes: Buffer, at: number, end: number): string | undefined {
  if (bytes[at] === 0xa1) return bytes.toString('utf8', at + 2, end);
  return bytes[at] === 0xb1 ? bytes.toString('utf8', at + 5, end) : undefined;
}

const symbol = (name: string) => Buffer.concat([Buffer.from([0xa3, name.length]), Buffer.from(name)]);
const sequenceKey = symbol('x-opt-sequence-number');
const offsetKey = symbol('x-opt-offset');
const timeKey = symbol('x-opt-enqueued-time');

/** More than `writeAnnotated` ever adds to a message. */
export const annotationRoom = 12 + sequenceKey.length + offsetKey.length + timeKey.length + 9 + 9 + 2 + 20;

/** Writes a message with the three annotations of the service added. @returns where it ends in `out`. */
export function writeAnnotated(
  out: Buffer,
  start: number,
  message: Buffer,
  layout: MessageLayout,
  sequence: number,
  offset: number,
  time: number,
): number {
  let at = start + message.copy(out, start, 0, layout.at);
  const section = at;
  at += 12;
  at += message.copy(out, at, layout.entriesFrom, layout.rest);
  at += sequenceKey.copy(out, at);
  out[at++] = 0x81; // long
  at = writeUint64BE(out, sequence, at);
  at += offsetKey.copy(out, at);
  const text = String(offset);
  out[at++] = 0xa1; // str8
  out[at++] = text.length;
  at += out.write(text, at, 'latin1');
  at += timeKey.copy(out, at);
  out[at++] = 0x83; // timestamp
  at = writeUint64BE(out, time, at);
  out.writeUInt32BE(0x005372d1, section); // described, smallulong 0x72, map32
  out.writeUInt32BE(at - section - 8, section + 4);
  out.writeUInt32BE(layout.items + 6, section + 8);
  return at + message.copy(out, at, layout.rest);
}

/** Puts a ready-made delivery annotations section into a message: behind its header, where it has one. */
export function withDeliveryAnnotations(message: Buffer, annotations: Buffer): Buffer {
  const first = sectionAt(message, 0);
  const at = first.code === firstSection ? first.end : 0;
  return Buffer.concat([message.subarray(0, at), annotations, message.subarray(at)]);
}

/** The delivery annotations section of an encoded message; empty where it has none. */
export function deliveryAnnotationsOf(message: Buffer): Buffer {
  for (let at = 0; at < message.length; ) {
    const section = sectionAt(message, at);
    if (section.code === deliveryAnnotations) return message.subarray(at, section.end);
    at = section.end;
  }
  return Buffer.alloc(0);
}

function malformed(): RangeError {
  return new RangeError('The bytes are not a valid AMQP message.');
}
