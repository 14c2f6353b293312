import type { Target } from '../../suites/target.ts';

/** ONNX Runtime runs on the processor what a device has no kernel for, and says nothing. */
export function canFallBack({ runner, device }: Target): boolean {
  return runner === 'onnxruntime' && device !== 'cpu';
}
