import { adviceList, type Advice, type AdviceCode } from '../../core/advice.ts';
import type { Examined, Rule } from './examined.ts';
import { accuracyLevelUnset } from './rules/accuracy-level-unset.ts';
import { calibrationShapesDiffer } from './rules/calibration-shapes-differ.ts';
import { dynamicConvolution } from './rules/dynamic-convolution.ts';
import { fallsBack } from './rules/falls-back.ts';
import { halfPrecisionOnCpu } from './rules/half-precision-on-cpu.ts';
import { littleReached } from './rules/little-reached.ts';
import { maySaturate } from './rules/may-saturate.ts';
import { quantizeDequantizeUnfused } from './rules/quantize-dequantize-unfused.ts';
import { staticOutputNotQuantized } from './rules/static-output-not-quantized.ts';
import { storageOnly } from './rules/storage-only.ts';
import { fixedBatchAction, tooSmallToGain } from './rules/too-small-to-gain.ts';
import { zerosOnDenseKernels } from './rules/zeros-on-dense-kernels.ts';

const rules: Readonly<Record<AdviceCode, Rule>> = {
  'accuracy-level-unset': accuracyLevelUnset,
  'calibration-shapes-differ': calibrationShapesDiffer,
  'dynamic-convolution': dynamicConvolution,
  'falls-back': fallsBack,
  'half-precision-on-cpu': halfPrecisionOnCpu,
  'little-reached': littleReached,
  'may-saturate': maySaturate,
  'quantize-dequantize-unfused': quantizeDequantizeUnfused,
  'static-output-not-quantized': staticOutputNotQuantized,
  'storage-only': storageOnly,
  'too-small-to-gain': tooSmallToGain,
  'zeros-on-dense-kernels': zerosOnDenseKernels,
};

/** All that is to be advised about a model where it is to run. */
export function advise(examined: Examined): Advice[] {
  return (Object.keys(rules) as AdviceCode[]).flatMap((code) => {
    const detail = rules[code](examined);
    return detail === null ? [] : [{ code, detail, action: actionOf(code, examined) }];
  });
}

function actionOf(code: AdviceCode, examined: Examined): string {
  const other = code === 'too-small-to-gain' ? fixedBatchAction(examined) : null;
  return other ?? adviceList[code].action;
}
