/** Set before ONNX Runtime starts, this keeps it from telling its maker which models run where, which it does by default. */
export const withoutTelemetry = { ORT_DISABLE_TELEMETRY: '1' } as const;
