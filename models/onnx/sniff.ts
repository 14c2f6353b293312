/** Starts of files that are often mistaken for an ONNX model. */
const signatures: readonly { name: string; offset: number; text: string }[] = [
  {
    name: 'a ZIP archive (a PyTorch checkpoint or a Keras file, perhaps)',
    offset: 0,
    text: 'PK\u0003\u0004',
  },
  // Protocols 2 to 5 of pickle.
  ...['\u0002', '\u0003', '\u0004', '\u0005'].map((protocol) => ({
    name: 'a Python pickle (a PyTorch checkpoint or a scikit-learn model, perhaps)',
    offset: 0,
    text: `\u0080${protocol}`,
  })),
  { name: 'a gzip archive', offset: 0, text: '\u001f\u008b' },
  { name: 'an HDF5 file (an older Keras model, perhaps)', offset: 0, text: '\u0089HDF' },
  { name: 'a TensorFlow Lite model', offset: 4, text: 'TFL3' },
  { name: 'an ONNX Runtime .ort model', offset: 4, text: 'ORTM' },
  { name: 'a GGUF model', offset: 0, text: 'GGUF' },
  { name: 'a Git LFS pointer, not the file it points to', offset: 0, text: 'version https://git-lfs' },
  { name: 'an HTML page', offset: 0, text: '<!' },
  { name: 'an HTML page', offset: 0, text: '<html' },
  { name: 'JSON text', offset: 0, text: '{' },
];

/** What a file is by its first bytes, in words; null where they tell nothing. */
export function sniff(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return 'empty';
  const start = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  const match = signatures.find(({ offset, text }) => start.startsWith(text, offset));
  return match?.name ?? null;
}
