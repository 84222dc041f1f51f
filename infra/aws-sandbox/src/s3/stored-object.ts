/** What is known of one version of an object besides its content. */
export interface StoredObject {
  readonly key: string;
  /** `null` (the word) for what was written while the bucket had no versions. */
  readonly versionId: string;
  /** Rises with every write: of two versions the one that was written later has the higher one. */
  readonly sequence: number;
  /** Stands for the deletion of the key: it has no content, and what is below it is not seen. */
  readonly isDeleteMarker: boolean;
  /** File name of the content, beside this record. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly contentType: string;
  /** `x-amz-meta-…` and verified `x-amz-checksum-…` headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly modifiedAt: string;
}

/** Absent: the bucket never had versions. Once enabled, they can only be suspended. */
export type Versioning = 'Enabled' | 'Suspended';

/** S3 user guide, "How S3 Versioning works": the id of objects that were stored without versioning. */
export const NO_VERSION = 'null';

/** An upload; `stated` is read after the last chunk, because trailers come late. */
export interface Upload {
  readonly content: AsyncIterable<Buffer>;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly stated: ReadonlyMap<string, string>;
  /** Length the client announced; undefined = not announced. */
  readonly sizeBytes: number | undefined;
}
