import { registerComparisonGradients } from './comparison-gradients.ts';
import { registerConvolutionGradient } from './convolution-gradient.ts';
import { registerEluGradient } from './elu-gradient.ts';
import { registerPoolingGradients } from './pooling-gradients.ts';
import { recordBeforeSaved } from './record-before-saved.ts';

// What tfjs lacks to differentiate a derivative: gradient penalties need it. Once, for every backend.
recordBeforeSaved();
registerComparisonGradients();
registerConvolutionGradient();
registerEluGradient();
registerPoolingGradients();
