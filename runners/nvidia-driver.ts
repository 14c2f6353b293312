import { runProgramIfThere } from './run-program.ts';

/** The one that the CUDA of ONNX Runtime and of TensorFlow takes. */
export const installNvidiaDriver = 'install NVIDIA’s driver, 580 or newer';

/** Whether the driver is there and sees a GPU. */
export function seesNvidiaGpu(): boolean {
  return runProgramIfThere('nvidia-smi', ['--list-gpus']) !== null;
}
