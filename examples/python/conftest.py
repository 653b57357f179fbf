# SPDX-License-Identifier: Apache-2.0
from facsim_array import facsim, facsim_options, facsim_process  # noqa: F401
