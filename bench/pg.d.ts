/** The part of `pg` that the benchmarks use; the package brings no types of its own. */
declare module 'pg' {
  export class Client {
    constructor(options: { connectionString: string });
    connect(): Promise<void>;
    query(text: string): Promise<{ rows: unknown[] }>;
    end(): Promise<void>;
  }
}
