import { buildRouteMap } from '@stricli/core';
import { calibrateRoute } from './calibrate.ts';
import { compareRoute } from './compare.ts';
import { doctorRoute } from './doctor.ts';
import { exportRoute } from './export.ts';
import { explainRoute } from './explain.ts';
import { gateRoute } from './gate.ts';
import { listRoute } from './list.ts';
import { optimizeRoute } from './optimize.ts';
import { reportRoutes } from './report.ts';
import { runRoute } from './run.ts';
import { schemaRoute } from './schema.ts';
import { scoreRoute } from './score.ts';
import { setupRoutes } from './setup.ts';
import { validateRoute } from './validate.ts';

/** Every command, in the order in which help lists them. */
export const routes = buildRouteMap({
  routes: {
    run: runRoute,
    list: listRoute,
    validate: validateRoute,
    doctor: doctorRoute,
    setup: setupRoutes,
    calibrate: calibrateRoute,
    explain: explainRoute,
    optimize: optimizeRoute,
    export: exportRoute,
    compare: compareRoute,
    gate: gateRoute,
    score: scoreRoute,
    report: reportRoutes,
    schema: schemaRoute,
  },
  docs: {
    brief: 'What does an optimisation of an ML model cost, and what does it buy?',
    fullDescription:
      'Measures pruned and quantized variants of models against their baseline.\n\n' +
      'Start with: assay run --quick, then assay report build.\n' +
      'Exit codes: 0 pass, 1 gate failed, 2 bad input, 3 inconclusive, 4 not everything measured, 5 fault of Assay, 130 interrupted.',
  },
});
