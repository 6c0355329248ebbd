// What every convolution kernel is told of the convolution it computes or differentiates.

import { Window } from './window';

/**
 * y[b, i, j, :] = sum over u, v of x[b, strideHeight i + dilationHeight u - padTop, strideWidth j + dilationWidth v - padLeft, :]
 * filter[u, v, :, :], for x [batch, height, width, channels], filter [filterHeight, filterWidth, channels, outChannels] and
 * y [batch, outHeight, outWidth, outChannels]; x is 0 outside.
 */
@unmanaged
export class Convolution extends Window {
  outChannels: i32 = 0;
}
