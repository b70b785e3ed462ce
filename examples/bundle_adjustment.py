"""Bundle adjustment: cameras and points from what the cameras saw, by sparse least squares.

Each observation depends on one camera (rotation vector, position, focal length) and one point: the Jacobian
has 9 nonzeros in a row, found from the gathers of the model. The scene is made up, so the truth is known.
Model: Agarwal, Snavely, Seitz, Szeliski, "Bundle Adjustment in the Large", ECCV 2010.
"""

import sys

import numpy as np
from scipy.optimize import least_squares

import symdiff as sd


def project(xp, cameras, points):
    """Where cameras see points: rotation by Rodrigues' formula, then perspective."""
    r, t, focal = cameras[:, :3], cameras[:, 3:6], cameras[:, 6]
    angle = xp.sqrt(xp.sum(r*r, axis=1) + 1e-12)[:, None]
    axis, c, s = r/angle, xp.cos(angle), xp.sin(angle)
    x, a = [points[:, k] for k in range(3)], [axis[:, k] for k in range(3)]
    cross = xp.stack([a[1]*x[2] - a[2]*x[1], a[2]*x[0] - a[0]*x[2], a[0]*x[1] - a[1]*x[0]], axis=1)
    q = points*c + cross*s + axis*xp.sum(axis*points, axis=1)[:, None]*(1 - c) + t
    return q[:, :2]/q[:, 2:]*focal[:, None]


def problem(cameras, points, camera, point, seen):
    """Least squares of the errors of projection; `camera` and `point` say which of each an observation is."""
    g = sd.Graph()
    C, P, S = g.variable("C", cameras.shape), g.variable("P", points.shape), g.variable("S", seen.shape)
    errors = project(sd, C[camera], P[point]) - S
    return sd.to_least_squares(errors, [C, P], at={C: cameras, P: points, S: seen})


def scene(number=6, size=60, seed=0):
    """Cameras around a cloud of points, and what each sees of it."""
    rng = np.random.default_rng(seed)
    cameras = np.hstack([0.2*rng.normal(size=(number, 3)), 0.3*rng.normal(size=(number, 3)) + [0, 0, 5],
                         1 + 0.1*rng.random((number, 1))])  # fmt: skip
    points = rng.normal(size=(size, 3))
    camera, point = (k.ravel() for k in np.meshgrid(np.arange(number), np.arange(size), indexing="ij"))
    kept = rng.random(camera.size) < 0.7
    return cameras, points, camera[kept], point[kept], rng


if __name__ == "__main__":
    cameras, points, camera, point, rng = scene()
    seen = project(np, cameras[camera], points[point])
    noisy = [a + 0.03*rng.normal(size=a.shape) for a in (cameras, points)]
    p = problem(*noisy, camera, point, seen)
    J = p.jac(p.x0)
    print(f"{len(camera)} observations, Jacobian {J.shape} with {J.nnz} nonzeros, {p.jacobian}")
    start = p.fun(p.x0)
    found = least_squares(**p.arguments("trf"), x_scale="jac", ftol=1e-12, max_nfev=60)
    print(f"error of projection: {np.sqrt(np.mean(start**2)):.1e} at the start, now below 1e-4:",
          np.sqrt(np.mean(found.fun**2)) < 1e-4)  # fmt: skip

    def plot(axes):
        """The pattern of the Jacobian."""
        axes.spy(J, markersize=0.5)
        axes.plot([], [])

    if "--plot" in sys.argv:
        from matplotlib import pyplot

        plot(pyplot.subplots()[1])
        pyplot.show()
