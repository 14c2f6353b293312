export const oneCluster = 'All samples are of one cluster, which says nothing about others.';
export const tooLarge = 'The numbers are too large to tell how the metric spreads.';
export const noWidth =
  'All samples show the same difference of the metric, or none, so nothing tells how far others would differ.';
