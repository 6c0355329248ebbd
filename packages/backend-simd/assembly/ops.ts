// Numbers of the element-wise operations, shared by the WebAssembly kernels and the code that calls them.

export enum Unary {
  Abs,
  Neg,
  Relu,
  Relu6,
  Step,
  Sign,
  Square,
  Sqrt,
  Rsqrt,
  Reciprocal,
  Floor,
  Ceil,
  Round,
  ClipByValue,
  LeakyRelu,
  // From here on an element costs tens of instructions.
  Exp,
  Log,
  Sigmoid,
  Tanh,
  Softplus,
  Elu,
}

export enum Binary {
  Add,
  Sub,
  Multiply,
  RealDiv,
  Maximum,
  Minimum,
  SquaredDifference,
  Prelu,
  EluGrad,
}

export enum Compare {
  Equal,
  NotEqual,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
}

export enum Reduction {
  Sum,
  Mean,
  Max,
  Min,
}
