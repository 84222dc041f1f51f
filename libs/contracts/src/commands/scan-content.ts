import { defineCommand } from '../command.js';
import { ScanBody, ScanResult } from '../http/scan.js';

/** Judges content that is no message. Stores nothing. */
export const ScanContent = defineCommand('scan.scan_content', ScanBody, ScanResult, {
  // Up to 15 MiB to read and judge.
  heavy: true,
});
