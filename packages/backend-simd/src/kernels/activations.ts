import { Unary } from '../../assembly/ops.ts';

/** Activations that fused kernels apply themselves, by their numbers in assembly/activation.ts. */
export const fusedActivations: Readonly<Record<string, number>> = { linear: 0, relu: 1, relu6: 2, sigmoid: 3 };

/** Activations that are applied in place afterwards. */
export const mapActivations: Readonly<Record<string, Unary>> = { elu: Unary.Elu, leakyrelu: Unary.LeakyRelu };
