"""Names for the kinds of array used in this package."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Codes = NDArray[np.int8]
Bools = NDArray[np.bool_]
Notes = NDArray[np.uint16]
