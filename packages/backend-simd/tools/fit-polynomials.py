"""Fits the polynomials of assembly/math.ts: interpolation at Chebyshev nodes in float64, which is near minimax.

Prints, for each function, the coefficients (lowest power first) and the largest relative error of the fit itself,
before float32 rounding. Needs numpy.
"""

import numpy as np


def fit(f, lo, hi, degree):
    k = np.arange(degree + 1)
    nodes = (lo + hi) / 2 + (hi - lo) / 2 * np.cos(np.pi * (k + 0.5) / (degree + 1))
    vander = np.vander(nodes.astype(np.longdouble).astype(np.float64), degree + 1, increasing=True)
    return np.linalg.solve(vander, f(nodes))


def show(name, coefficients, approx, exact, points):
    with np.errstate(all="ignore"):
        error = np.nanmax(np.abs(approx(points) / exact(points) - 1))
    print(f"{name}: {', '.join(f'{c:.10e}' for c in coefficients)}  # relative error {error:.1e}")


def poly(c, x):
    return np.polynomial.polynomial.polyval(x, c)


def near_zero_safe(numerator, power):
    """(numerator(x)) / x**power loses digits near zero, so nodes this close are not used (Chebyshev nodes are not at 0)."""
    return lambda x: numerator(x) / x**power


# exp(r) = 1 + r + r^2 P(r), |r| <= ln2 / 2
h = np.log(2) / 2 * 1.001
c = fit(near_zero_safe(lambda r: np.expm1(r) - r, 2), -h, h, 5)
x = np.linspace(-h, h, 20001)
show("exp", c, lambda r: 1 + r + r * r * poly(c, r), np.exp, x)

# log(1 + f) = 2 s + s^3 Q(s^2), s = f / (2 + f), 0 <= s^2 <= 1/9 (serves log1p on [0, 1] and log's mantissa)
t_hi = 1 / 9 * 1.001
c = fit(lambda t: (2 * np.arctanh(np.sqrt(t)) - 2 * np.sqrt(t)) / np.sqrt(t) ** 3, 0, t_hi, 4)
s = np.linspace(1e-6, 1 / 3, 20001)
show("log", c, lambda s: 2 * s + s**3 * poly(c, s * s), lambda s: 2 * np.arctanh(s), s)

# tanh(x) = x + x^3 T(x^2), |x| < 0.625
c = fit(lambda t: (np.tanh(np.sqrt(t)) - np.sqrt(t)) / np.sqrt(t) ** 3, 0, 0.625**2, 5)
x = np.linspace(1e-6, 0.625, 20001)
show("tanh", c, lambda x: x + x**3 * poly(c, x * x), np.tanh, x)

# sin(2 pi r) = r S(r^2), cos(2 pi r) = C(r^2), |r| <= 1/8
c = fit(lambda t: np.sin(2 * np.pi * np.sqrt(t)) / np.sqrt(t), 0, 1 / 64, 3)
r = np.linspace(1e-6, 1 / 8, 20001)
show("sin", c, lambda r: r * poly(c, r * r), lambda r: np.sin(2 * np.pi * r), r)
c = fit(lambda t: np.cos(2 * np.pi * np.sqrt(t)), 0, 1 / 64, 4)
show("cos", c, lambda r: poly(c, r * r), lambda r: np.cos(2 * np.pi * r), r)
