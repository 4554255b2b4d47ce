// How many packets a flow has, drawn from the mixtures that were fitted to 4.03 billion flows of AGH University's campus network
// (piotrjurkiewicz/flow-models, data/agh_2015/mixtures; arXiv 1809.03486): uniform parts for what is short, log-normal ones for
// the heavy tail. Tables of quantiles, so that one draw costs two look-ups.

type Component =
  | { readonly weight: number; readonly uniformTo: number }
  | { readonly weight: number; readonly sigma: number; readonly scale: number };

const uniform = (weight: number, uniformTo: number): Component => ({ weight, uniformTo });
const lognormal = (weight: number, sigma: number, scale: number): Component => ({ weight, sigma, scale });

const tcpLengths = [
  uniform(0.058, 1),
  uniform(0.3105, 2),
  uniform(0.0551, 3),
  uniform(0.0478, 4),
  uniform(0.0059, 5),
  uniform(0.1253, 6),
  lognormal(0.2065, 0.5122, 7.954),
  lognormal(0.1219, 0.7508, 21.74),
  lognormal(0.0525, 1.1085, 116),
  lognormal(0.0165, 1.9932, 845.9),
];

const udpLengths = [
  uniform(0.5827, 1),
  uniform(0.1872, 2),
  uniform(0.0915, 3),
  uniform(0.0562, 4),
  lognormal(0.0294, 0.4895, 9.674),
  lognormal(0.0402, 0.2603, 4.884),
  lognormal(0.0047, 0.4494, 29.41),
  lognormal(0.0056, 0.9247, 67.48),
  lognormal(0.0018, 1.0498, 594.5),
  lognormal(0.00032, 1.8548, 7893),
];

/** Bytes of whole UDP flows, of which a datagram's size is taken. */
const udpBytes = [lognormal(0.6368, 0.3061, 119.2), lognormal(0.2028, 0.2264, 319.2), lognormal(0.1604, 0.5893, 630.2)];

const quantileCount = 1024;
const pickCount = 4096;

class Mixture {
  readonly #picks = new Uint8Array(pickCount);
  readonly #quantiles: Float64Array;

  constructor(components: readonly Component[]) {
    const total = components.reduce((sum, { weight }) => sum + weight, 0);
    this.#quantiles = new Float64Array(components.length * quantileCount);
    let share = 0;
    let pick = 0;
    components.forEach((component, i) => {
      share += component.weight / total;
      while (pick < pickCount && pick < Math.round(share * pickCount)) this.#picks[pick++] = i;
      for (let q = 0; q < quantileCount; q++) {
        const at = (q + 0.5) / quantileCount;
        this.#quantiles[i * quantileCount + q] =
          'uniformTo' in component
            ? at * component.uniformTo
            : component.scale * Math.exp(component.sigma * normalQuantile(at));
      }
    });
  }

  at(draw: number): number {
    return this.#quantiles[this.#picks[draw & 4095]! * quantileCount + (draw >>> 22)]!;
  }
}

/** The standard normal distribution's quantile, to 0.0005 (Abramowitz and Stegun, 26.2.23). */
function normalQuantile(share: number): number {
  const tail = share < 0.5 ? share : 1 - share;
  const t = Math.sqrt(-2 * Math.log(tail));
  const above = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return share < 0.5 ? -above : above;
}

const tcpMixture = new Mixture(tcpLengths);
const udpMixture = new Mixture(udpLengths);
const datagramMixture = new Mixture(udpBytes);

/** Packets of one direction of a TCP flow, 1 or more, for 32 bits. */
export function tcpPackets(draw: number): number {
  return Math.max(1, Math.ceil(tcpMixture.at(draw)));
}

/** Packets of one direction of a UDP flow, 1 or more, for 32 bits. */
export function udpPackets(draw: number): number {
  return Math.max(1, Math.ceil(udpMixture.at(draw)));
}

/** Size of the datagrams of a flow of so many packets: short flows have questions and answers, long ones fill their packets. */
export function datagramBytes(draw: number, packets: number): number {
  const sizeBytes = datagramMixture.at(draw) / Math.min(packets, 2);
  return Math.max(32, Math.min(1400, Math.round(packets > 64 ? 600 + (draw % 800) : sizeBytes)));
}
