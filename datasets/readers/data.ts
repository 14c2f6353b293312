/** A file of rows, which can be read again and again. */
export interface Data {
  /** What errors call it. */
  where: string;
  /** On the disk; null where it is made in memory. */
  path: string | null;
  /** Its bytes from the start; throws after the last of them where they are not those that the manifest describes. */
  bytes: () => AsyncIterable<Uint8Array>;
  /** Given once nothing of it is needed any more. */
  signal?: AbortSignal;
}

/** What is read of a file. */
export interface Selection {
  where: string;
  /** Names of the columns, each in the file and none twice. */
  columns: readonly string[];
}
