// What every convolution kernel is told of the convolution it computes or differentiates.

/**
 * y[b, i, j, :] = sum over u, v of x[b, strideY i + dilationY u - padTop, strideX j + dilationX v - padLeft, :] filter[u, v, :, :],
 * for x [batch, inHeight, inWidth, inChannels], filter [filterHeight, filterWidth, inChannels, outChannels] and
 * y [batch, outHeight, outWidth, outChannels]; x is 0 outside. The fields stand in this order in memory.
 */
@unmanaged
export class Convolution {
  batch: i32 = 0;
  inHeight: i32 = 0;
  inWidth: i32 = 0;
  inChannels: i32 = 0;
  outHeight: i32 = 0;
  outWidth: i32 = 0;
  outChannels: i32 = 0;
  filterHeight: i32 = 0;
  filterWidth: i32 = 0;
  strideY: i32 = 0;
  strideX: i32 = 0;
  padTop: i32 = 0;
  padLeft: i32 = 0;
  dilationY: i32 = 0;
  dilationX: i32 = 0;
}
