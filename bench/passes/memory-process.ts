import { sha256 } from '../../core/hash.ts';
import { buildVariant } from '../../models/build.ts';
import { readModelBytes } from '../../models/onnx/read.ts';

/** Builds one variant and tells the peak resident size of this process: `file variant cacheDir`. */
const [file = '', variant = '', cacheDir = ''] = process.argv.slice(2);
const model = { path: file, sha256: sha256(await readModelBytes(file)) };
const outcome = await buildVariant({ model, variant, gzip: false }, cacheDir);
const peakBytes = process.resourceUsage().maxRSS * 1024;
const made =
  outcome.status === 'built' ? { sizeBytes: outcome.variant.sizeBytes } : { status: outcome.reason };
process.stdout.write(JSON.stringify({ ...made, peakBytes }));
