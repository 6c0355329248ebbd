/**
 * Equally spaced from 1e-4 to .02 for T = 1000 (Ho et al. 2020, section 4); for another T both ends times 1000 / T, so that
 * as much noise comes together (Nichol & Dhariwal 2021's code).
 */
export function linearBetas(timesteps: number): Float64Array {
  const [first, last] = [0.1 / timesteps, 20 / timesteps];
  return Float64Array.from({ length: timesteps }, (_, t) => first + ((last - first) * t) / (timesteps - 1));
}

/** `alphasCumprod = cos((t / T + s) / (1 + s) pi / 2)^2`, s = .008: Nichol & Dhariwal 2021, equation 17. */
export function cosineBetas(timesteps: number): Float64Array {
  const s = 0.008;
  return betasOf(timesteps, (time) => Math.cos((((time + s) / (1 + s)) * Math.PI) / 2) ** 2);
}

/** A sigmoid over [-3, 3], turned and scaled to fall from 1 to 0: Jabri et al. 2023, "Scalable Adaptive Computation", Algorithm 1. */
export function sigmoidBetas(timesteps: number): Float64Array {
  const [start, end] = [-3, 3];
  return betasOf(timesteps, (time) => sigmoid(end) - sigmoid(start + (end - start) * time));
}

/** From what is left of the picture at times 0 to 1, up to a factor; no beta is above .999, which would end it early. */
function betasOf(timesteps: number, left: (time: number) => number): Float64Array {
  return Float64Array.from({ length: timesteps }, (_, t) =>
    Math.min(0.999, 1 - left((t + 1) / timesteps) / left(t / timesteps)),
  );
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
