import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NO_VERSION, type StoredObject, type Versioning } from './stored-object.js';

const RECORD_SUFFIX = '.json';
const VERSIONING_FILE = 'versioning';

/** Keys may hold slashes, dots and anything else: on disk they are their hash. */
const recordName = ({ key, versionId }: Pick<StoredObject, 'key' | 'versionId'>): string =>
  createHash('sha256').update(key).digest('hex') + (versionId === NO_VERSION ? '' : `.${versionId}`) + RECORD_SUFFIX;

/** The versions of one bucket, in memory and on disk. */
export class Bucket {
  /** By key, the newest first. */
  private readonly byKey = new Map<string, StoredObject[]>();
  private lastSequence = 0;

  private constructor(
    private readonly directory: string,
    private status: Versioning | undefined,
  ) {}

  static async load(directory: string): Promise<Bucket> {
    const names = await readdir(directory);
    const status = names.includes(VERSIONING_FILE)
      ? await readFile(join(directory, VERSIONING_FILE), 'utf8')
      : undefined;
    const bucket = new Bucket(directory, status as Versioning | undefined);
    for (const name of names) {
      if (!name.endsWith(RECORD_SUFFIX)) continue;
      const record = JSON.parse(await readFile(join(directory, name), 'utf8')) as Partial<StoredObject>;
      // Records of before there were versions have none of these.
      const older = { versionId: NO_VERSION, sequence: 0, isDeleteMarker: false };
      bucket.add({ ...older, ...record } as StoredObject);
    }
    return bucket;
  }

  get versioning(): Versioning | undefined {
    return this.status;
  }

  get isEmpty(): boolean {
    return this.byKey.size === 0;
  }

  async setVersioning(status: Versioning): Promise<void> {
    await writeFile(join(this.directory, VERSIONING_FILE), status);
    this.status = status;
  }

  /** What the next write is called, and where in the order of writes it stands. */
  nextVersion(): Pick<StoredObject, 'versionId' | 'sequence'> {
    this.lastSequence += 1;
    return {
      versionId: this.status === 'Enabled' ? randomUUID().replaceAll('-', '') : NO_VERSION,
      sequence: this.lastSequence,
    };
  }

  /** The versions of a key, the newest first. */
  versionsOf(key: string): readonly StoredObject[] {
    return this.byKey.get(key) ?? [];
  }

  /** All versions, by key in UTF-8 order, those of a key with the newest first. */
  versions(): StoredObject[] {
    return [...this.byKey]
      .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .flatMap(([, versions]) => versions);
  }

  /** Makes a version the newest of its key, in the place of one with the same id. It is seen whole or not at all. */
  async put(object: StoredObject): Promise<void> {
    const aside = join(this.directory, `${randomUUID()}.new`);
    const record = await open(aside, 'wx');
    await record.writeFile(JSON.stringify(object)).finally(() => record.close());
    await rename(aside, join(this.directory, recordName(object)));
    const replaced = this.versionsOf(object.key).find(({ versionId }) => versionId === object.versionId);
    this.add(object);
    // A reader that has the old file open keeps it.
    if (replaced !== undefined) await this.dropContent(replaced, object.file);
  }

  /** Deletes one version for good. */
  async drop(object: StoredObject): Promise<void> {
    const left = this.versionsOf(object.key).filter(({ versionId }) => versionId !== object.versionId);
    if (left.length === 0) this.byKey.delete(object.key);
    else this.byKey.set(object.key, left);
    await rm(join(this.directory, recordName(object)), { force: true });
    await this.dropContent(object);
  }

  private async dropContent({ file, isDeleteMarker }: StoredObject, keptFile?: string): Promise<void> {
    if (!isDeleteMarker && file !== keptFile) await rm(join(this.directory, file), { force: true });
  }

  private add(object: StoredObject): void {
    const others = this.versionsOf(object.key).filter(({ versionId }) => versionId !== object.versionId);
    this.byKey.set(
      object.key,
      [...others, object].toSorted((a, b) => b.sequence - a.sequence),
    );
    this.lastSequence = Math.max(this.lastSequence, object.sequence);
  }
}
