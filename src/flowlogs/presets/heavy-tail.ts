// How much a response carries: a table of quantiles, so that one draw costs one look-up. Most responses are small and few
// carry most of the bytes.

// Share of flows up to a number of bytes: AGH University campus, 30 days, 4.03 billion flows (piotrjurkiewicz/flow-models,
// docs/tutorial.rst; arXiv 1809.03486).
const sizeBytesToShare: readonly (readonly [number, number])[] = [
  [48, 0],
  [128, 0.3234],
  [256, 0.5687],
  [512, 0.7111],
  [1024, 0.7904],
  [4096, 0.8973],
  [16_384, 0.9557],
  [65_536, 0.9794],
  [1_048_576, 0.9962],
  [16_777_216, 0.9994],
  [268_435_456, 1],
];

/** Quantiles of payload bytes in 4,096 equal steps, between the points on a logarithmic scale. */
export function payloadQuantiles(): Int32Array {
  const quantiles = new Int32Array(4096);
  let point = 1;
  for (let i = 0; i < quantiles.length; i++) {
    const share = (i + 0.5) / quantiles.length;
    while (sizeBytesToShare[point]![1] < share) point++;
    const [lowBytes, lowShare] = sizeBytesToShare[point - 1]!;
    const [highBytes, highShare] = sizeBytesToShare[point]!;
    quantiles[i] = Math.round(lowBytes * (highBytes / lowBytes) ** ((share - lowShare) / (highShare - lowShare)));
  }
  return quantiles;
}
