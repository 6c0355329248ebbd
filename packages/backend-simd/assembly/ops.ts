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
  Selu,
  Expm1,
  Log1p,
  Erf,
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
  // From here on the result is a byte, 0 or 1.
  Equal,
  NotEqual,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  IsFinite, // of the first operand
  IsInf,
  // The same of 32-bit integers.
  EqualInt,
  NotEqualInt,
  GreaterInt,
  GreaterEqualInt,
  LessInt,
  LessEqualInt,
  // From here on the operands are bytes too, 0 or 1.
  And,
  Or,
  Xor,
}

export enum Reduction {
  Sum,
  Mean,
  Max,
  Min,
}
