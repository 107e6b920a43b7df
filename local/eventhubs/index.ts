// @ts-nocheck
/* oxlint-disable */
// First version for integration; replaced by the real modules within the hour.

// Event Hubs stand-in over AMQP 1.0 for @azure/event-hubs (UseDevelopmentEmulator=true). 127.0.0.1 only.
import rhea from 'rhea';
import net from 'node:net';
import path from 'node:path';
import { createHmac } from 'node:crypto';
import { PartitionLog } from './log';
export interface EhOptions {
  dir: string;
  port?: number;
  host?: string;
  hubs: Record<string, { partitions: number; consumerGroups?: string[] }>;
  keyName?: string;
  key?: string;
  fsync?: boolean;
  maxMessageSize?: number;
}
interface Hub {
  name: string;
  logs: PartitionLog[];
  groups: Set<string>;
  created: Date;
  rr: number;
}
interface Reader {
  sender: any;
  pos: number;
  log: PartitionLog;
  epoch?: number;
  key: string;
  pump: () => void;
  buf: { body: Buffer; next: number }[];
  closed: boolean;
}
const BATCH = 0x80013700,
  { types } = rhea as any;

// ---- a few bytes of AMQP encoding: split batches and merge the three broker annotations without decoding messages ----
function skip(b: Buffer, o: number): number {
  const t = b[o],
    hi = t >> 4;
  if (t === 0) return skip(b, skip(b, o + 1));
  if (hi === 4) return o + 1;
  if (hi >= 5 && hi <= 9) return o + 1 + [1, 2, 4, 8, 16][hi - 5];
  if (hi === 0xa || hi === 0xc || hi === 0xe) return o + 2 + b[o + 1];
  if (hi === 0xb || hi === 0xd || hi === 0xf) return o + 5 + b.readUInt32BE(o + 1);
  throw new Error('bad AMQP type 0x' + t.toString(16));
}
const section = (b: Buffer, o: number) =>
  b[o + 1] === 0x53 ? { code: b[o + 2], at: o + 3 } : { code: Number(b.readBigUInt64BE(o + 2)), at: o + 10 };
export function splitBatch(b: Buffer): Buffer[] {
  const out: Buffer[] = [];
  for (let o = 0; o < b.length; ) {
    const s = section(b, o),
      end = skip(b, s.at);
    if (s.code === 0x75) out.push(b.subarray(s.at + (b[s.at] === 0xa0 ? 2 : 5), end));
    o = end;
  }
  return out;
}
const sym = (s: string) => Buffer.concat([Buffer.from([0xa3, s.length]), Buffer.from(s)]),
  K = { seq: sym('x-opt-sequence-number'), off: sym('x-opt-offset'), time: sym('x-opt-enqueued-time') };
export function annotate(m: Buffer, seq: number, offset: number, time: number): Buffer {
  let o = 0,
    s = section(m, 0);
  while (s.code < 0x72) {
    o = skip(m, s.at);
    s = section(m, o);
  } // header and delivery annotations stay in front
  const os = String(offset),
    mine = Buffer.allocUnsafe(K.seq.length + 9 + K.off.length + 2 + os.length + K.time.length + 9);
  let w = K.seq.copy(mine);
  mine[w++] = 0x81;
  w = mine.writeBigInt64BE(BigInt(seq), w);
  w += K.off.copy(mine, w);
  mine[w++] = 0xa1;
  mine[w++] = os.length;
  w += mine.write(os, w);
  w += K.time.copy(mine, w);
  mine[w++] = 0x83;
  mine.writeBigInt64BE(BigInt(time), w);
  let old: Buffer = Buffer.alloc(0),
    count = 6,
    rest = o;
  if (s.code === 0x72) {
    const small = m[s.at] === 0xc1;
    count += small ? m[s.at + 2] : m.readUInt32BE(s.at + 5);
    rest = skip(m, s.at);
    old = m.subarray(s.at + (small ? 3 : 9), rest);
  }
  const h = Buffer.allocUnsafe(12);
  h.set([0, 0x53, 0x72, 0xd1]);
  h.writeUInt32BE(4 + old.length + mine.length, 4);
  h.writeUInt32BE(count, 8);
  return Buffer.concat([m.subarray(0, o), h, old, mine, m.subarray(rest)]);
}
export function partitionKey(m: Buffer): string | undefined {
  let o = 0,
    s = section(m, 0);
  while (s.code < 0x72) {
    o = skip(m, s.at);
    s = section(m, o);
  }
  if (s.code !== 0x72) return;
  const small = m[s.at] === 0xc1,
    end = skip(m, s.at);
  let p = s.at + (small ? 3 : 9);
  while (p < end) {
    const v = skip(m, p);
    if (m.toString('latin1', p + 2, v) === 'x-opt-partition-key' && (m[v] === 0xa1 || m[v] === 0xb1))
      return m.toString('utf8', v + (m[v] === 0xa1 ? 2 : 5), skip(m, v));
    p = skip(m, v);
  }
}
export function hashKey(key: string, n: number) {
  // Jenkins lookup3, as the service and the SDK's buffered producer do
  const d = Buffer.from(key, 'utf8');
  let a = (0xdeadbeef + d.length) | 0,
    b = a,
    c = a,
    i = 0,
    left = d.length;
  const r = (x: number, k: number) => (x << k) | (x >>> (32 - k)),
    at = (j: number) => {
      let x = 0;
      for (let k = 0; k < 4; k++) if (j + k < d.length) x |= d[j + k] << (8 * k);
      return x;
    };
  while (left > 12) {
    a = (a + at(i)) | 0;
    b = (b + at(i + 4)) | 0;
    c = (c + at(i + 8)) | 0;
    a = (a - c) | 0;
    a ^= r(c, 4);
    c = (c + b) | 0;
    b = (b - a) | 0;
    b ^= r(a, 6);
    a = (a + c) | 0;
    c = (c - b) | 0;
    c ^= r(b, 8);
    b = (b + a) | 0;
    a = (a - c) | 0;
    a ^= r(c, 16);
    c = (c + b) | 0;
    b = (b - a) | 0;
    b ^= r(a, 19);
    a = (a + c) | 0;
    c = (c - b) | 0;
    c ^= r(b, 4);
    b = (b + a) | 0;
    i += 12;
    left -= 12;
  }
  if (left) {
    a = (a + at(i)) | 0;
    b = (b + at(i + 4)) | 0;
    c = (c + at(i + 8)) | 0;
    c ^= b;
    c = (c - r(b, 14)) | 0;
    a ^= c;
    a = (a - r(c, 11)) | 0;
    b ^= a;
    b = (b - r(a, 25)) | 0;
    c ^= b;
    c = (c - r(b, 16)) | 0;
    a ^= c;
    a = (a - r(c, 4)) | 0;
    b ^= a;
    b = (b - r(a, 14)) | 0;
    c ^= b;
    c = (c - r(b, 24)) | 0;
  }
  return Math.abs((((c ^ b) << 16) >> 16) % n);
}

export class EventHubsServer {
  private hubs = new Map<string, Hub>();
  private readers = new Map<string, Set<Reader>>();
  private server?: net.Server;
  private sockets = new Set<net.Socket>();
  private timer?: NodeJS.Timeout;
  constructor(private o: EhOptions) {
    for (const [name, h] of Object.entries(o.hubs))
      this.hubs.set(name.toLowerCase(), {
        name,
        rr: 0,
        created: new Date(),
        groups: new Set(['$default', ...(h.consumerGroups ?? []).map((g) => g.toLowerCase())]),
        logs: Array.from(
          { length: h.partitions },
          (_, i) => new PartitionLog(path.join(o.dir, name, `${i}.log`), o.fsync ?? false),
        ),
      });
  }
  async listen(): Promise<number> {
    const c: any = (rhea as any).create_container({
      id: 'local-event-hubs',
      max_frame_size: 65536,
      channel_max: 4999,
      receiver_options: {
        autoaccept: false,
        credit_window: 0,
        autosettle: false,
        max_message_size: this.o.maxMessageSize ?? 1 << 20,
      },
      sender_options: { snd_settle_mode: 1 },
    });
    c.sasl_server_mechanisms.enable_anonymous();
    c.sasl_server_mechanisms.MSSBCBS = c.sasl_server_mechanisms.ANONYMOUS;
    c.sasl_server_mechanisms.enable_plain(() => true); // authentication is by $cbs
    for (const e of [
      'connection_error',
      'session_error',
      'receiver_error',
      'sender_error',
      'disconnected',
      'protocol_error',
      'error',
    ])
      c.on(e, () => {});
    c.on('connection_open', (x: any) => (x.connection.auth = new Map<string, number>()));
    c.on('receiver_open', (x: any) => this.onPublisher(x));
    c.on('sender_open', (x: any) => this.onConsumer(x));
    c.on('message', (x: any) => this.onMessage(x));
    c.on('sendable', (x: any) => x.sender.reader?.pump());
    c.on('sender_draining', (x: any) => {
      x.sender.reader?.pump();
      x.sender.set_drained(true);
    });
    for (const e of ['sender_close', 'session_close', 'connection_close', 'disconnected'])
      c.on(e, (x: any) => {
        for (const set of this.readers.values())
          for (const r of [...set])
            if (
              r.sender === x.sender ||
              (!x.sender &&
                r.sender.connection === x.connection &&
                (!x.session || e !== 'session_close' || r.sender.session === x.session))
            )
              this.drop(r);
      });
    this.server = c.listen({ port: this.o.port ?? 0, host: this.o.host ?? '127.0.0.1' });
    this.server!.on('connection', (s) => {
      this.sockets.add(s);
      s.setNoDelay(true);
      s.on('close', () => this.sockets.delete(s));
    });
    await new Promise<void>((r, j) => this.server!.once('listening', r).once('error', j));
    return (this.server!.address() as net.AddressInfo).port;
  }
  async close() {
    for (const s of this.sockets) s.destroy();
    await new Promise((r) => this.server!.close(r));
    for (const h of this.hubs.values()) for (const l of h.logs) l.close();
  }
  private refuse(link: any, condition: string, description: string) {
    link.close({ condition, description });
  }
  private authorised(conn: any, entity: string) {
    if (this.o.key === undefined) return true;
    for (const [aud, exp] of conn.auth ?? [])
      if (exp > Date.now() / 1000 && entity.replace(/^\/+/, '').toLowerCase().startsWith(aud)) return true;
    return false;
  }
  private parse(addr: string) {
    const m = /^([^/$]+)(?:\/ConsumerGroups\/([^/]+))?(?:\/Partitions\/(\d+))?(\/\$management)?$/i.exec(
      addr.replace(/^amqps?:\/\/[^/]+\/|^\/+/, ''),
    );
    const hub = m && this.hubs.get(m[1].toLowerCase());
    return { hub: hub || undefined, group: m?.[2]?.toLowerCase(), part: m?.[3] === undefined ? undefined : +m![3] };
  }

  private onPublisher({ receiver: r, connection }: any) {
    // the peer sends
    const a: string = r.target?.address ?? '';
    r.set_target({ address: a });
    r.set_source({ address: r.source?.address });
    r.addr = a;
    if (a === '$cbs' || a === '$management' || a.endsWith('/$management')) return void r.add_credit(100);
    const p = this.parse(a);
    if (!p.hub || p.group) return this.refuse(r, 'amqp:not-found', `The messaging entity '${a}' could not be found.`);
    if (p.part !== undefined && p.part >= p.hub.logs.length)
      return this.refuse(
        r,
        'com.microsoft:argument-out-of-range',
        `The specified partition is invalid for an EventHub partition sender or receiver. It should be between 0 and ${p.hub.logs.length - 1}.`,
      );
    if (!this.authorised(connection, a))
      return this.refuse(
        r,
        'amqp:unauthorized-access',
        "Unauthorized access. 'Send' claim(s) are required to perform this operation.",
      );
    r.hub = p.hub;
    r.part = p.part;
    r.add_credit(1000);
  }
  private onMessage({ receiver: r, delivery: d, message: m, format }: any) {
    if (r.addr === '$cbs') return this.cbs(r, d, m);
    if (!r.hub) return this.management(r, d, m);
    let msgs: Buffer[];
    try {
      msgs = format === BATCH ? splitBatch(m) : [format === undefined ? (rhea as any).message.encode(m) : m];
    } catch (e: any) {
      d.reject({ condition: 'amqp:decode-error', description: e.message });
      return void r.add_credit(1);
    }
    const hub: Hub = r.hub,
      key = r.part === undefined && msgs.length ? partitionKey(msgs[0]) : undefined,
      part = r.part ?? (key !== undefined ? hashKey(key, hub.logs.length) : hub.rr++ % hub.logs.length);
    if (!msgs.length) {
      d.accept();
      return void r.add_credit(1);
    }
    hub.logs[part].append(
      msgs.map((b) => (s: number, o: number, t: number) => annotate(b, s, o, t)),
      (e) => {
        if (e) d.reject({ condition: 'amqp:internal-error', description: e.message });
        else d.accept();
        r.add_credit(1);
      },
    ); // acknowledged only once it is in the log
  }
  private reply(r: any, m: any, body: any, code: number, text: string) {
    const s =
      [...(r.connection.replies ?? [])].find((x: any) => x.target?.address === m.reply_to || x.name === m.reply_to) ??
      [...(r.connection.replies ?? [])].find((x: any) => x.source?.address === r.addr);
    s?.send({
      correlation_id: m.message_id ?? m.correlation_id,
      application_properties: {
        'status-code': code,
        'status-description': text,
        statusCode: code,
        statusDescription: text,
      },
      body,
    });
  }
  private cbs(r: any, d: any, m: any) {
    d.accept();
    r.add_credit(1);
    const t = String(m.body),
      p = new URLSearchParams(t.replace(/^SharedAccessSignature /, ''));
    let ok = this.o.key === undefined;
    if (!ok && p.get('sr'))
      ok =
        p.get('skn') === (this.o.keyName ?? 'RootManageSharedAccessKey') &&
        Number(p.get('se')) > Date.now() / 1000 &&
        createHmac('sha256', this.o.key!)
          .update(encodeURIComponent(p.get('sr')!) + '\n' + p.get('se'))
          .digest('base64') === p.get('sig');
    if (process.env.DBG) console.log('cbs', ok, t, m.application_properties);
    if (ok)
      r.connection.auth.set(
        (p.get('sr') ?? m.application_properties?.name ?? '').toLowerCase().replace(/^[a-z]+:\/\/[^/]+\//, ''),
        Number(p.get('se') ?? Infinity),
      );
    this.reply(
      r,
      m,
      undefined,
      ok ? 202 : 401,
      ok ? 'Accepted' : 'InvalidSignature: The token has an invalid signature.',
    );
  }
  private management(r: any, d: any, m: any) {
    d.accept();
    r.add_credit(1);
    const ap = m.application_properties ?? {},
      hub = this.hubs.get(String(ap.name).toLowerCase()),
      ts = (x: number) => types.wrap_timestamp(x);
    if (!hub) return this.reply(r, m, undefined, 404, `The messaging entity '${ap.name}' could not be found.`);
    if (!this.authorised(r.connection, hub.name + '/$management'))
      return this.reply(r, m, undefined, 401, 'Unauthorized');
    if (ap.type === 'com.microsoft:eventhub')
      return this.reply(
        r,
        m,
        {
          name: hub.name,
          type: ap.type,
          created_at: ts(hub.created.getTime()),
          partition_count: types.wrap_int(hub.logs.length),
          partition_ids: types.wrap_array(
            hub.logs.map((_, i) => String(i)),
            0xa1,
          ),
          georeplication_factor: types.wrap_int(1),
        },
        200,
        'OK',
      );
    const l = hub.logs[+ap.partition];
    if (!l) return this.reply(r, m, undefined, 400, 'The specified partition is invalid.');
    this.reply(
      r,
      m,
      {
        name: hub.name,
        type: ap.type,
        partition: String(ap.partition),
        begin_sequence_number: types.wrap_long(0),
        last_enqueued_sequence_number: types.wrap_long(l.nextSeq - 1),
        last_enqueued_offset: String(l.lastOffset),
        last_enqueued_time_utc: ts(l.lastTime),
        is_partition_empty: l.empty,
      },
      200,
      'OK',
    );
  }
  private onConsumer({ sender: s, connection }: any) {
    // the peer receives
    const a: string = s.source?.address ?? '';
    s.set_source({ address: a, filter: s.source?.filter });
    s.set_target({ address: s.target?.address });
    if (a === '$cbs' || a === '$management' || a.endsWith('/$management'))
      return void (connection.replies ??= new Set()).add(s);
    const p = this.parse(a),
      log = p.hub && p.part !== undefined ? p.hub.logs[p.part] : undefined;
    if (!p.hub || !p.group || !p.hub.groups.has(p.group))
      return this.refuse(s, 'amqp:not-found', `The messaging entity '${a}' could not be found.`);
    if (!log)
      return this.refuse(
        s,
        'com.microsoft:argument-out-of-range',
        'The specified partition is invalid for an EventHub partition sender or receiver.',
      );
    if (!this.authorised(connection, a))
      return this.refuse(
        s,
        'amqp:unauthorized-access',
        "Unauthorized access. 'Listen' claim(s) are required to perform this operation.",
      );
    const f = s.source?.filter?.['apache.org:selector-filter:string'],
      sel = String(f?.value?.value ?? f?.value ?? f ?? "amqp.annotation.x-opt-offset > '-1'"),
      m = /x-opt-(offset|sequence-number|enqueued-time)\s*(>=|>)\s*'?([^']+)'?/.exec(sel);
    if (!m) return this.refuse(s, 'amqp:invalid-field', `bad selector ${sel}`);
    const v = Number(m[3]),
      incl = m[2] === '>=';
    let pos: number;
    if (m[3] === '@latest') pos = log.end;
    else {
      const field = m[1] === 'offset' ? 'offset' : m[1] === 'sequence-number' ? 'seq' : 'time';
      pos = log.seek((r) => (incl ? r[field] >= v : r[field] > v));
    }
    const key = a.toLowerCase(),
      set = this.readers.get(key) ?? this.readers.set(key, new Set()).get(key)!,
      ep = s.properties?.['com.microsoft:epoch'],
      epoch = ep === undefined ? undefined : Number(ep);
    const top = Math.max(-1, ...[...set].map((r) => r.epoch ?? -1)); // owner level: highest wins, a new link of the same level takes over
    if (top >= 0 && (epoch === undefined || epoch < top))
      return this.refuse(s, 'amqp:link:stolen', `Receiver with a higher epoch of '${top}' already exists.`);
    if (epoch !== undefined)
      for (const r of [...set]) {
        this.drop(r);
        r.sender.close({
          condition: 'amqp:link:stolen',
          description: `New receiver with higher epoch of '${epoch}' is created hence current receiver with epoch '${r.epoch ?? ''}' is getting disconnected.`,
        });
      }
    else if (set.size >= 5)
      return this.refuse(
        s,
        'amqp:resource-limit-exceeded',
        'Exceeded the maximum number of allowed receivers per partition in a consumer group which is 5.',
      );
    const r: Reader = { sender: s, pos, log, epoch, key, buf: [], closed: false, pump: () => {} };
    s.reader = r;
    set.add(r);
    log.listeners.add((r.pump = () => this.pump(r)));
    r.pump();
  }
  private drop(r: Reader) {
    r.closed = true;
    r.log.listeners.delete(r.pump);
    this.readers.get(r.key)?.delete(r);
  }
  private pump(r: Reader) {
    const s = r.sender,
      out = s.session.outgoing;
    let n = Math.min(s.credit - (out.next_delivery_id - out.next_pending_delivery), out.available()); // rhea lowers credit only when it writes
    while (n > 0 && !r.closed) {
      if (!r.buf.length) r.buf = r.log.read(r.pos).map(({ body, next }) => ({ body, next }));
      const batch = r.buf.splice(0, n);
      if (!batch.length) return;
      for (const e of batch) {
        s.send(e.body, undefined, 0);
        r.pos = e.next;
      }
      n -= batch.length;
    }
  }
}
export interface HubOptions {
  name: string;
  partitions: number;
  consumerGroups?: string[];
  retention?: { hours?: number; bytes?: number };
}
export interface EventHubsOptions {
  root: string;
  port: number;
  keyName: string;
  key: string;
  hubs: HubOptions[];
}
export async function startEventHubs(o: {
  root: string;
  port: number;
  keyName: string;
  key: string;
  hubs: HubOptions[];
}): Promise<{ port: number; stop(): Promise<void> }> {
  const s = new EventHubsServer({
    dir: o.root,
    port: o.port,
    keyName: o.keyName,
    key: o.key,
    fsync: true,
    hubs: Object.fromEntries(o.hubs.map((h) => [h.name, h])),
  });
  const port = await s.listen();
  return { port, stop: () => s.close() };
}
