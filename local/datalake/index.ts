import { lockRoot } from '../disk/root-lock';
import { DataLakeServer } from './server';
import { Store } from './store';

export interface DataLakeOptions {
  /** The folder of the lake; each container is a folder in it, each path a plain file. Created where it is missing. */
  root: string;
  /** TCP port on 127.0.0.1; 0 takes any free one. */
  port: number;
  /** Storage account name, such as `devstoreaccount1`. */
  account: string;
  /** Account key, base64. */
  key: string;
  /** Only '127.0.0.1', which is also the default: the stand-in is for this machine. */
  host?: string;
}

export interface RunningDataLake {
  port: number;
  /** Ends connections, finishes what is being written, releases the folder. */
  stop(): Promise<void>;
}

/**
 * Starts the local Data Lake: the Data Lake Storage Gen2 REST interface, and the part of the Blob interface that
 * checkpoint stores use, over a folder. For development and tests; see docs/local-stack.md.
 * @throws Error when the host is not loopback, the folder cannot be used or is in use, or the port is taken.
 */
export async function startDataLake(options: DataLakeOptions): Promise<RunningDataLake> {
  const { root, port, account } = options;
  if ((options.host ?? '127.0.0.1') !== '127.0.0.1')
    throw new RangeError('The local Data Lake listens on 127.0.0.1 only.');
  if (!/^[a-z0-9]{3,24}$/.test(account))
    throw new RangeError('A storage account name has 3 to 24 lower-case letters and digits.');
  const key = Buffer.from(options.key, 'base64');
  if (!key.length) throw new RangeError('The account key must be base64.');
  const release = lockRoot(root, 'Data Lake');
  try {
    const store = await Store.open(root);
    const server = new DataLakeServer(store, { name: account, key });
    try {
      const bound = await server.listen(port);
      return {
        port: bound,
        async stop() {
          await server.close();
          await store.close();
          release();
        },
      };
    } catch (error) {
      await store.close();
      throw error;
    }
  } catch (error) {
    release();
    throw error;
  }
}
